"""Exact nearest-neighbour search over vectors; the only module that knows faiss."""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Vectors

Rows = NDArray[np.int64]


class DenseIndex:
    """Rows of length 1, searched by inner product (which is the cosine then)."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._index = faiss.IndexFlatIP(self.vectors.shape[1])
        self._index.add(self.vectors)

    def nearest(self, vector: Vectors, most: int) -> Rows:
        """Return the rows nearest to one vector, best first; fewer when there are fewer."""
        if not len(self.vectors):
            return np.empty(0, dtype=np.int64)
        found: Rows = self._index.search(vector[None, :], min(most, len(self.vectors)))[1][0]
        return found

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """Return the cosine of each of these rows with the vector, shape (rows,)."""
        return self.vectors[rows] @ vector
