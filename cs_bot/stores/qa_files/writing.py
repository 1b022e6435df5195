"""Writes QA pairs as a file that `reading` reads back and that spreadsheets take for text."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stores.qa_files.formulas import neutralised
from cs_bot.stores.qa_files.layouts import DIALECTS, OWN
from cs_bot.stores.qa_files.shapes import Row, objects_of, rows_of
from cs_bot.stores.qa_files.whole import write_whole
from cs_bot.types import QAPair

log = logging.getLogger(__name__)

_MOST_OF_A_CELL = 32_767
_DIFY_ROWS = 10_000
_MOST_NAMED = 10
_BARE = frozenset({"ragflow", "anyq"})
"""Systems that would take a byte order mark for the beginning of the first question."""
_TABLES_ONLY = frozenset({"maxkb", "ragflow"})
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"[\t\r\n]+")


def write_pairs(path: Path, pairs: Sequence[QAPair], *, dialect: str = OWN) -> None:
    """Write the pairs in the form that the ending names, whole or not at all.

    `.csv`, `.tsv`, `.txt`, `.xlsx` and `.json` are what they say, anything else is JSON Lines.
    Raises `BadInput` when the file cannot be written.
    """
    write_whole(path, written_pairs(path, pairs, dialect=dialect))


def _say_what_is_lost(path: Path, pairs: Sequence[QAPair], dialect: str) -> None:
    lost = [p.id for p in pairs if p.answers or p.related or p.valid_from or p.valid_until]
    if lost:
        log.warning(
            "%s: %s has no place for further answers, related questions and times; they are left "
            "out of %d pairs: %s%s",
            path,
            dialect,
            len(lost),
            ", ".join(lost[:_MOST_NAMED]),
            ", ..." if len(lost) > _MOST_NAMED else "",
        )


def written_pairs(path: Path, pairs: Sequence[QAPair], *, dialect: str = OWN) -> bytes:
    """Return what `write_pairs` would write; raises `BadInput` where that cannot be written."""
    if dialect not in DIALECTS:
        raise UnknownName("dialect", dialect, DIALECTS, where="--dialect")
    if dialect != OWN:
        _say_what_is_lost(path, pairs, dialect)
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise BadInput("old .xls files are not written", where=str(path), remedy="name it .xlsx")
    if suffix in {".csv", ".tsv", ".txt", ".xlsx"}:
        return _table(path, list(rows_of(pairs, dialect)), dialect)
    if dialect in _TABLES_ONLY:
        raise BadInput(
            f"{dialect} reads no JSON", where=str(path), remedy="name the file .csv or .xlsx"
        )
    objects = (json.dumps(one, ensure_ascii=False) for one in objects_of(pairs, dialect))
    if suffix == ".json":
        return ("[\n" + ",\n".join(objects) + "\n]\n").encode()
    return "".join(f"{line}\n" for line in objects).encode()


def _table(path: Path, rows: Sequence[Row], dialect: str) -> bytes:
    suffix = path.suffix.lower()
    if dialect == "dify" and len(rows) > _DIFY_ROWS:
        log.warning("%s: %d rows; Dify takes at most %d a file", path, len(rows), _DIFY_ROWS)
    if suffix == ".xlsx":
        return _workbook(path, rows)
    if dialect == "anyq" and suffix in {".tsv", ".txt"}:
        return _lines(rows)
    text = io.StringIO(newline="")
    # A row ends in both characters: only then does the writer put both in quotes.
    table = csv.writer(text, delimiter="," if suffix == ".csv" else "\t", lineterminator="\r\n")
    table.writerows(_harmless(rows))
    return text.getvalue().encode("utf-8" if dialect in _BARE else "utf-8-sig")


def _harmless(rows: Iterable[Row]) -> Iterable[list[str]]:
    return ([neutralised(cell) for cell in row] for row in rows)


def _lines(rows: Iterable[Row]) -> bytes:
    """Return AnyQ's lines: it splits at every tab and line break, quotes or not."""
    cells = ([_BREAKS.sub(" ", cell) for cell in row] for row in _harmless(rows))
    return "".join("\t".join(row) + "\n" for row in cells).encode()


def _workbook(path: Path, rows: Sequence[Row]) -> bytes:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise BadInput(
            "XLSX files need openpyxl, which is not installed",
            where=str(path),
            remedy="run: pip install 'cs-bot[xlsx]'",
        ) from None
    texts = [[_writable(path, number, text) for text in row] for number, row in enumerate(rows, 1)]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("pairs")
    for row in texts:
        cells = [WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # never a formula, whatever it begins with
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _writable(path: Path, number: int, text: str) -> str:
    """Return the text as a cell may hold it: a control character in the form OOXML gives it."""
    cell = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", neutralised(text))
    if len(cell) > _MOST_OF_A_CELL:
        raise BadInput(
            f"row {number} has a text of {len(cell):,} characters; "
            f"a cell of a workbook holds {_MOST_OF_A_CELL:,}",
            where=str(path),
            remedy="write .csv or .jsonl instead",
        )
    return cell
