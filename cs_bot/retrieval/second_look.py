"""Lets a reranker read the best candidates beside the query and moves them by what it thinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs_bot.models.rerankers import Reranker, blended
from cs_bot.types import Candidate

_WEIGHT = 0.5
_CERTAIN = 0.999


def looked_at_twice(
    reranker: Reranker, query: str, candidates: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """Return the candidates in their new order; together they are as probable as before.

    A certain one is not doubted, and one alone has nothing to be compared with.
    """
    if len(candidates) < 2 or candidates[0].score >= _CERTAIN:
        return tuple(candidates)
    scores = np.array([max(candidate.score, 1e-6) for candidate in candidates], dtype=np.float32)
    logits = reranker.scores(query, [candidate.question for candidate in candidates])
    odds = np.exp(blended(np.log(scores), logits, _WEIGHT))
    shares = odds * scores.sum() / odds.sum()
    moved = [
        replace(
            candidate,
            score=float(share),
            features={**candidate.features, "reranker": round(float(logit), 4)},
        )
        for candidate, share, logit in zip(candidates, shares, logits, strict=True)
    ]
    return tuple(sorted(moved, key=lambda candidate: -candidate.score))
