"""Writes the rows that were left out of an import, each with its reason, to correct them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from cs_bot.stores.qa_files.formulas import neutralised
from cs_bot.stores.qa_files.reading import Reading
from cs_bot.stores.qa_files.whole import write_whole

_REASON = ("line", "column", "problem", "remedy")


def write_bad_rows(path: Path, reading: Reading) -> None:
    """Write the bad rows as CSV that can be corrected and imported; raises `BadInput`."""
    reasons = [(row.what, row.remedy) for row in reading.bad]
    write_whole(path, written_bad_rows(reading, reasons))


def written_bad_rows(reading: Reading, reasons: Sequence[tuple[str, str]]) -> bytes:
    """Return the bad rows as CSV; `reasons` tells for each what is wrong and what to do."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    width = max((len(row.cells) for row in reading.bad), default=0)
    headings = [*reading.headings, *[""] * (width - len(reading.headings))]
    table.writerow([*headings, *_REASON])
    for row, (what, remedy) in zip(reading.bad, reasons, strict=True):
        cells = [*row.cells, *[""] * (len(headings) - len(row.cells))]
        reason = (str(row.line), row.column, what, remedy)
        table.writerow([neutralised(cell) for cell in (*cells, *reason)])
    return text.getvalue().encode("utf-8-sig", "replace")
