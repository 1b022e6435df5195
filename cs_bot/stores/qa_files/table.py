"""A sheet of cells, wherever it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from cs_bot.stores.qa_files.problems import Unusable

Cell = str | Unusable
Line = tuple[int, Sequence[Cell]]

_MOST_TITLES = 5


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that hold something, each with its number in the file, counted from 1."""

    rows: Iterable[Line]
    sheet: str | None = None
    """The name of the sheet, where the file has sheets."""
    tabs: bool = False
    """Whether tabs stand between the cells."""


def is_blank(cells: Sequence[Cell]) -> bool:
    """Return whether no cell holds anything."""
    return not any(isinstance(cell, Unusable) or cell.strip() for cell in cells)


def letters(index: int) -> str:
    """Return what spreadsheets call the column: A, B, ..., Z, AA, ..."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def parted(rows: Iterable[Line]) -> tuple[list[Line], Line, Iterator[Line]]:
    """Return what stands above the first row with two cells, that row, and what follows.

    A title may stand above the headings. Where no row has two cells, the first one counts.
    """
    rest = iter(rows)
    above = list(islice(rest, _MOST_TITLES))
    start = next((n for n, (_, cells) in enumerate(above) if _filled(cells) > 1), 0)
    first = above[start] if above else (1, ())
    return above[:start], first, chain(above[start + 1 :], rest)


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not is_blank([cell]) for cell in cells)
