"""Holds answers to a contract: cuts and probabilities by a base's own labelled questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from cs_bot.retrieval.decide import KbqaSettings, Zone
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.recalibration import Recalibration, recalibrated
from cs_bot.retrieval.risk import Choice, Contract, choose, choose_list
from cs_bot.types import Candidate

if TYPE_CHECKING:
    from cs_bot.retrieval.evaluation import Ask, EvaluationQuery, Prediction

EXACT_ONLY = 0.9995
"""The cut where no other is safe: a question that equals a wording is still answered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the labelled questions of a base led to."""

    choice: Choice
    recalibration: Recalibration
    list_cut: float | None = None
    """A list this likely to hold the right question does; None where nothing can be promised."""

    def settings(self, settings: KbqaSettings) -> KbqaSettings:
        """Return the settings with the chosen cuts in place of thresholds and margin.

        A list needs to be as likely as the settings ask for in any case: they keep lists from
        questions that have no answer.
        """
        cut = EXACT_ONLY if self.choice.cut is None else self.choice.cut
        likely = max(settings.suggest_threshold, self.list_cut or 0.0)
        return replace(_cut_at(settings, cut), suggest_threshold=likely)

    def restated(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Return the candidates with the probabilities that the base's questions show.

        The others share what the best one leaves as they did before. A question that equals a
        wording is certain whatever the rest is.
        """
        if not candidates or candidates[0].via == "exact":
            return candidates
        best, *others = candidates
        first = self.recalibration(best.score)
        left = (1 - first) / max(1 - best.score, 1e-9)
        shared = [replace(other, score=min(other.score * left, first)) for other in others]
        return (replace(best, score=first), *shared)

    def stated(self, ask: Ask) -> Ask:
        """Return the same answers with the probabilities that the base's questions show."""

        def restated(query: str) -> tuple[Zone, tuple[Candidate, ...]]:
            zone, candidates = ask(query)
            return zone, self.restated(candidates)

        return restated


Holds = Literal["cut", "lists", "thresholds"]


def holding(settings: KbqaSettings, found: Terms | None) -> Holds:
    """Return what answers go by: the proven cut; without one, lists or the thresholds."""
    if not settings.risk:
        return "thresholds"
    if found is not None and found.choice.cut is not None:
        return "cut"
    return "thresholds" if settings.unproven == "thresholds" else "lists"


def under_contract(settings: KbqaSettings, found: Terms | None) -> KbqaSettings:
    """Return the cuts that hold, given what the labelled questions led to so far."""
    if holding(settings, found) == "thresholds":
        return settings
    return _cut_at(settings, EXACT_ONLY) if found is None else found.settings(settings)


def _cut_at(settings: KbqaSettings, cut: float) -> KbqaSettings:
    digression = max(settings.digression_threshold, cut)
    return replace(settings, answer_threshold=cut, margin=0.0, digression_threshold=digression)


def terms(rows: Sequence[LabelledRow], contract: Contract) -> Terms:
    """Return the terms that labelled questions lead to."""
    choice = choose(rows, contract)
    cut = EXACT_ONLY if choice.cut is None else choice.cut
    return Terms(choice, recalibrated(rows), choose_list(rows, cut, contract))


def labelled_rows(
    queries: Sequence[EvaluationQuery], predictions: Sequence[Prediction], listed: int
) -> list[LabelledRow]:
    """Return what is known of questions that were asked under `everything_direct`.

    Under those settings a question in zone `suggest` is one that the contrast guard keeps from a
    direct answer whatever the cut. A question that equals a wording is left out: it is answered in
    any case, and says nothing about the others. `listed` candidates make a list.
    """
    return [
        _row(query, made, listed)
        for query, made in zip(queries, predictions, strict=True)
        if not (made.candidates and made.candidates[0].via == "exact")
    ]


def everything_direct(settings: KbqaSettings) -> KbqaSettings:
    """Return the settings under which only the contrast guard keeps back a direct answer."""
    return replace(settings, answer_threshold=0.0, margin=0.0)


def _row(query: EvaluationQuery, made: Prediction, listed: int) -> LabelledRow:
    shown = made.candidates[:listed]
    best = shown[0] if shown else None
    return LabelledRow(
        score=best.score if best else 0.0,
        right=best is not None and best.id == query.gold,
        answerable=query.gold is not None,
        likely=sum(candidate.score for candidate in shown),
        holds=query.gold is not None and any(c.id == query.gold for c in shown),
        held=made.zone != "answer",
        gold=query.gold,
        best=best.id if best else None,
    )
