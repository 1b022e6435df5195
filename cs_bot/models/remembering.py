"""An encoder that encodes a text once, for questions that are asked again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs_bot.models.encoders import Encoder, Vectors

_AT_ONCE = 64


class Remembering:
    """Encodes what it does not know yet; it forgets all when it knows more than `most` texts."""

    def __init__(self, encoder: Encoder, *, most: int | None = None) -> None:
        self._encoder = encoder
        self._most = most
        self._known: dict[str, Vectors] = {}
        self.name = encoder.name

    @property
    def dimensions(self) -> int:
        """The width of a row."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, dimensions), rows of length 1."""
        known = self._known
        if self._most is not None and len(known) > self._most:
            # A new one, because another thread may be reading the old one.
            known = self._known = {}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            known.update(zip(some, self._encoder.encode(some), strict=True))
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)
