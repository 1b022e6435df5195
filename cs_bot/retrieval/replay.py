"""Asks questions before and after a change of the knowledge and says which answers change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cs_bot.retrieval.decide import Zone
from cs_bot.retrieval.evaluation import Ask
from cs_bot.types import QAPair, Wording

Verdict = Literal["better", "worse", "other"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to replay: one that is labelled, or one that a customer asked."""

    text: str
    labelled: bool = False
    gold: str | None = None
    """Id of the right pair, where labelled; None where it has no answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a customer would get: an answer, a list or nothing."""

    zone: Zone
    best: str | None = None
    """Id of the pair that answers or leads the list."""
    listed: tuple[str, ...] = ()
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer changes."""

    question: Question
    before: Outcome
    after: Outcome
    edited: bool
    """The same pair answers, but it says something else."""
    verdict: Verdict
    """For a labelled question, whether the customer is better off; `other` where nobody can say."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison."""

    ask: Ask
    pairs: Mapping[str, QAPair]


def replay(
    questions: Sequence[Question],
    before: Side | None,
    after: Side,
    *,
    listed: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[Change, ...]:
    """Return the questions whose answers change, in their order; `listed` lines make a list."""
    changes = []
    for number, question in enumerate(questions, 1):
        was = Outcome("none") if before is None else _outcome(before.ask, question.text, listed)
        now = _outcome(after.ask, question.text, listed)
        edited = _edited(was, now, before, after)
        if edited or (was.zone, was.best) != (now.zone, now.best):
            changes.append(Change(question, was, now, edited, _verdict(question, was, now)))
        if progress is not None:
            progress(number)
    return tuple(changes)


def _outcome(ask: Ask, text: str, listed: int) -> Outcome:
    zone, candidates = ask(text)
    if zone == "none" or not candidates:
        return Outcome("none")
    shown = tuple(candidate.id for candidate in candidates[:listed])
    return Outcome(zone, shown[0], shown if zone == "suggest" else (), candidates[0].score)


def _edited(was: Outcome, now: Outcome, before: Side | None, after: Side) -> bool:
    if before is None or now.zone != "answer" or (was.zone, was.best) != (now.zone, now.best):
        return False
    old, new = before.pairs[now.best or ""], after.pairs[now.best or ""]
    return _said(old) != _said(new)


def _said(pair: QAPair) -> QAPair:
    """Return a pair less what it is asked by and filed under: what a customer can be told."""
    answers = {name: Wording("", (), one.answer) for name, one in pair.translations.items()}
    return replace(pair, question="", similar=(), translations=answers, category="", tags=())


def _verdict(question: Question, was: Outcome, now: Outcome) -> Verdict:
    if not question.labelled:
        return "other"
    old, new = _worth(question.gold, was), _worth(question.gold, now)
    if old == new:
        return "other"
    return "better" if new > old else "worse"


def _worth(gold: str | None, outcome: Outcome) -> int:
    """Return how well off a customer is: a wrong answer is worse than none, a list in between."""
    if gold is None:
        return {"none": 3, "suggest": 2, "answer": 0}[outcome.zone]
    if outcome.zone == "answer":
        return 3 if outcome.best == gold else 0
    return 2 if gold in outcome.listed else 1
