"""Nearest neighbours among very many vectors: clustered (IVF), searched by bytes (SQ8).

A search reads the nearest clusters only; what it finds is compared again with vectors of half
precision. Clusters do not change: rows that come later lie beside them and are all compared, rows
that go are passed over, so that a release which differs little costs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Vectors

Rows = NDArray[np.int64]

_FAISS: Any = faiss
"""Its stubs describe the C++ constructors, not those that Python sees."""

_ROWS_IN_CLUSTER = 97
_TRAINED_ON_IN_CLUSTER = 24
_CLUSTERS_SEARCHED = 320
_FEW_CLUSTERS = 80
"""Two in five clusters are searched, but not fewer than these and not more than those: of 200,000
rows some 31,000. `python -m cs_bot.testing.scale_benchmark`
measures what is missed of more, and the time."""
_SPARE = 2
"""Times as many rows as asked for are compared again with the finer vectors."""
_ROUNDS = 4
"""More rounds on more rows take longer and find no more."""
_CHUNK = 8192
_MOST_FINE = 50_000
"""Vectors of which those beside the clusters keep full precision: taking them is faster then."""
_SEED = 20
"""The same vectors make the same clusters, in one thread."""
_STALE_SHARE = 0.05
"""Of rows beside the clusters, from which comparing them all takes as long as the search."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Vectors by place, shared by the releases that were made from them."""

    index: Any
    stored: NDArray[np.float16] | Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> Clusters:
        """Cluster the vectors: 15 s for 200,000."""
        rows, dimensions = vectors.shape
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimensions),
            dimensions,
            max(1, rows // _ROWS_IN_CLUSTER),
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            False,  # of vectors themselves, not of what they differ from their cluster's centre
        )
        index.cp.seed, index.cp.niter = _SEED, _ROUNDS
        index.cp.max_points_per_centroid = _TRAINED_ON_IN_CLUSTER
        # On a sample: faiss would copy all vectors to learn the range of each byte.
        index.train(vectors[:: max(1, rows // (index.nlist * _TRAINED_ON_IN_CLUSTER))])
        for start in range(0, rows, _CHUNK):
            index.add(vectors[start : start + _CHUNK])
        return cls(index, vectors if rows <= _MOST_FINE else vectors.astype(np.float16))

    def as_bytes(self) -> memoryview:
        """Return the index, without `stored`, as `of_bytes` reads it."""
        return memoryview(_FAISS.serialize_index(self.index))

    @classmethod
    def of_bytes(cls, path: Path, stored: NDArray[np.float16] | Vectors) -> Clusters:
        """Read an index that `as_bytes` wrote; the caller has checked that it is whole."""
        return cls(faiss.read_index(str(path)), stored)


class Clustered:
    """Rows in clusters and rows beside them."""

    def __init__(
        self,
        clusters: Clusters,
        places: Rows,
        beside: Vectors,
        *,
        clusters_searched: int | None = None,
    ) -> None:
        self.clusters = clusters
        self.dimensions = int(clusters.stored.shape[1])
        self._places = places
        """For each row its place in the clusters, or that many plus its place beside them."""
        self._beside = beside
        self._rows = np.full(len(clusters.stored) + len(beside), -1, dtype=np.int64)
        self._rows[places] = np.arange(len(places))
        live = self._rows[: len(clusters.stored)] >= 0
        # Both must live as long as the index: faiss keeps no reference to them.
        self._live = None if live.all() else np.packbits(live, bitorder="little")
        self._selector = None if self._live is None else _FAISS.IDSelectorBitmap(self._live)
        some = min(_CLUSTERS_SEARCHED, max(_FEW_CLUSTERS, clusters.index.nlist * 2 // 5))
        searched = clusters_searched or some
        self._how = _FAISS.SearchParametersIVF(sel=self._selector, nprobe=searched)

    @classmethod
    def of(cls, clusters: Clusters, *, clusters_searched: int | None = None) -> Clustered:
        """Return the rows of the clusters in the order in which they were clustered."""
        rows, dimensions = clusters.stored.shape
        beside = np.empty((0, dimensions), dtype=np.float32)
        return cls(clusters, np.arange(rows), beside, clusters_searched=clusters_searched)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._places)

    @property
    def is_stale(self) -> bool:
        """Whether so much has changed that clustering anew makes searches faster."""
        return len(self._beside) > _STALE_SHARE * len(self.clusters.stored)

    def taken(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows."""
        places, within = self._places[rows], len(self.clusters.stored)
        vectors = np.empty((len(rows), self.dimensions), dtype=np.float32)
        inside = places < within
        vectors[inside] = self.clusters.stored[places[inside]]
        vectors[~inside] = self._beside[places[~inside] - within]
        return vectors

    def nearest(self, vector: Vectors, most: int) -> Rows:
        """Return the rows nearest to one vector, best first."""
        places = self.clusters.index.search(vector[None, :], most * _SPARE, params=self._how)[1][0]
        if len(self._beside):
            beside = np.argsort(-(self._beside @ vector), kind="stable")[:most]
            places = np.concatenate([places, beside + len(self.clusters.stored)])
        rows = self._rows[places[places >= 0]]
        best = np.argsort(-(self.taken(rows) @ vector), kind="stable")[:most]
        found: Rows = rows[best]
        return found

    def changed(self, kept: Rows, vectors: Vectors) -> Clustered:
        """Return the index of rows most of which are here: `kept` has their rows, else -1.

        `vectors` are those of the new rows, in order.
        """
        within, new = len(self.clusters.stored), kept < 0
        places = np.where(new, -1, self._places[kept])
        beside = places >= within
        staying = self._beside[places[beside] - within]
        places[beside] = within + np.arange(len(staying))
        places[new] = within + len(staying) + np.arange(len(vectors))
        return Clustered(self.clusters, places, np.concatenate([staying, vectors]))
