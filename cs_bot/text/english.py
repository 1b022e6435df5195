"""How common an English word is; see `words/README.md` for the source of the counts."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def frequency(word: str) -> int:
    """Return how often the word was counted, 0 for a rare one and for what is no word."""
    return _counts().get(word, 0)


@cache
def _counts() -> Mapping[str, int]:
    packed = files("cs_bot.text").joinpath("words/english.txt.gz").read_bytes()
    rows = map(str.split, gzip.decompress(packed).decode("ascii").splitlines())
    return {word: int(times) for word, times in rows}
