"""The cosines of one query with wordings, each worked out once however often it is asked for."""

from __future__ import annotations

import numpy as np

from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex, Rows


class Cosines:
    """One query beside the rows of an index; taking rows out of a large index is what costs."""

    def __init__(self, index: DenseIndex, vector: Vectors) -> None:
        self.vector = vector
        self._index = index
        self._rows: Rows = np.empty(0, dtype=np.int64)
        """In rising order, those whose cosines are known."""
        self._known: Vectors = np.empty(0, dtype=np.float32)

    def of(self, rows: Rows) -> Vectors:
        """Return the cosine of each of these rows, shape (rows,)."""
        places = np.searchsorted(self._rows, rows)
        new = np.ones(len(rows), dtype=np.bool_)
        inside = places < len(self._rows)
        new[inside] = self._rows[places[inside]] != rows[inside]
        if new.any():
            self._learn(np.unique(rows[new]))
            places = np.searchsorted(self._rows, rows)
        return self._known[places]

    def _learn(self, rows: Rows) -> None:
        cosines = self._index.cosines(self.vector, rows)
        if not len(self._rows):
            self._rows, self._known = rows, cosines
            return
        places = np.searchsorted(self._rows, rows)
        self._rows = np.insert(self._rows, places, rows)
        self._known = np.insert(self._known, places, cosines)
