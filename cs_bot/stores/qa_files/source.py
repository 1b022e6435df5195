"""A file that has been opened and understood: its records, and what it calls our fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cs_bot.stores.qa_files.problems import BadRow
from cs_bot.stores.qa_files.records import Record
from cs_bot.stores.qa_files.table import letters


@dataclass(frozen=True, slots=True)
class Source:
    """Records under our field names; `names` tells what the file calls each field."""

    path: Path
    sheet: str | None
    dialect: str
    encoding: str
    headings: tuple[str, ...]
    names: Mapping[str, str]
    unused: frozenset[str]
    """Headings that have no meaning."""
    records: Iterator[Record]
    merges: bool
    """Whether rows with the same answer are wordings of one question."""

    def place(self, line: int, column: str = "") -> str:
        """Return where a row or a cell stands, in words to find it by."""
        if self.sheet is None:
            return f"{self.path}:{line}"
        known = column in self.headings
        cell = f"cell {letters(self.headings.index(column))}{line}" if known else f"row {line}"
        return f"{self.path}, sheet {self.sheet}, {cell}"

    def bad(self, record: Record, column: str, what: str, remedy: str) -> BadRow:
        """Return the report of a row that is no pair."""
        where = self.place(record.line, column)
        cells = tuple(
            cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
            for cell in record.cells
        )
        return BadRow(where, record.line, column, what, remedy, cells)
