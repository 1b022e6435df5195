"""Reads a sheet of an XLSX workbook; nothing in the file is trusted."""

from __future__ import annotations

import io
import logging
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stores.qa_files.contents import MEBIBYTE
from cs_bot.stores.qa_files.problems import Unusable
from cs_bot.stores.qa_files.table import Cell, Line, Table, is_blank, letters

log = logging.getLogger(__name__)

MOST_COLUMNS = 256
_MOST_ROWS = 1_048_576
"""What a sheet can have. A file may name any row, and all before it would be made up."""
_MOST_UNPACKED = 200 * MEBIBYTE
_MOST_FILLED = 2_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CALCULATED = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*\st="str")[^>]*?r="([A-Z]+\d+)"')
_ESCAPED = re.compile(r"_x(00(?:0[0-8BCDEF]|1[0-9A-F]|7F))_")
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
# Whatever openpyxl raises for a workbook that is none: it has no error of its own for most.
_BROKEN = (
    BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

Lines = dict[int, list[Cell]]


def is_workbook(path: Path, content: bytes) -> bool:
    """Return whether the file is a workbook, or calls itself one."""
    return content.startswith((_ZIP, _OLE)) or path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}


def read_workbook(
    path: Path, content: bytes, sheet: str | None, *, most_rows: int | None = None
) -> Table:
    """Return the named sheet, or the first that holds anything; raises `BadInput`.

    `most_rows` ends the reading early; who counts the rows refuses them.
    """
    _refuse_other_formats(path, content)
    with _refusing_broken(path):
        _refuse_bombs(path, content)
        workbook = _opened(path, content, values=True)
        names = workbook.sheetnames
        if sheet is not None and sheet not in names:
            raise UnknownName("sheet", sheet, names, where=str(path))
        for name in names if sheet is None else [sheet]:
            rows = _rows(path, content, workbook[name], most_rows)
            if rows:
                _say_what_is_left(path, name, names if sheet is None else [name])
                return Table(rows, sheet=name)
    empty = f"the sheet {sheet!r} is empty" if sheet else "all sheets are empty"
    raise BadInput(empty, where=str(path), remedy="name another file, or a sheet with --sheet")


def sheets_of(path: Path, content: bytes) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; raises `BadInput`."""
    _refuse_other_formats(path, content)
    with _refusing_broken(path):
        _refuse_bombs(path, content)
        return tuple(_opened(path, content, values=True).sheetnames)


def _say_what_is_left(path: Path, name: str, names: list[str]) -> None:
    others = ", ".join(other for other in names if other != name)
    if others:
        log.warning("%s: read was the sheet %s, not: %s (see --sheet)", path, name, others)


def _refuse_other_formats(path: Path, content: bytes) -> None:
    if content.startswith(_OLE):
        raise BadInput(
            "the workbook is encrypted, or it is an old .xls",
            where=str(path),
            remedy="save it as .xlsx without a password",
        )
    if not content.startswith(_ZIP):
        raise _no_workbook(path, "it does not begin like one")


def _refuse_bombs(path: Path, content: bytes) -> None:
    # Nobody reads more of a part than its entry says, so that the sum holds.
    with ZipFile(io.BytesIO(content)) as package:
        size = sum(part.file_size for part in package.infolist())
    if size > _MOST_UNPACKED:
        raise BadInput(
            f"the workbook unpacks to {size // MEBIBYTE} MB; "
            f"at most {_MOST_UNPACKED // MEBIBYTE} MB are taken",
            where=str(path),
            remedy="save only the sheet with the pairs, or write it as CSV",
        )


@contextmanager
def _refusing_broken(path: Path) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that nobody reads here
            yield
    except _BROKEN as error:
        raise _no_workbook(path, str(error) or type(error).__name__) from None


def _no_workbook(path: Path, why: str) -> BadInput:
    return BadInput(
        f"not a workbook that can be read: {why}",
        where=str(path),
        remedy="open it in a spreadsheet program and save it as .xlsx again",
    )


def _opened(path: Path, content: bytes, *, values: bool) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise BadInput(
            "XLSX files need openpyxl, which is not installed",
            where=str(path),
            remedy="run: pip install 'cs-bot[xlsx]'",
        ) from None
    return load_workbook(io.BytesIO(content), read_only=True, data_only=values)


def _rows(path: Path, content: bytes, sheet: Any, most_rows: int | None) -> list[Line]:
    if not hasattr(sheet, "reset_dimensions"):
        return []  # a chart
    with ZipFile(io.BytesIO(content)) as package:
        part = package.read(sheet._worksheet_path)  # openpyxl tells merged cells in no other way
    # Two more than may be: the headings, and the one that is too many.
    rows = islice(_values(sheet), None if most_rows is None else most_rows + 2)
    lines: Lines = {line: [_text(value) for value in values] for line, values in rows}
    if _FORMULA.search(part):
        _name_formulas(lines, _opened(path, content, values=False)[sheet.title], part)
    _fill_merged(lines, part)
    return [(line, cells) for line, cells in lines.items() if not is_blank(cells)]


def _values(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    rows = sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)
    gap: object = None
    for line, row in enumerate(rows, 1):
        if row is gap:
            continue  # rows that the file leaves out come as one and the same, up to a million
        gap, values = row, list(row[:MOST_COLUMNS])
        while values and values[-1] is None:
            values.pop()
        if values:
            yield line, values


def _text(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        if value in _ERRORS:
            return Unusable(f"the cell holds the error {value}", "correct it, or type a value")
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _name_formulas(lines: Lines, sheet: Any, part: bytes) -> None:
    """Put a reason where a formula stands whose result the file does not hold."""
    calculated = {found.decode() for found in _CALCULATED.findall(part)}  # to an empty text
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=max(lines, default=1)):
        for index, cell in enumerate(row[:MOST_COLUMNS]):
            if cell.data_type == "f" and f"{letters(index)}{cell.row}" not in calculated:
                _name_formula(lines.get(cell.row, []), index)


def _name_formula(cells: list[Cell], index: int) -> None:
    if index < len(cells) and cells[index]:
        return
    cells.extend([""] * (index + 1 - len(cells)))
    cells[index] = Unusable(
        "the cell holds a formula without its result",
        "open the file in a spreadsheet program and save it, or type a value",
    )


def _fill_merged(lines: Lines, part: bytes) -> None:
    """Let each row of an area merged downwards hold what its top cell holds."""
    left = _MOST_FILLED
    for column, top, _, bottom in _MERGED.findall(part):
        first, last = int(top), min(int(bottom), max(lines, default=0))
        left -= max(0, last - first)
        if left < 0:
            raise ValueError("its merged areas overlap")
        _fill_down(lines, _index(column.decode()), range(first, last + 1))


def _fill_down(lines: Lines, index: int, area: Iterable[int]) -> None:
    first, *below = area or [0]
    top = lines.get(first, [])
    if index >= len(top):
        return
    for line in below:
        cells = lines.get(line)
        if cells is not None:
            cells.extend([""] * (index + 1 - len(cells)))
            cells[index] = cells[index] or top[index]


def _index(name: str) -> int:
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
