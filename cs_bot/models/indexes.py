"""Nearest-neighbour search over vectors: exact while they are few, clustered when they are many."""

from __future__ import annotations

import faiss
import numpy as np

from cs_bot.models.clusters import Clustered, Clusters, Rows
from cs_bot.models.encoders import Vectors

__all__ = ["MOST_EXACT", "DenseIndex", "Rows"]

MOST_EXACT = 10_000
"""Rows up to which a search compares all of them, which then takes less than it saves."""


class DenseIndex:
    """Rows of length 1, searched by inner product (which is the cosine then)."""

    def __init__(self, vectors: Vectors, *, most_exact: int | None = None) -> None:
        self._most_exact = MOST_EXACT if most_exact is None else most_exact
        self.dimensions = int(vectors.shape[1])
        many = len(vectors) > self._most_exact
        self._rows: _Exact | Clustered = (
            Clustered.of(Clusters.of(vectors)) if many else _Exact(vectors)
        )

    @property
    def vectors(self) -> Vectors:
        """Every vector; of many a copy of full precision, 400 MB for 200,000 of 512 numbers."""
        if isinstance(self._rows, _Exact):
            return self._rows.vectors
        return self._rows.taken(np.arange(len(self._rows)))

    @classmethod
    def of_clusters(cls, clusters: Clusters) -> DenseIndex:
        """Return the index of vectors that are clustered already."""
        return cls._of(Clustered.of(clusters), MOST_EXACT)

    @property
    def clusters(self) -> Clusters | None:
        """The clusters, None where rows are few."""
        return None if isinstance(self._rows, _Exact) else self._rows.clusters

    def taken(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows."""
        return self._rows.taken(rows)

    def nearest(self, vector: Vectors, most: int) -> Rows:
        """Return the rows nearest to one vector, best first; fewer when there are fewer."""
        return self._rows.nearest(vector, most)

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """Return the cosine of each of these rows with the vector, shape (rows,)."""
        return self._rows.taken(rows) @ vector

    def changed(self, kept: Rows, vectors: Vectors) -> DenseIndex:
        """Return the index of rows most of which are here: `kept` has their rows, else -1.

        `vectors` are those of the new rows, in order.
        """
        if isinstance(self._rows, Clustered) and len(kept) > self._most_exact:
            rows = self._rows.changed(kept, vectors)
            if not rows.is_stale:
                return DenseIndex._of(rows, self._most_exact)
        merged = np.empty((len(kept), vectors.shape[1]), dtype=np.float32)
        merged[kept >= 0], merged[kept < 0] = self.taken(kept[kept >= 0]), vectors
        return DenseIndex(merged, most_exact=self._most_exact)

    @classmethod
    def _of(cls, rows: Clustered, most_exact: int) -> DenseIndex:
        index = cls.__new__(cls)
        index._rows, index._most_exact = rows, most_exact
        index.dimensions = rows.dimensions
        return index


class _Exact:
    """Few rows: the search compares all of them."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._index = faiss.IndexFlatIP(self.vectors.shape[1])
        self._index.add(self.vectors)

    def taken(self, rows: Rows) -> Vectors:
        return self.vectors[rows]

    def nearest(self, vector: Vectors, most: int) -> Rows:
        if not len(self.vectors):
            return np.empty(0, dtype=np.int64)
        found: Rows = self._index.search(vector[None, :], min(most, len(self.vectors)))[1][0]
        return found
