"""The JSON shapes of imports: what a file holds, what it would change, what was imported."""

from __future__ import annotations

from pydantic import BaseModel


class ColumnView(BaseModel):
    """A column of the file: its heading, our field for it ("" for none), and its first cells."""

    heading: str
    field: str
    sample: list[str]


class BadRowView(BaseModel):
    """A row that is no pair: where it stands, what is wrong, what to do, and its cells."""

    line: int
    column: str
    problem: str
    remedy: str
    cells: list[str]


class AddedView(BaseModel):
    """A pair that would be new."""

    id: str
    line: int
    question: str
    answer: str


class DifferenceView(BaseModel):
    """A field before and after; of a list, one text a line."""

    field: str
    before: str
    after: str


class ChangedView(BaseModel):
    """A pair that would change; `restored` says that it is archived and would come back."""

    id: str
    line: int
    question: str
    restored: bool
    differences: list[DifferenceView]


class AskedView(BaseModel):
    """A question of a pair; `line` is null for one of the drafts."""

    id: str
    line: int | None
    question: str
    answer: str


class ClashView(BaseModel):
    """A question of the file that, normalised, another pair asks too."""

    asked: AskedView
    other: AskedView


class CountsView(BaseModel):
    """How many there are of each; lists may hold fewer.

    `clashing` counts the added and changed pairs that are in a duplicate or a conflict.
    """

    added: int
    changed: int
    unchanged: int
    duplicates: int
    conflicts: int
    clashing: int
    bad: int


class ImportCheckView(BaseModel):
    """What a file holds and what importing it would do.

    `problem` says why it cannot be imported as it is; then the lists are empty and `seen` is null.
    Otherwise `seen` stands for all that is told here, and goes back with the import.
    """

    file: str
    dialect: str
    encoding: str | None
    sheet: str | None
    sheets: list[str]
    headed: bool
    columns: list[ColumnView]
    fields: list[str]
    problem: str | None
    counts: CountsView
    added: list[AddedView]
    changed: list[ChangedView]
    duplicates: list[ClashView]
    conflicts: list[ClashView]
    bad: list[BadRowView]
    seen: str | None


class ImportedView(BaseModel):
    """What an import did; `id` is null where it changed nothing and cannot be undone.

    `skipped` counts bad rows, `clashing` pairs that were left out as duplicates or conflicts.
    """

    id: str | None
    added: int
    changed: int
    unchanged: int
    skipped: int
    clashing: int


class ImportView(BaseModel):
    """One import; `last` says that it is the one that can be undone."""

    id: str
    file: str
    imported_at: int
    imported_by: str
    added: int
    changed: int
    unchanged: int
    undone_at: int | None
    undone_by: str | None
    last: bool


class ImportsView(BaseModel):
    """The imports that changed anything, newest first."""

    items: list[ImportView]
