"""The per-base classifier: which pair is likeliest, by how a base's own wordings scatter.

Linear discriminant analysis (Fisher 1936) with one covariance for all pairs, shrunk towards a
sphere (Friedman 1989). It is a formula, not a search: seconds for the largest base, and one
matrix however many pairs there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Vectors

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

LEAST_WORDINGS = 1.5
"""A pair, on average: with fewer there is next to no scatter to learn from."""

MOST_PAIRS = 5000
"""A larger base has no classifier: fitting it would take longer than an edit may."""

_SHRINKAGE = 0.7
_MOST_ROWS = 20_000
"""Rows from which the covariance is estimated; more change nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Discriminant:
    """Scores of shape (pairs,) that differ between pairs as log-likelihoods do."""

    _metric: Vectors
    """The inverse covariance, shape (dimensions, dimensions)."""
    _centres: Vectors
    _offsets: Scores

    def scores(self, query: Vectors, pairs: Rows) -> Scores:
        """Return the score of each of these pairs for one query."""
        scores: Scores = self._centres[pairs] @ (self._metric @ query) - self._offsets[pairs]
        return scores


def fitted(rows: Vectors, owners: Rows, centres: Vectors) -> Discriminant:
    """Return the classifier of a base.

    `rows` has shape (wordings, dimensions), `owners` names the pair of each, `centres` are the
    means of the pairs' rows.
    """
    metric = np.linalg.inv(_covariance(rows, owners, centres)).astype(np.float32)
    offsets = np.einsum("pd,pd->p", centres @ metric, centres) / 2
    return Discriminant(metric, centres, offsets.astype(np.float32))


def _covariance(rows: Vectors, owners: Rows, centres: Vectors) -> NDArray[np.float64]:
    some = _spread_out(len(rows))
    scatter = rows[some] - centres[owners[some]]
    # Of rows about their own mean, one in a pair is not free.
    free = len(some) * (1 - len(centres) / len(rows))
    covariance = (scatter.T @ scatter).astype(np.float64) / max(free, 1.0)
    size = len(covariance)
    sphere = np.eye(size) * (np.trace(covariance) / size + 1e-9)
    shrunk: NDArray[np.float64] = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * sphere
    return shrunk


def _spread_out(count: int) -> Sequence[int] | Rows:
    if count <= _MOST_ROWS:
        return np.arange(count)
    return np.linspace(0, count - 1, _MOST_ROWS).astype(np.int64)
