"""Counts whether a contract is kept: labelled questions are split again and again.

One half chooses the cut, the other half is answered by it, once as it is and once with the share of
unanswerable questions doubled. Beside it stands what the best cut in hindsight reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.risk import Contract, choose

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the splits."""

    kept: float
    """Share of splits in which no more of the direct answers were wrong than was allowed."""
    reached: float | None
    """Right direct answers in shares of what the best cut in hindsight gives; None where it gives
    none."""
    silent: float
    """Share of splits in which nothing was answered directly."""


@dataclass(frozen=True, slots=True)
class _Half:
    scores: Floats
    right: Floats
    wrong: Floats

    def above(self, cut: float) -> tuple[float, float]:
        through = self.scores >= cut
        return float(self.right[through].sum()), float(self.wrong[through].sum())


def resplit(
    rows: Sequence[LabelledRow],
    contract: Contract,
    *,
    share: float,
    splits: int = 200,
    seed: int = 0,
) -> Kept:
    """Return what came of it when the unanswerable ones make up `share` of the answered half.

    What the contrast guard holds back is asked, but answered in neither half.
    """
    random = np.random.default_rng(seed)
    kept = silent = 0
    reached = possible = 0.0
    for _ in range(splits):
        order = random.permutation(len(rows))
        tuned = [rows[at] for at in order[: len(rows) // 2]]
        half = _half([rows[at] for at in order[len(rows) // 2 :]], share)
        cut = choose(tuned, contract).cut
        right, wrong = half.above(2.0 if cut is None else cut)
        kept += wrong <= contract.risk * (right + wrong)
        silent += cut is None
        reached += right
        possible += _hindsight(half, contract.risk)
    return Kept(kept / splits, reached / possible if possible else None, silent / splits)


def _half(rows: Sequence[LabelledRow], share: float) -> _Half:
    lacking = sum(not row.answerable for row in rows)
    weight = share / (1 - share) * (len(rows) - lacking) / lacking if lacking else 1.0
    direct = [row for row in rows if not row.held]
    weights = np.array([1.0 if row.answerable else weight for row in direct])
    right = np.array([row.right for row in direct], dtype=np.float64)
    return _Half(np.array([row.score for row in direct]), weights * right, weights * (1 - right))


def _hindsight(half: _Half, risk: float) -> float:
    """Return the most right answers that any cut gives within the risk."""
    order = np.argsort(-half.scores, kind="stable")
    scores = half.scores[order]
    ends = np.append(scores[1:] != scores[:-1], True)  # equal scores are cut off together
    right, wrong = half.right[order].cumsum()[ends], half.wrong[order].cumsum()[ends]
    within = wrong <= risk * (right + wrong)
    return float(right[within].max(initial=0.0))
