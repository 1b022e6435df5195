"""Files to take away: every pair in one of three forms, and a template to write pairs into."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from cs_bot.admin.import_words import refusal_words
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import ConsoleRoute, locale_of
from cs_bot.errors import BadInput
from cs_bot.models.lane import Lane
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.stores.qa_files import written_pairs

Form = Literal["csv", "xlsx", "jsonl"]

_TYPES: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
_TEMPLATES = {
    "zh": (
        ("问题", "答案", "相似问", "分类"),
        ("怎么申请退货？", "签收后 7 天内，在订单页点“申请售后”。", "能退货吗|我想退货", "售后"),
        ("周末有人上班吗？", "周末照常，9 点到 18 点。", "礼拜天开门吗", "服务"),
    ),
    "en": (
        ("question", "answer", "similar", "category"),
        (
            "How do I return an item?",
            "Within 7 days of delivery, choose “Return” on the order page.",
            "Can I send it back|I want to return something",
            "Returns",
        ),
        ("Are you open at weekends?", "Yes, from 9:00 to 18:00.", "Open on Sunday?", "Service"),
    ),
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in _TYPES.values()
        },
        "description": "The file.",
    }
}


def take_away_routes(knowledge: KnowledgeStore) -> APIRouter:
    """Return `/export` and `/imports/template`."""
    files = _Files(knowledge)
    routes = APIRouter(route_class=ConsoleRoute, tags=["imports"])
    routes.get("/export", response_class=Response, responses=_FILE)(files.export)
    routes.get("/imports/template", response_class=Response, responses=_FILE)(files.template)
    return routes


class _Files:
    def __init__(self, knowledge: KnowledgeStore) -> None:
        self._knowledge = knowledge
        self._lane = Lane("export", most_waiting=4)

    async def export(self, form: Form = "csv") -> Response:
        """Return every pair, drafts included and archived ones not; no cell is a formula."""
        pairs = await self._knowledge.draft_pairs()
        path = Path(f"pairs.{form}")
        try:
            content = await self._lane.run(written_pairs, path, pairs)
        except BadInput as error:
            raise Refused("invalid", refusal_words(error)) from None
        return _file(path.name, _TYPES[form], content)

    async def template(self, request: Request) -> Response:
        """Return a CSV with headings and two example rows, in the operator's language."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows(_TEMPLATES[locale_of(request)])
        return _file("template.csv", _TYPES["csv"], text.getvalue().encode("utf-8-sig"))


def _file(name: str, kind: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
