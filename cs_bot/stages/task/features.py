"""What the intent classifier sees of an utterance: its vector, its wording, its entities."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cs_bot.stages.task.text import bare

Array = NDArray[np.float32]

_BUCKETS = 2048
_WORDING_WEIGHT = 0.7
_ENTITY_WEIGHT = 0.5
_PIECES = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|[^\x00-\x7f]")


def row(query: str, vector: Array, entities: Iterable[str], known: Sequence[str]) -> Array:
    """Return one row: the vector, hashed n-grams of the wording, one flag for each entity kind."""
    found = set(entities)
    flags = np.array([name in found for name in known], dtype=np.float32) * _ENTITY_WEIGHT
    joined: Array = np.concatenate([vector, wording(query), flags])
    return joined


def wording(query: str) -> Array:
    """Return hashed 1- to 3-grams of words and Chinese characters, an array of length 2048."""
    counts = np.zeros(_BUCKETS, dtype=np.float32)
    for gram in _grams(query):
        counts[zlib.crc32(gram.encode()) % _BUCKETS] = 1.0
    norm = float(np.linalg.norm(counts))
    return counts * np.float32(_WORDING_WEIGHT / norm) if norm else counts


def _grams(query: str) -> Iterator[str]:
    """Yield n-grams; numbers count as one sign, for their digits mean nothing."""
    pieces = ["#" if piece.isdigit() else piece for piece in _PIECES.findall(bare(query))]
    edged = ["^", *pieces, "$"]
    for size in (1, 2, 3):
        for start in range(len(edged) - size + 1):
            yield " ".join(edged[start : start + size])
