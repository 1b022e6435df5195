"""The wordings of a base by the second encoder: beside the first one, or alone while that is down.

All questions of a base look alike to the second encoder; what they share is taken off, so that
what sets them apart remains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cs_bot.models.adapter import Adapter
from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval.centres import Centres
from cs_bot.retrieval.cosines import Cosines
from cs_bot.retrieval.discriminant import Scores
from cs_bot.retrieval.wordings import Wordings

_NEAREST = 64
_MEAN_SHARE = 50
"""Wordings that the mean of other bases counts for beside those of this one."""


@dataclass(frozen=True, slots=True, eq=False)
class SecondSpace:
    """Wordings by the second encoder, less the mean of the base."""

    index: DenseIndex
    """Less the mean, scaled to length 1."""
    centres: Centres
    mean: Vectors
    lengths: Scores
    """Of the rows less the mean, before they were scaled."""

    @classmethod
    def of(cls, second: Vectors, wordings: Wordings, adapter: Adapter | None) -> SecondSpace:
        """Return the space; `second` has one row of length 1 a wording."""
        mean = _mean_of(second, adapter)
        centred, lengths = scaled(second - mean)
        index = DenseIndex(centred)
        return cls(index, Centres(wordings, index), mean, lengths)

    def centred(self, second: Vectors) -> Vectors:
        """Return the vector of a query, less the mean, of length 1."""
        return scaled(second - self.mean)[0]

    def plain(self, second: Vectors, rows: Rows) -> Scores:
        """Return the cosines of a query with these rows, the mean put back."""
        centred = self.index.taken(rows) * self.lengths[rows, None]
        return np.asarray((centred + self.mean) @ second, dtype=np.float32)

    def view(self, second: Vectors) -> SecondView:
        """Return one query, by its vector."""
        return SecondView(self, second, Cosines(self.index, self.centred(second)))


@dataclass(frozen=True, slots=True, eq=False)
class SecondView:
    """One query as the second encoder alone sees it."""

    space: SecondSpace
    vector: Vectors
    cosines: Cosines

    def near(self) -> Rows:
        """Return the wordings worth comparing."""
        return self.space.index.nearest(self.cosines.vector, _NEAREST)

    def similarity(self, rows: Rows) -> Scores:
        """Return the cosines, the mean taken off."""
        return self.cosines.of(rows)

    def means(self, pairs: Rows) -> Scores:
        """Return how near each of these pairs is on average over all its wordings."""
        return self.space.centres.cosines(self.cosines, pairs)

    def classified(self, pairs: Rows) -> None:
        """Return None: the classifier of a base knows both encoders, or the first."""
        del pairs

    def plain(self, rows: Rows) -> Scores:
        """Return the cosines, the mean put back."""
        return self.space.plain(self.vector, rows)


def scaled(rows: Vectors) -> tuple[Vectors, Scores]:
    """Return rows (or one row) scaled to length 1, and their lengths before that."""
    lengths = np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6).astype(np.float32)
    return (rows / lengths).astype(np.float32), lengths[..., 0]


def _mean_of(second: Vectors, adapter: Adapter | None) -> Vectors:
    if adapter is None:
        return np.asarray(second.mean(axis=0) if len(second) > 1 else 0 * second.sum(axis=0))
    total = second.sum(axis=0) + _MEAN_SHARE * adapter.second_mean
    return np.asarray(total / (len(second) + _MEAN_SHARE), dtype=np.float32)
