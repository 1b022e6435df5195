"""Holds answers to a contract: cuts and probabilities by a base's own labelled questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cs_bot.retrieval.decide import KbqaSettings, Zone
from cs_bot.retrieval.risk import (
    Choice,
    Contract,
    LabelledRow,
    Recalibration,
    choose,
    recalibrated,
)
from cs_bot.types import Candidate

if TYPE_CHECKING:
    from cs_bot.retrieval.evaluation import Ask, EvaluationQuery, Prediction

_EXACT_ONLY = 0.9995
"""The cut where no other is safe: a question that equals a wording is still answered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the labelled questions of a base led to."""

    choice: Choice
    recalibration: Recalibration

    def settings(self, settings: KbqaSettings) -> KbqaSettings:
        """Return the settings with the chosen cut in place of threshold and margin."""
        cut = _EXACT_ONLY if self.choice.cut is None else self.choice.cut
        return replace(settings, answer_threshold=cut, margin=0.0)

    def stated(self, ask: Ask) -> Ask:
        """Return the same answers with the probabilities that the base's questions gave."""

        def restated(query: str) -> tuple[Zone, tuple[Candidate, ...]]:
            zone, candidates = ask(query)
            return zone, _restated(candidates, self.recalibration)

        return restated


def terms(
    queries: Sequence[EvaluationQuery], predictions: Sequence[Prediction], contract: Contract
) -> Terms:
    """Return the terms for labelled questions and what was predicted for them.

    The predictions are those of a cut at 0, so that a question in zone `suggest` is one that the
    contrast guard keeps from a direct answer whatever the cut.
    """
    rows = [_row(query, made) for query, made in zip(queries, predictions, strict=True)]
    direct = [
        row
        for row, made in zip(rows, predictions, strict=True)
        if made.zone == "answer" or not made.candidates
    ]
    return Terms(choose(direct, contract), recalibrated(rows))


def everything_direct(settings: KbqaSettings) -> KbqaSettings:
    """Return the settings under which only the contrast guard keeps back a direct answer."""
    return replace(settings, answer_threshold=0.0, margin=0.0)


def _row(query: EvaluationQuery, made: Prediction) -> LabelledRow:
    best = made.candidates[0] if made.candidates else None
    return LabelledRow(
        score=best.score if best else 0.0,
        right=best is not None and best.id == query.gold,
        answerable=query.gold is not None,
    )


def _restated(
    candidates: tuple[Candidate, ...], recalibration: Recalibration
) -> tuple[Candidate, ...]:
    """Return the best candidate restated, the others sharing what is left as they did before."""
    if not candidates:
        return ()
    best, *others = candidates
    first = recalibration(best.score)
    left = (1 - first) / max(1 - best.score, 1e-9)
    shared = [replace(other, score=min(other.score * left, first)) for other in others]
    return (replace(best, score=first), *shared)
