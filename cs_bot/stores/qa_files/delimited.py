"""Reads text with commas, semicolons or tabs between its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files.table import Line, Table, is_blank

_DELIMITERS = {".tsv": "\t", ".txt": "\t,", ".csv": ",\t;"}
"""What may stand between cells, the likeliest first, by the file's ending."""
SUFFIXES = tuple(_DELIMITERS)
_NO_LIMIT = 2**31 - 1


def read_delimited(path: Path, text: str) -> Table:
    """Return the rows of the text; raises `BadInput`, at the latest while they are read."""
    # The module's own limit would end the reading of a file that has one long cell in it.
    csv.field_size_limit(_NO_LIMIT)
    delimiter = _delimiter(path, text)
    return Table(_rows(path, text, delimiter), tabs=delimiter == "\t")


def _delimiter(path: Path, text: str) -> str:
    """Return what splits the first row that holds anything into the most cells."""
    possible = _DELIMITERS.get(path.suffix.lower(), ",\t;")

    def cells(delimiter: str) -> int:
        with suppress(BadInput):  # quotes that mean nothing with this one
            _, first = next(_rows(path, text, delimiter), (1, ()))
            return len(first)
        return 0

    return possible if len(possible) == 1 else max(possible, key=cells)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[Line]:
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in table:
            if not is_blank(cells):
                yield line, cells
            line = table.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"not valid CSV: {error}",
            where=f"{path}:{table.line_num}",
            remedy="correct the line; text with quotes in it stands in double quotes, "
            "the quotes in it doubled",
        ) from None
