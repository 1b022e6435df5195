"""The measures of question answering, one formula each; rows in, numbers out.

Keys and definitions are those of the project's public scorer, so that both print the same JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.retrieval.decide import Zone
from cs_bot.types import Candidate

_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled question; `gold` is None where no answer exists."""

    gold: str | None
    zone: Zone
    candidates: tuple[Candidate, ...]
    ms: float

    @property
    def rank(self) -> int | None:
        """Where the right pair stands among the candidates, 0 is first; None when it is absent."""
        ids = [candidate.id for candidate in self.candidates]
        return ids.index(self.gold) if self.gold in ids else None

    @property
    def top(self) -> float:
        """The score of the best candidate, minus infinity without one."""
        return self.candidates[0].score if self.candidates else float("-inf")


def score(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Return all measures; one that has nothing to measure is None."""
    inside = [o for o in outcomes if o.gold is not None]
    outside = [o for o in outcomes if o.gold is None]
    ranks = [o.rank for o in inside]
    found = [rank for rank in ranks if rank is not None]
    direct = [o for o in outcomes if o.zone == "answer"]
    right = sum(o.zone == "answer" and o.rank == 0 for o in inside)
    lists = [o for o in inside if o.zone == "suggest"]
    hits = sum(o.rank is not None and o.rank < 5 for o in lists)
    ms = sorted(o.ms for o in outcomes)
    return {
        "queries": len(outcomes),
        "answerable": len(inside),
        "oos": len(outside),
        "r1": _ratio(ranks.count(0), len(inside)),
        "r5": _ratio(sum(rank < 5 for rank in found), len(inside)),
        "mrr": _ratio(sum(1 / (rank + 1) for rank in found), len(inside)),
        "auroc": auroc([o.top for o in inside], [o.top for o in outside]),
        "answered": _ratio(len(direct), len(outcomes)),
        "wrong_answer": _ratio(len(direct) - right, len(direct)),
        "right_answer": _ratio(right, len(inside)),
        "suggest_hit": _ratio(hits, len(lists)),
        "resolved": _ratio(right + hits, len(inside)),
        "oos_none": _ratio(sum(o.zone == "none" for o in outside), len(outside)),
        "oos_answered": _ratio(sum(o.zone == "answer" for o in outside), len(outside)),
        "ece": calibration_error([(o.top, o.rank == 0) for o in outcomes if o.candidates]),
        "ms_p50": _percentile(ms, 0.5),
        "ms_p95": _percentile(ms, 0.95),
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return how often a positive scores above a negative, a tie counting half."""
    if not positive or not negative:
        return None
    above = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return round(above / (len(positive) * len(negative)), 4)


def calibration_error(tops: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean gap between stated and observed probability over ten equal bins."""
    if not tops:
        return None
    gaps = [0.0] * _BINS
    for stated, right in tops:
        gaps[min(_BINS - 1, int(stated * _BINS))] += stated - right
    return round(sum(abs(gap) for gap in gaps) / len(tops), 4)


def _ratio(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else None
