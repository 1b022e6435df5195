"""Chooses the cut above which answers go out directly, so that few of them are wrong.

The operator states a risk: the share of direct answers that may be wrong. From labelled questions
the lowest cut is chosen at which the next answers, as many as were labelled, keep it with
confidence, whatever the distribution (`boundary.py`). Questions without an answer count more than
once, because live traffic may hold more of them than was labelled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cs_bot.retrieval.boundary import Boundary, boundary
from cs_bot.retrieval.labelled import LabelledRow

_FIRST, _LAST = 0.05, 0.5
"""The errors a cut may have let through, in shares of what the risk allows if all were answered:
the boundary has to hold for these only. A cut that answers two thirds of the questions, and may
answer no more because of the doubt, lies in the middle."""
_MOST_NEEDED = 1_000_000


@dataclass(frozen=True, slots=True)
class Contract:
    """What the operator allows."""

    risk: float = 0.02
    """Share of direct answers that may be wrong."""
    doubt: float = 0.1
    """Probability that the labelled questions misled us."""
    growth: float = 2.0
    """How many times as large the share of unanswerable questions may be in live traffic."""
    missed: float = 0.1
    """Share of "did you mean" lists that may lack the right question where there is one."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One cut: what it would let through, and how much of that would be wrong."""

    cut: float
    coverage: float
    """Share of all labelled questions that are answered directly."""
    risk: float
    bound: float
    """The next answers keep this risk, except for the stated doubt."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen cut; None where the labelled questions do not suffice for any."""

    cut: float | None
    labelled: int
    needed: int
    """Labelled questions that no cut can do with fewer of, all of them answered rightly."""
    curve: tuple[CurvePoint, ...]

    def __str__(self) -> str:
        if self.cut is not None:
            return f"direct answers from a probability of {self.cut:.3f} on"
        if self.labelled < self.needed:
            return f"not enough labelled questions: {self.labelled} of {self.needed}; lists instead"
        return "no cut keeps the stated risk on these questions; lists instead"


@dataclass(frozen=True, slots=True)
class _Tally:
    """What the direct answers above one cut came to."""

    right: int = 0
    wrong: int = 0
    """Wrong answers to questions that have a right one."""
    unanswerable: int = 0
    """Answers to questions that have none."""

    def plus(self, row: LabelledRow) -> _Tally:
        if row.right:
            return replace(self, right=self.right + 1)
        if row.answerable:
            return replace(self, wrong=self.wrong + 1)
        return replace(self, unanswerable=self.unanswerable + 1)

    @property
    def answers(self) -> int:
        return self.right + self.wrong + self.unanswerable


def choose(rows: Sequence[LabelledRow], contract: Contract) -> Choice:
    """Return the lowest cut that keeps the contract; equal scores are cut off together.

    What the contrast guard holds back is never answered directly and counts for no cut.
    """
    direct = [row for row in rows if not row.held]
    weight = _weight(rows, contract.growth)
    bound = _boundary(len(rows), contract)
    curve = []
    for cut, tally in _tallies(direct):
        wrong = _next_wrong(tally, bound, weight)
        promised = wrong / (wrong + tally.right) if math.isfinite(wrong) else 1.0
        plain = 1 - tally.right / tally.answers
        curve.append(CurvePoint(cut, tally.answers / len(rows), plain, promised))
    kept = [point.cut for point in curve if point.bound <= contract.risk]
    return Choice(min(kept, default=None), len(rows), least_rows(contract), tuple(curve))


def choose_list(rows: Sequence[LabelledRow], cut: float, contract: Contract) -> float | None:
    """Return how likely a list must be to hold the right question so that enough do.

    Counted are the questions with an answer that get none directly at the cut; None where they do
    not suffice.
    """
    listed = [
        LabelledRow(row.likely, row.holds, answerable=True)
        for row in rows
        if row.answerable and (row.held or row.score < cut)
    ]
    return choose(listed, replace(contract, risk=contract.missed)).cut


def thinned(
    curve: Sequence[CurvePoint], most: int = 100, *, cut: float | None = None
) -> list[CurvePoint]:
    """Return no more points than that, the first and the last among them, evenly by number.

    The point of `cut` is kept beside them.
    """
    if len(curve) <= most:
        return list(curve)
    places = {round(at * (len(curve) - 1) / (most - 1)) for at in range(most)}
    return [point for at, point in enumerate(curve) if at in places or point.cut == cut]


def least_rows(contract: Contract) -> int:
    """Return how many labelled questions it takes, all answered rightly, to keep the contract."""
    low, high = 0, 1
    while not _suffices(high, contract) and high < _MOST_NEEDED:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _suffices(middle, contract) else (middle, high)
    return high


def _suffices(rows: int, contract: Contract) -> bool:
    wrong = _boundary(rows, contract)(0)
    return wrong <= contract.risk * (wrong + rows)


def _boundary(rows: int, contract: Contract) -> Boundary:
    allowed = contract.risk * rows
    return boundary(math.floor(_FIRST * allowed), math.ceil(_LAST * allowed), contract.doubt)


def _weight(rows: Sequence[LabelledRow], growth: float) -> float:
    """Return how often an unanswerable question counts when their share has grown.

    No share grows past a half, or to where it was.
    """
    share = sum(not row.answerable for row in rows) / max(len(rows), 1)
    grown = max(min(growth * share, 0.5), share)
    return grown * (1 - share) / (share * (1 - grown)) if 0 < share < 1 else 1.0


def _next_wrong(tally: _Tally, bound: Boundary, weight: float) -> float:
    """Return how many wrong answers are to come, where some kinds count several times.

    Weighted errors scatter like fewer errors that count more each.
    """
    errors = tally.wrong + weight * tally.unanswerable
    if not errors:
        return bound(0)
    each = (tally.wrong + weight**2 * tally.unanswerable) / errors
    return each * bound(errors / each)


def _tallies(rows: Iterable[LabelledRow]) -> Iterable[tuple[float, _Tally]]:
    """Return what each cut lets through, from the strictest on."""
    tally = _Tally()
    ordered = sorted(rows, key=lambda row: -row.score)
    for cut, equal in groupby(ordered, key=lambda row: row.score):
        for row in equal:
            tally = tally.plus(row)
        yield cut, tally
