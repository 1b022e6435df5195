"""What is wrong with a row, and the refusal of a file that has such rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.errors import BadInput

_MOST_NAMED = 100
"""Bad rows that one refusal spells out."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands where text should stand: why it cannot be used, what to do, and itself."""

    what: str
    remedy: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no pair, with its cells as they stand in the file."""

    where: str
    line: int
    column: str
    what: str
    remedy: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


class BadRows(BadInput):
    """A file with rows that are no pairs; `rows` holds all of them."""

    def __init__(self, rows: Sequence[BadRow], *, of: int, where: str, remedy: str) -> None:
        self.rows = rows
        super().__init__(f"{len(rows)} of {of} rows cannot be used", where=where, remedy=remedy)

    def __str__(self) -> str:
        lines = [f"  {row}" for row in self.rows[:_MOST_NAMED]]
        if len(self.rows) > _MOST_NAMED:
            lines.append(f"  and {len(self.rows) - _MOST_NAMED} more")
        return "\n".join([super().__str__(), *lines])


class WrongField(Exception):
    """A field of a row that cannot be used; never leaves this package."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        self.field = field
        self.what = what
        self.remedy = remedy
        super().__init__(field, what, remedy)
