"""The paths of imports: check a file, import exactly what was checked, list and undo imports."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cs_bot.admin.auth import Acting
from cs_bot.admin.import_report import (
    Told,
    bad_row_reasons,
    clash_print,
    fingerprint,
    outcome_of,
    report,
    told,
)
from cs_bot.admin.import_views import ImportCheckView, ImportedView, ImportsView, ImportView
from cs_bot.admin.import_words import refusal_words
from cs_bot.admin.refusals import Refused
from cs_bot.admin.route import ConsoleRoute, UploadRoute, locale_of, whole_body
from cs_bot.admin.sentences import says
from cs_bot.admin.wire import epoch_ms
from cs_bot.errors import BadInput, Conflict
from cs_bot.models.lane import Lane
from cs_bot.stores.protocols import Import, ImportCounts, KnowledgeStore, PairQuery
from cs_bot.stores.qa_files import IMPORT_LIMITS, Reading, ReadOptions, written_bad_rows
from cs_bot.types import QAPair

_PAGE = 1000
_MEGABYTES = IMPORT_LIMITS.bytes // (1024 * 1024)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "The file itself.",
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "CSV"}
}


class FileQuery(BaseModel):
    """The name of the file in the body, and how to read it where it does not tell by itself."""

    model_config = ConfigDict(extra="forbid")

    file: Annotated[str, Field(min_length=1, max_length=255)]
    dialect: Annotated[str, Field(max_length=20)] = ""
    sheet: Annotated[str, Field(max_length=100)] = ""
    fields: Annotated[str, Field(max_length=8_000)] = ""
    headed: bool = True

    def path(self) -> Path:
        """Return the name without the folders that a browser may put before it."""
        name = re.split(r"[/\\]", _UNPRINTABLE.sub("", self.file))[-1].strip()
        return Path(name or "file")

    def options(self) -> ReadOptions:
        """Return how to read the file."""
        return ReadOptions(
            dialect=self.dialect or None,
            fields=tuple(self.fields.split(",")) if self.fields else (),
            headed=self.headed,
            sheet=self.sheet or None,
            limits=IMPORT_LIMITS,
        )


class ImportQuery(FileQuery):
    """A file that was checked: `seen` is what the check answered."""

    seen: Annotated[str, Field(min_length=1, max_length=200)]
    skip_bad: bool = False
    skip_clashing: bool = False


Reads = Annotated[FileQuery, Query()]
Applies = Annotated[ImportQuery, Query()]


def import_routes(knowledge: KnowledgeStore, normalized: Callable[[str], str]) -> APIRouter:
    """Return the paths under `/imports`."""
    imports = _Imports(knowledge, normalized)
    files = APIRouter(prefix="/imports", route_class=UploadRoute)
    add = partial(files.post, openapi_extra=_BODY)
    add("/check", response_model=ImportCheckView)(imports.check)
    add("/bad-rows", response_class=Response, responses=_CSV)(imports.bad_rows)
    add("", status_code=201)(imports.apply)
    others = APIRouter(prefix="/imports", route_class=ConsoleRoute)
    others.get("")(imports.list_imports)
    others.post("/{import_id}/undo")(imports.undo)
    routes = APIRouter(tags=["imports"])
    routes.include_router(files)
    routes.include_router(others)
    return routes


class _Imports:
    def __init__(self, knowledge: KnowledgeStore, normalized: Callable[[str], str]) -> None:
        self._knowledge = knowledge
        self._normalized = normalized
        self._lane = Lane("import", most_waiting=4)

    async def check(self, request: Request, query: Reads) -> Response:
        """Return what a file holds and what importing it would do; nothing is changed."""
        found = await self._told(request, query)
        mark = await self._knowledge.draft_mark([pair.id for pair in found.pairs])
        # The mark comes first: what is edited after it makes the import fail, not go astray.
        drafts, archived = await self._knowledge.draft_pairs(), await self._archived()
        make = partial(report, mark=mark, normalized=self._normalized, locale=locale_of(request))
        body = await self._lane.run(make, found, drafts, archived)
        return Response(body, media_type="application/json")

    async def bad_rows(self, request: Request, query: Reads) -> Response:
        """Return the rows of a file that cannot be used, each with its reason, as CSV."""
        reading = _read(await self._told(request, query))
        reasons = bad_row_reasons(reading, locale_of(request))
        content = await self._lane.run(written_bad_rows, reading, reasons)
        return Response(content, media_type="text/csv; charset=utf-8")

    async def apply(self, request: Request, query: Applies, operator: Acting) -> ImportedView:
        """Import what was checked as drafts; 409 when the file or the drafts are not the same."""
        reading = _read(await self._told(request, query))
        seen, clashes, mark = [*query.seen.split("."), "", ""][:3]
        if await self._lane.run(fingerprint, reading) != seen:
            raise Refused("conflict", says("file_changed"))
        if reading.bad and not query.skip_bad:
            raise Refused("invalid", says("rows_bad", count=len(reading.bad)))
        file, pairs = reading.path.name, reading.pairs
        if query.skip_clashing:
            pairs = await self._without_clashing(reading, clashes)
            mark = await self._mark_of_some(pairs, of=reading.pairs, mark=mark)
        counts = await self._imported(pairs, file=file, by=operator.name, mark=mark)
        return ImportedView(
            id=await self._id_of(counts, file=file, by=operator.name),
            added=counts.added,
            changed=counts.changed,
            unchanged=counts.unchanged,
            skipped=len(reading.bad),
            clashing=len(reading.pairs) - len(pairs),
        )

    async def list_imports(self) -> ImportsView:
        """Return the imports that changed anything, newest first."""
        imports = await self._knowledge.imports()
        last = next((one.id for one in imports if one.undone_at is None), None)
        return ImportsView(items=[_view(one, last) for one in imports])

    async def undo(self, import_id: str, operator: Acting) -> ImportView:
        """Put the drafts back to what they were before this import, which must be the last."""
        try:
            undone = await self._knowledge.undo_import(by=operator.name, import_id=import_id)
        except Conflict as error:
            raise Refused("conflict", refusal_words(error)) from None
        return _view(undone, None)

    async def _told(self, request: Request, query: FileQuery) -> Told:
        too_large = says("file_too_large", megabytes=_MEGABYTES)
        content = await whole_body(request, IMPORT_LIMITS.bytes, too_large)
        if not content.strip():
            raise Refused("invalid", says("file_empty"))
        try:
            return await self._lane.run(told, query.path(), content, query.options())
        except BadInput as error:
            raise Refused("invalid", refusal_words(error)) from None

    async def _archived(self) -> dict[str, QAPair]:
        found: dict[str, QAPair] = {}
        number = 1
        while items := (
            await self._knowledge.pairs(PairQuery(status="archived", page=number, size=_PAGE))
        ).items:
            found |= {item.pair.id: item.pair for item in items}
            number += 1
        return found

    async def _without_clashing(self, reading: Reading, clashes: str) -> list[QAPair]:
        """Return the pairs that do not clash; raises `Refused` where others do than were seen."""
        drafts, archived = await self._knowledge.draft_pairs(), await self._archived()
        found = await self._lane.run(outcome_of, reading, drafts, archived, self._normalized)
        if clash_print(found) != clashes:
            raise Refused("conflict", says("drafts_changed"))
        return [pair for pair in reading.pairs if pair.id not in found.clashing]

    async def _mark_of_some(self, some: list[QAPair], *, of: list[QAPair], mark: str) -> str:
        """Return the mark of some drafts at the time that the mark of all of them was taken.

        Whatever changes after the first question makes either the second or the import fail.
        """
        found = await self._knowledge.draft_mark([pair.id for pair in some])
        if await self._knowledge.draft_mark([pair.id for pair in of]) != mark:
            raise Refused("conflict", says("drafts_changed"))
        return found

    async def _imported(
        self, pairs: list[QAPair], *, file: str, by: str, mark: str
    ) -> ImportCounts:
        try:
            return await self._knowledge.import_pairs(pairs, by=by, file=file, mark=mark)
        except Conflict:
            raise Refused("conflict", says("drafts_changed")) from None

    async def _id_of(self, counts: ImportCounts, *, file: str, by: str) -> str | None:
        if not counts.added and not counts.changed:
            return None
        imports = await self._knowledge.imports()
        return next((one.id for one in imports if (one.file, one.imported_by) == (file, by)), None)


def _read(found: Told) -> Reading:
    if found.problem is not None:
        raise Refused("invalid", refusal_words(found.problem))
    assert found.reading is not None  # noqa: S101 - one of the two is there
    return found.reading


def _view(one: Import, last: str | None) -> ImportView:
    return ImportView(
        id=one.id,
        file=one.file,
        imported_at=epoch_ms(one.imported_at),
        imported_by=one.imported_by,
        added=one.added,
        changed=one.changed,
        unchanged=one.unchanged,
        undone_at=None if one.undone_at is None else epoch_ms(one.undone_at),
        undone_by=one.undone_by,
        last=one.id == last,
    )
