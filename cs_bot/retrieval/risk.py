"""Chooses the cut above which answers go out directly, so that few of them are wrong.

The operator states a risk: the share of direct answers that may be wrong. From labelled questions
the lowest cut is chosen whose risk is bounded by it with confidence, whatever the distribution:
Learn then Test (Angelopoulos et al. 2021) with fixed-sequence testing from the strictest cut
downwards, from several starting points that share the doubt, and exact binomial tails (Clopper
and Pearson 1934). Questions without an answer count
more than once, because live traffic may hold more of them than was labelled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 1.1
"""Each cut lets this many times as many questions through as the one before it."""
_STARTS = 4
"""Starting points: from one alone, a single early error would end the search."""


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """What is known of one labelled question: the best candidate's probability, and the truth."""

    score: float
    right: bool
    """Whether the best candidate is the right pair."""
    answerable: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """What the operator allows."""

    risk: float = 0.02
    """Share of direct answers that may be wrong."""
    doubt: float = 0.1
    """Probability that the labelled questions misled us."""
    growth: float = 2.0
    """How many times as many unanswerable questions live traffic may hold."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One cut: what it would let through, and how much of that would be wrong."""

    cut: float
    coverage: float
    """Share of all labelled questions that are answered directly."""
    risk: float
    bound: float
    """The risk is no larger, except for the stated doubt."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen cut; None where the labelled questions do not suffice for any."""

    cut: float | None
    labelled: int
    needed: int
    """Labelled questions, best candidates right, that no cut can do with fewer of."""
    curve: tuple[CurvePoint, ...]

    def __str__(self) -> str:
        if self.cut is not None:
            return f"direct answers from a probability of {self.cut:.3f} on"
        if self.labelled < self.needed:
            return f"not enough labelled questions: {self.labelled} of {self.needed}; lists instead"
        return "no cut keeps the stated risk on these questions; lists instead"


def choose(rows: Sequence[LabelledRow], contract: Contract) -> Choice:
    """Return the lowest cut that keeps the contract; equal scores are cut off together."""
    ordered = sorted(rows, key=lambda row: -row.score)
    needed = least_rows(contract)
    curve = [_point(ordered[:end], len(rows), contract) for end in _ends(ordered, needed)]
    passed = [point for start in _starts(curve) for point in _passing(curve[start:], contract)]
    cut = min((point.cut for point in passed), default=None)
    return Choice(cut, len(rows), needed, tuple(curve))


def _starts(curve: Sequence[CurvePoint]) -> set[int]:
    return {number * len(curve) // _STARTS for number in range(_STARTS)}


def _passing(curve: Iterable[CurvePoint], contract: Contract) -> Iterator[CurvePoint]:
    return takewhile(lambda point: point.bound <= contract.risk, curve)


def least_rows(contract: Contract) -> int:
    """Return how many right answers without a wrong one it takes to keep the contract."""
    return math.ceil(math.log(contract.doubt / _STARTS) / math.log1p(-contract.risk))


def _ends(ordered: Sequence[LabelledRow], first: int) -> list[int]:
    """Return how many rows each cut lets through; chosen by the scores, never by the labels."""
    ends, size = [], float(first)
    while size < len(ordered):
        ends.append(_past_ties(ordered, math.ceil(size)))
        size = max(size * _STEPS, size + 1)
    if len(ordered) >= first:
        ends.append(len(ordered))
    return sorted(set(ends))


def _past_ties(ordered: Sequence[LabelledRow], end: int) -> int:
    while end < len(ordered) and ordered[end].score == ordered[end - 1].score:
        end += 1
    return end


def _point(through: Sequence[LabelledRow], asked: int, contract: Contract) -> CurvePoint:
    weights = [1.0 if row.answerable else contract.growth for row in through]
    wrong = sum(weight for row, weight in zip(through, weights, strict=True) if not row.right)
    plain = sum(not row.right for row in through) / len(through)
    bound = upper_bound(wrong, sum(weights), contract.doubt / _STARTS)
    return CurvePoint(through[-1].score, len(through) / asked, plain, bound)


def upper_bound(wrong: float, answers: float, doubt: float) -> float:
    """Return the largest risk under which so few wrong answers are no rarer than the doubt.

    Counts may be fractions; wrong ones are rounded up and right ones down.
    """
    errors = math.ceil(wrong)
    trials = errors + math.floor(answers - wrong)
    low, high = errors / max(trials, 1), 1.0
    while high - low > 1e-5:
        middle = (low + high) / 2
        if _tail(errors, trials, middle) > doubt:
            low = middle
        else:
            high = middle
    return high


def _tail(errors: int, trials: int, risk: float) -> float:
    """Return the probability of at most so many errors in so many trials."""
    if errors >= trials:
        return 1.0
    counts = np.arange(errors + 1)
    ways = np.array(
        [
            math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
            for count in counts.tolist()
        ]
    )
    logs = ways + counts * math.log(risk) + (trials - counts) * math.log1p(-risk)
    return float(np.exp(logs).sum())


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
