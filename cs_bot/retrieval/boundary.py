"""How many of the next answers may turn out wrong, given how many of the labelled ones did.

The labelled questions and the next ones come from the same customers. Lower the cut step by step
and note each wrong answer as it passes, among the labelled ones or among as many to come: a coin
flip says which. So the two counts are a walk on a grid, whatever the scores and however many there
are in all, and the probability that the walk ever leaves a boundary is a finite sum. A boundary
that it leaves with no more than the doubt holds for all cuts at once, so any of them may be
chosen after looking.

Nothing is assumed but that the questions come in no particular order (exchangeability).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 200
"""Labelled errors up to which the walk is followed. Longer ones are walked in a model of this
length, because only the ratio of last to first step matters to a long walk."""
_HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Boundary:
    """Bounds for cuts that let from `first` to `last` labelled errors through."""

    first: int
    last: int
    doubt: float
    """What each step may miss by, so that all together miss by no more than was allowed."""

    def __call__(self, errors: float) -> float:
        """Return how many errors the next answers exceed only with the doubt.

        Between whole counts the bound is interpolated; fewer errors than `first` are taken for
        `first`, and past `last` there is no bound.
        """
        if errors > self.last:
            return math.inf
        below = max(math.floor(errors), self.first)
        share = max(errors - below, 0.0)
        low = next_errors(below, self.doubt)
        return low if not share else low + share * (next_errors(below + 1, self.doubt) - low)


@lru_cache(maxsize=256)
def boundary(first: int, last: int, doubt: float) -> Boundary:
    """Return the boundary that the walk leaves between two counts with no more than the doubt."""
    scale = min(1.0, _MOST_STEPS / max(last, 1))
    start, end = math.floor(first * scale), math.ceil(last * scale)
    low, high = math.log(doubt / (10 * (end + 1))), math.log(doubt)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if leaving(start, end, math.exp(middle)) <= doubt:
            low = middle
        else:
            high = middle
    return Boundary(first, last, math.exp(low))


def leaving(first: int, last: int, doubt: float) -> float:
    """Return the probability that the next errors ever exceed the bounds of single steps.

    Followed count by count: while so many labelled errors have been seen, each further error is
    one of the next ones with probability 1/2, else the count goes up.
    """
    bounds = [next_errors(count, doubt) for count in range(first, last + 1)]
    steps = np.arange(bounds[-1] + 1)
    halves = np.where(steps[:, None] >= steps, 0.5 ** (steps[:, None] - steps + 1.0), 0.0)
    inside = _chances(first, len(steps))  # where the walk comes to `first`, nobody having looked
    for bound in bounds:
        inside = halves @ inside
        inside[bound + 1 :] = 0.0
    return 1.0 - float(inside.sum())


@lru_cache(maxsize=4096)
def next_errors(errors: int, doubt: float) -> int:
    """Return what the next errors exceed with no more than the doubt, seen so many of as many.

    A quantile of the negative binomial distribution, of one error more than was seen.
    """
    room = errors + 1 + math.ceil(10 * math.sqrt(2 * errors + 2) + 4 * math.log(1 / doubt))
    return int(np.searchsorted(_chances(errors + 1, room).cumsum(), 1 - doubt))


def _chances(seen: int, room: int) -> Floats:
    """Return the chances of 0, 1, ... tails before the coin has shown so many heads."""
    if not seen:
        return np.eye(1, room).ravel()
    number = np.arange(1, room)
    steps = np.log((number - 1 + seen) / number) - math.log(2)
    logarithms = np.concatenate([[0.0], steps.cumsum()]) - seen * math.log(2)
    chances: Floats = np.exp(logarithms)
    return chances
