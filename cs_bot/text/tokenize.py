"""Cuts normalised text into the tokens that lexical legs compare; pure, no dictionary needed.

Chinese: single characters and pairs. Latin and digits: whole words, and their three-character
pieces (`ship` in `shipping`), marked so that a piece never equals a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.text.normalize import HAN

_RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}_]+")
_HAN = re.compile(rf"[{HAN}]")
_PIECE_LENGTH = 3


def tokens(text: str) -> list[str]:
    """Return the tokens in order, repeats kept; empty for text without letters or digits."""
    return [token for run in _RUN.findall(text) for token in _tokens(run)]


def _tokens(run: str) -> Iterator[str]:
    if _HAN.match(run):
        yield from run
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        return
    yield run
    if len(run) > _PIECE_LENGTH:
        marked = f"#{run}#"
        starts = range(len(marked) - _PIECE_LENGTH + 1)
        yield from ("~" + marked[i : i + _PIECE_LENGTH] for i in starts)
