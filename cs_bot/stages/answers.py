"""Chooses which of a pair's answers a turn gets. Pure; the time is that of the message.

Of the answers whose conditions hold the one with the most conditions is given, of equal ones the
first; the pair's own answer where none holds and its own time allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cs_bot.blocks import Block, Suggest, Suggestion, Text
from cs_bot.stores.answers_json import MOST_RELATED
from cs_bot.types import Answer, QAPair, Turn

TIER = "tier"
"""The attribute of a verified user that answers may depend on."""
OWN = 0
"""The number of a pair's own answer; the others count from 1."""

_RELATED: Mapping[str, str] = {"zh": "您可能还想了解：", "en": "You may also want to know:"}


@dataclass(frozen=True, slots=True)
class Situation:
    """What an answer may depend on; `tier` is None for whoever is not verified."""

    channel: str
    locale: str
    tier: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer of a pair in a situation, and how far the choice reaches.

    From `since` on and before `until` the same answer is chosen for everybody with the channel,
    locale and, unless `impersonal`, tier of the situation; None is no limit.
    """

    number: int | None
    """Its place among the pair's answers, `OWN`, or None when no answer holds."""
    impersonal: bool = True
    since: datetime | None = None
    until: datetime | None = None


def situation_of(turn: Turn) -> Situation:
    """Return what answers may depend on in this turn."""
    message = turn.message
    tier = message.user.attributes.get(TIER) if message.user.verified else None
    return Situation(message.channel, turn.locale, tier, message.received_at)


def choice_of(pair: QAPair, situation: Situation) -> Choice:
    """Return which answer of the pair is given."""
    possible = [
        (number, answer)
        for number, answer in enumerate(pair.answers, 1)
        if _has(answer.channels, situation.channel) and _has(answer.locales, situation.locale)
    ]
    turns = [*_turns(pair), *(at for _, answer in possible for at in _turns(answer))]
    return Choice(
        _number(pair, possible, situation),
        impersonal=not any(answer.tiers for _, answer in possible),
        since=max((at for at in turns if at <= situation.at), default=None),
        until=min((at for at in turns if at > situation.at), default=None),
    )


def together(choices: Sequence[Choice]) -> Choice:
    """Return the first choice, reaching only as far as all of them do."""
    return Choice(
        choices[0].number,
        impersonal=all(choice.impersonal for choice in choices),
        since=max((choice.since for choice in choices if choice.since), default=None),
        until=min((choice.until for choice in choices if choice.until), default=None),
    )


def words_of(pair: QAPair, number: int, locale: str) -> tuple[Block, ...]:
    """Return what the chosen answer says."""
    own = pair.wording(locale).answer
    if number == OWN:
        return (Text(own, format="md"),)
    answer = pair.answers[number - 1]
    return (Text(answer.text or own, format="md"), *answer.blocks)


def described(pair: QAPair, number: int) -> str | None:
    """Return which answer it is, for the trace; None for a pair that has only one."""
    if number != OWN:
        conditions = "; ".join(_conditions(pair.answers[number - 1]))
        return f"{number} of {len(pair.answers)} ({conditions or 'always'})"
    return "own" if pair.answers or pair.valid_from or pair.valid_until else None


def related_to(
    pair: QAPair, pairs: Mapping[str, QAPair], situation: Situation
) -> tuple[tuple[Block, ...], tuple[Choice, ...]]:
    """Return the list of related questions and what it depends on; no blocks without any.

    Offered are pairs of the release that have an answer now.
    """
    others = [pairs[one] for one in pair.related if one in pairs and one != pair.id]
    choices = tuple(choice_of(other, situation) for other in others)
    items = [
        Suggestion(other.id, other.wording(situation.locale).question)
        for other, choice in zip(others, choices, strict=True)
        if choice.number is not None
    ]
    if not items:
        return (), choices
    heading = Text(_RELATED.get(situation.locale, _RELATED["en"]))
    return (heading, Suggest(tuple(items[:MOST_RELATED]))), choices


def _number(
    pair: QAPair, possible: Sequence[tuple[int, Answer]], situation: Situation
) -> int | None:
    fitting = [
        (number, answer)
        for number, answer in possible
        if _has(answer.tiers, situation.tier) and _holds(answer, situation.at)
    ]
    if fitting:
        # `max` keeps the first of equals: their order decides.
        return max(fitting, key=lambda item: len(list(_conditions(item[1]))))[0]
    return OWN if _holds(pair, situation.at) else None


def _has(wanted: tuple[str, ...], value: str | None) -> bool:
    return not wanted or value in wanted


def _holds(bounded: Answer | QAPair, at: datetime) -> bool:
    begun = bounded.valid_from is None or bounded.valid_from <= at
    return begun and (bounded.valid_until is None or at < bounded.valid_until)


def _turns(bounded: Answer | QAPair) -> Iterator[datetime]:
    """Yield the moments at which the answer begins or ceases to hold."""
    yield from (at for at in (bounded.valid_from, bounded.valid_until) if at is not None)


def _conditions(answer: Answer) -> Iterator[str]:
    """Yield each condition in words; a window counts as one."""
    for name, values in (
        ("channel", answer.channels),
        ("locale", answer.locales),
        (TIER, answer.tiers),
    ):
        if values:
            yield f"{name} {', '.join(values)}"
    window = [
        f"{word} {at.isoformat()}"
        for word, at in (("from", answer.valid_from), ("until", answer.valid_until))
        if at is not None
    ]
    if window:
        yield " ".join(window)
