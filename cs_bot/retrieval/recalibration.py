"""Turns stated probabilities into those that a base's own labelled questions show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.retrieval.labelled import LabelledRow

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A monotone map from probabilities to probabilities: `sigmoid(slope * logit + offset)`."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, score: float) -> float:
        """Return the probability that the base's own questions give for a stated one."""
        inside = min(max(score, 1e-6), 1 - 1e-6)
        logit = math.log(inside / (1 - inside))
        return 1 / (1 + math.exp(-(self.slope * logit + self.offset)))


_SHRINKAGE = 4.0
_LEAST_SLOPE = 0.2
_MOST_STEPS = 100
_SMALL_STEP = 1e-9


def recalibrated(rows: Sequence[LabelledRow]) -> Recalibration:
    """Return the map under which the rows' probabilities are what was observed (Platt 1999).

    Held near "as stated", the more so the fewer rows there are; never flat or turned round, so
    that it changes no order and with it no cut.
    """
    if not rows:
        return Recalibration()
    scores = np.clip([row.score for row in rows], 1e-6, 1 - 1e-6)
    logits = np.log(scores / (1 - scores))
    right = np.array([row.right for row in rows], dtype=np.float64)
    one = np.ones_like(logits)
    # Fitted from "as stated" on: what is added to slope 1 and offset 0.
    added, offset = _fitted(np.stack([logits, one], axis=1), right, logits)
    slope = 1 + added
    if slope < _LEAST_SLOPE:  # the offset was right for the other slope only
        slope = _LEAST_SLOPE
        (offset,) = _fitted(one[:, None], right, slope * logits)
    return Recalibration(slope, offset)


def _fitted(design: Floats, right: Floats, fixed: Floats) -> list[float]:
    """Minimise the loss of logits `fixed + design @ solution` by Newton's method.

    Each step is halved until it leads downwards: whole ones overshoot where the stated
    probabilities lie far off, and never come back.
    """
    solution = np.zeros(design.shape[1])
    pull = _SHRINKAGE * np.eye(design.shape[1])
    for _ in range(_MOST_STEPS):
        stated = 0.5 * (1 + np.tanh((fixed + design @ solution) / 2))
        gradient = design.T @ (stated - right) + _SHRINKAGE * solution
        curvature = (design * (stated * (1 - stated))[:, None]).T @ design
        step = np.linalg.solve(curvature + pull, gradient)
        before = _loss(fixed + design @ solution, right, solution)
        while _loss(fixed + design @ (solution - step), right, solution - step) > before:
            step = step / 2
        if np.abs(step).max() < _SMALL_STEP:
            break
        solution = solution - step
    return [float(value) for value in solution]


def _loss(logits: Floats, right: Floats, solution: Floats) -> float:
    """Return the cross-entropy, and what it costs to leave the probabilities as stated."""
    entropy = (np.logaddexp(0, logits) - right * logits).sum()
    return float(entropy + _SHRINKAGE / 2 * solution @ solution)
