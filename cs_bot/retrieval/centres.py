"""How near a vector lies to a pair: the mean of the cosines with all its wordings.

That is the cosine with the mean of their vectors, kept for pairs with many wordings only: kept
for all, means would take as much memory as the vectors themselves.
"""

from __future__ import annotations

import numpy as np

from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval.cosines import Cosines
from cs_bot.retrieval.wordings import Wordings

_MANY = 8


class Centres:
    """The centres of the pairs of one release."""

    def __init__(
        self, wordings: Wordings, dense: DenseIndex, before: Centres | None = None
    ) -> None:
        self._wordings = wordings
        self._dense = dense
        pairs = np.flatnonzero(wordings.sizes > _MANY)
        self._number = np.full(len(wordings.sizes), -1, dtype=np.int64)
        self._number[pairs] = np.arange(len(pairs))
        self._means = self._all(pairs, before)

    def _all(self, pairs: Rows, before: Centres | None) -> Vectors:
        means = np.empty((len(pairs), self._dense.dimensions), dtype=np.float32)
        sources = self._wordings.sources[pairs]
        known = sources >= 0 if before is not None else np.zeros(len(pairs), dtype=np.bool_)
        if before is not None:
            means[known] = before._means[before._number[sources[known]]]
        for number in np.flatnonzero(~known):
            rows = self._wordings.rows(pairs[number : number + 1])
            means[number] = self._dense.taken(rows).mean(axis=0)
        return means

    def cosines(self, query: Cosines, pairs: Rows) -> Vectors:
        """Return for each of these pairs the mean of its wordings' cosines with the query."""
        cosines = np.empty(len(pairs), dtype=np.float32)
        numbers = self._number[pairs]
        few = numbers < 0
        cosines[~few] = self._means[numbers[~few]] @ query.vector
        rows = self._wordings.rows(pairs[few])
        cosines[few] = self._wordings.mean(query.of(rows), pairs[few])
        return cosines
