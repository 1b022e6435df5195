"""Folds characters without moving them: full-width digits and letters become ASCII.

Offsets into the folded text are offsets into the text itself, which `text/normalize` does not keep.
"""

from __future__ import annotations

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def folded(text: str) -> str:
    """Return the text with full-width forms narrowed; its length does not change."""
    return text.translate(_NARROW)


def bare(text: str) -> str:
    """Return folded, lower-case text without punctuation at its ends and doubled spaces."""
    written = folded(text)
    # A pattern for the end would try every run of marks in between, each to its end.
    start = next((at for at, char in enumerate(written) if char.isalnum()), len(written))
    end = next((at for at in range(len(written), start, -1) if written[at - 1].isalnum()), start)
    return " ".join(written[start:end].lower().split())
