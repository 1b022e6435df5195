"""Lets customers' votes move candidates, within bounds; pure.

They reorder a list and turn a direct answer into a list. They make no direct answer: what was
none without them is none with them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cs_bot.retrieval.decide import KbqaSettings, Zone, decide
from cs_bot.types import Candidate

_CERTAIN = 0.999
"""A question in the very words of a pair: that is the operator's word, not the customers'."""


def revised(
    candidates: Sequence[Candidate],
    shifts: Mapping[str, float],
    settings: KbqaSettings,
    *,
    in_task: bool = False,
) -> tuple[tuple[Candidate, ...], Zone]:
    """Return the candidates as votes move them, and the zone they fall into then.

    A direct answer falls back to a list only where votes are against the pair itself, and never
    to silence.
    """
    zone = decide(candidates, settings, in_task=in_task)
    if zone == "answer" and shifts.get(candidates[0].id, 0.0) >= 0:
        return tuple(candidates), zone
    moved = shifted(candidates, shifts)
    then = decide(moved, settings, in_task=in_task)
    if zone == "answer":
        stays = then == "answer" and moved[0].id == candidates[0].id
        return moved, "answer" if stays else "suggest"
    return moved, "suggest" if then == "answer" else then


def shifted(candidates: Sequence[Candidate], shifts: Mapping[str, float]) -> tuple[Candidate, ...]:
    """Return the candidates, the most probable first, each moved by its shift in log-odds."""
    moved = [_moved(candidate, shifts.get(candidate.id, 0.0)) for candidate in candidates]
    return tuple(sorted(moved, key=lambda candidate: -candidate.score))


def _moved(candidate: Candidate, by: float) -> Candidate:
    if not by or candidate.score >= _CERTAIN:
        return candidate
    odds = candidate.score / (1 - candidate.score) * math.exp(by)
    features = {**candidate.features, "feedback": round(by, 4)}
    return replace(candidate, score=odds / (1 + odds), features=features)
