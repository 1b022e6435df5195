"""Text that a spreadsheet would take for a formula, made harmless and back.

An apostrophe before it is the mark. Text that begins like a marked one is marked as well, so that
every text has exactly one form and comes back as it was.
"""

from __future__ import annotations

import re

_MARK = "'"
# Full-width signs too: spreadsheets with East Asian settings take them for the narrow ones.
_STARTS = re.compile(r"'*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def neutralised(text: str) -> str:
    """Return the text as it may stand in a cell."""
    return _MARK + text if _STARTS.match(text) else text


def original(cell: str) -> str:
    """Return the text that a cell stands for."""
    return cell[1:] if cell.startswith(_MARK) and _STARTS.match(cell) else cell
