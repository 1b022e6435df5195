"""The paths of labelled questions: what customers ask, and which pair answers it."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from cs_bot.admin.auth import Acting
from cs_bot.admin.bodies import LabelledQuestions
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import KnowledgeRoute
from cs_bot.admin.sentences import says
from cs_bot.admin.wire import epoch_ms
from cs_bot.retrieval.labelled_file import label_row
from cs_bot.stores.protocols import KnowledgeStore, Label, LabelQuery, LabelStore


class LabelView(BaseModel):
    """A customer's question and the pair that answers it."""

    id: str
    question: str
    pair_id: str | None
    pair_question: str | None
    """None where there is no answer, and where the drafts no longer hold the pair."""
    labelled_at: int
    labelled_by: str


class LabelPageView(BaseModel):
    """One page of labels; the counts are those of all labels."""

    items: list[LabelView]
    total: int
    page: int
    size: int
    answerable: int
    unanswerable: int


class LabelCountsView(BaseModel):
    """What labelling did."""

    added: int
    changed: int
    unchanged: int


def label_routes(knowledge: KnowledgeStore, labels: LabelStore) -> APIRouter:
    """Return the paths under `/labels`."""
    own = _Labels(knowledge, labels)
    routes = APIRouter(prefix="/labels", route_class=KnowledgeRoute, tags=["labels"])
    routes.get("")(own.list_labels)
    routes.post("")(own.label)
    routes.get("/file", response_class=Response)(own.read_file)
    routes.delete("/{label_id}", status_code=204)(own.forget)
    return routes


class _Labels:
    def __init__(self, knowledge: KnowledgeStore, labels: LabelStore) -> None:
        self._knowledge = knowledge
        self._labels = labels

    async def list_labels(
        self,
        search: Annotated[str, Query(max_length=500)] = "",
        pair_id: Annotated[str, Query(max_length=500)] = "",
        answerable: bool | None = None,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        size: Annotated[int, Query(ge=1, le=200)] = 25,
    ) -> LabelPageView:
        """Return one page of labels, newest first; `search` looks into the questions."""
        query = LabelQuery(search.strip(), pair_id or None, answerable, page, size)
        found = await self._labels.labels(query)
        questions = await self._questions()
        return LabelPageView(
            items=[_view(label, questions) for label in found.items],
            total=found.total,
            page=page,
            size=size,
            answerable=found.answerable,
            unanswerable=found.unanswerable,
        )

    async def label(self, body: LabelledQuestions, operator: Acting) -> LabelCountsView:
        """Label questions, all or nothing; a later label of a question replaces an earlier one."""
        known = await self._questions()
        unknown = {
            f"questions.{place}.pair_id": says("no_such_pair", id=one.pair_id)
            for place, one in enumerate(body.questions)
            if one.pair_id is not None and one.pair_id not in known
        }
        if unknown:
            raise Refused("invalid", fields=unknown)
        told = [(one.question, one.pair_id) for one in body.questions]
        counts = await self._labels.label(told, by=operator.name)
        return LabelCountsView(
            added=counts.added, changed=counts.changed, unchanged=counts.unchanged
        )

    async def read_file(self) -> Response:
        """Return all labels as the JSON lines that `cs-bot knowledge label` reads."""
        rows = [label_row(label) for label in await self._labels.all_labels()]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return Response(
            lines,
            media_type="application/jsonl; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="labelled.jsonl"'},
        )

    async def forget(self, label_id: str) -> None:
        """Remove a label."""
        await self._labels.forget_label(label_id)

    async def _questions(self) -> dict[str, str]:
        pairs = await self._knowledge.draft_pairs()
        return {pair.id: pair.question for pair in pairs}


def _view(label: Label, questions: dict[str, str]) -> LabelView:
    return LabelView(
        id=label.id,
        question=label.question,
        pair_id=label.pair_id,
        pair_question=None if label.pair_id is None else questions.get(label.pair_id),
        labelled_at=epoch_ms(label.labelled_at),
        labelled_by=label.labelled_by,
    )
