"""The wordings of a base as vectors: by one encoder, or by both as one longer vector.

A space says how near a query is to wordings and to pairs. The first encoder's is there at once;
the joint one follows when the second encoder has read the base.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cs_bot.models.adapter import Adapter
from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval.centres import Centres
from cs_bot.retrieval.cosines import Cosines
from cs_bot.retrieval.discriminant import (
    LEAST_WORDINGS,
    MOST_PAIRS,
    Discriminant,
    Scores,
    fitted,
)
from cs_bot.retrieval.second_space import SecondSpace, scaled
from cs_bot.retrieval.wordings import Wordings

_NEAREST = 64
_NEAREST_SECOND = 32
_AT_ONCE = 8192
"""Rows of both encoders held side by side at a time: 30 MB."""


class View(Protocol):
    """One query as a space sees it."""

    def near(self) -> Rows:
        """Return the wordings worth comparing."""
        ...

    def similarity(self, rows: Rows) -> Scores:
        """Return how near each of these wordings is, as the ranking counts it."""
        ...

    def means(self, pairs: Rows) -> Scores:
        """Return how near each of these pairs is on average over all its wordings."""
        ...

    def classified(self, pairs: Rows) -> Scores | None:
        """Return what the base's own classifier says of these pairs; None where it has none."""
        ...

    def plain(self, rows: Rows) -> Scores:
        """Return the plain cosines, which tell whether there is an answer here at all."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FirstSpace:
    """Wordings by the first encoder."""

    index: DenseIndex
    centres: Centres
    _classifier: Discriminant | None

    @classmethod
    def of(cls, index: DenseIndex, centres: Centres, wordings: Wordings) -> FirstSpace:
        """Return the space of these vectors, one row a wording."""
        return cls(index, centres, _classifier(wordings, index.taken))

    def view(self, vector: Vectors) -> View:
        """Return one query, by its vector."""
        return _FirstView(self, vector, Cosines(self.index, vector))


@dataclass(frozen=True, slots=True, eq=False)
class _FirstView:
    space: FirstSpace
    vector: Vectors
    cosines: Cosines

    def near(self) -> Rows:
        return self.space.index.nearest(self.vector, _NEAREST)

    def similarity(self, rows: Rows) -> Scores:
        return self.cosines.of(rows)

    plain = similarity

    def means(self, pairs: Rows) -> Scores:
        return self.space.centres.cosines(self.cosines, pairs)

    def classified(self, pairs: Rows) -> Scores | None:
        classifier = self.space._classifier
        return None if classifier is None else classifier.scores(self.vector, pairs)


@dataclass(frozen=True, slots=True, eq=False)
class JointSpace:
    """Wordings by both encoders: the first's vector, then the second's less the base's mean."""

    first: FirstSpace
    second: SecondSpace
    _adapter: Adapter | None
    _moved_lengths: Scores
    """Of the rows under the adapter."""
    _classifier: Discriminant | None

    @classmethod
    def of(
        cls, first: FirstSpace, second: SecondSpace, wordings: Wordings, adapter: Adapter | None
    ) -> JointSpace:
        """Return the space of the same wordings by both."""

        def moved(rows: Rows) -> tuple[Vectors, Scores]:
            joint: Vectors = np.hstack([first.index.taken(rows), second.index.taken(rows)])
            return scaled(joint if adapter is None else adapter.moved(joint))

        every = np.arange(len(wordings.texts))
        parts = [moved(every[at : at + _AT_ONCE])[1] for at in range(0, len(every), _AT_ONCE)]
        return cls(
            first=first,
            second=second,
            _adapter=adapter,
            _moved_lengths=np.concatenate([np.empty(0, dtype=np.float32), *parts]),
            _classifier=_classifier(wordings, lambda rows: moved(rows)[0]),
        )

    def view(self, first: Vectors, second: Vectors) -> View:
        """Return one query, by its vectors."""
        centred = self.second.centred(second)
        joint: Vectors = np.concatenate([first, centred])
        adapter = self._adapter
        moved, _ = scaled(joint if adapter is None else adapter.moved(joint))
        back = moved if adapter is None else adapter.back(moved)
        return _JointView(self, first, centred, second, moved, back)


@dataclass(frozen=True, slots=True, eq=False)
class _JointView:
    space: JointSpace
    first: Vectors
    centred: Vectors
    second: Vectors
    moved: Vectors
    back: Vectors

    def near(self) -> Rows:
        first = self.space.first.index.nearest(self.first, _NEAREST)
        second = self.space.second.index.nearest(self.centred, _NEAREST_SECOND)
        return np.concatenate([first, second])

    def similarity(self, rows: Rows) -> Scores:
        """Return the sum of both cosines and of the one under the adapter."""
        first, second = self.space.first.index.taken(rows), self.space.second.index.taken(rows)
        split = first.shape[1]
        adapted = first @ self.back[:split] + second @ self.back[split:]
        plain = first @ self.first + second @ self.centred
        adapted /= self.space._moved_lengths[rows]
        return np.asarray(plain + adapted, dtype=np.float32)

    def means(self, pairs: Rows) -> Scores:
        both = ((self.space.first, self.first), (self.space.second, self.centred))
        first, second = (
            space.centres.cosines(Cosines(space.index, vector), pairs) for space, vector in both
        )
        return np.asarray(1.5 * (first + second), dtype=np.float32)

    def classified(self, pairs: Rows) -> Scores | None:
        classifier = self.space._classifier
        return None if classifier is None else classifier.scores(self.moved, pairs)

    def plain(self, rows: Rows) -> Scores:
        """Return the second encoder's cosines, the mean put back."""
        return self.space.second.plain(self.second, rows)


def _classifier(wordings: Wordings, vectors: Callable[[Rows], Vectors]) -> Discriminant | None:
    """Return the classifier of a base, from the vectors of its rows; None for a base without."""
    if not 2 <= len(wordings.sizes) <= MOST_PAIRS:
        return None
    if len(wordings.texts) < LEAST_WORDINGS * len(wordings.sizes):
        return None
    rows = vectors(np.arange(len(wordings.texts)))
    return fitted(rows, wordings.owners, wordings.mean(rows))
