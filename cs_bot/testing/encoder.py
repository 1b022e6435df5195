"""A deterministic encoder for tests: texts that share words lie close, and it counts its work."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from cs_bot.models.encoders import Vectors
from cs_bot.text.tokenize import tokens


class WordEncoder:
    """Adds up one fixed random direction per token."""

    name = "words"
    dimensions = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []
        """Every text it was ever asked for, in order."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, 64), rows of length 1 (0 for text without tokens)."""
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for token in tokens(text):
                vectors[row] += _direction(token)
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        vectors /= lengths
        return vectors


def _direction(token: str) -> Vectors:
    seed = int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "big")
    drawn: Vectors = np.random.default_rng(seed).standard_normal(64).astype(np.float32)
    return drawn
