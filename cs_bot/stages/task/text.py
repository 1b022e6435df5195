"""Folds characters without moving them: full-width digits and letters become ASCII.

Offsets into the folded text are offsets into the text itself, which `text/normalize` does not keep.
"""

from __future__ import annotations

import re

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def folded(text: str) -> str:
    """Return the text with full-width forms narrowed; its length does not change."""
    return text.translate(_NARROW)


def bare(text: str) -> str:
    """Return folded, lower-case text without punctuation at its ends and doubled spaces."""
    return " ".join(_EDGES.sub("", folded(text)).lower().split())
