"""Judges a dialogue by the service's ledger and by what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cs_bot.testing.simulation.dialogue import MOST_TURNS, Played
from cs_bot.testing.simulation.failing import RECOVERS, Trouble

Ending = Literal["finished", "cancelled", "failed politely", "not understood", "wrong"]
ENDINGS: tuple[Ending, ...] = (
    "finished",
    "cancelled",
    "failed politely",
    "not understood",
    "wrong",
)
_RAW = re.compile(r"\{\w|\butter_|\bNone\b|\bnull\b|请告诉我：|Please tell me: ")
"""What no customer should read: a place that was not filled in, a name of the program."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a dialogue ended, and what was wrong with it."""

    ending: Ending
    faults: tuple[str, ...] = ()


def judged(played: Played, trouble: Trouble) -> Verdict:
    """Return how the dialogue ended; any fault makes it a wrong one."""
    ending = _ending(played)
    faults = [*_deeds(played), *_words(played)]
    if ending is None:
        faults.append(_why_no_ending(played))
    elif ending == "failed politely" and trouble in RECOVERS and not _was_unusable(played):
        faults.append("gave up although the service had recovered")
    if ending is None or faults:
        return Verdict("wrong", tuple(faults))
    return Verdict(ending)


def _ending(played: Played) -> Ending | None:
    customer = played.customer
    last = played.turns[-1]
    ways = [how for task, how in played.outcomes if task == played.goal.task]
    if customer.gave_up:  # and asked for a human
        return "not understood" if last.is_handed_off else None
    if len(played.turns) >= MOST_TURNS or played.is_open:
        return None
    if customer.has_cancelled:
        return "cancelled" if ways and ways[-1] == "cancelled" else None
    if ways and ways[-1] == "failed":
        failed = (turn for turn in played.turns if turn.is_handed_off and turn.bot)
        return "failed politely" if any(failed) else None
    if played.goal.task == "order_status":
        done = bool(ways) and ways[-1] == "completed" and played.goal.order.number in last.bot
        return "finished" if done else None
    met = [entry for entry in played.entries if played.goal.is_met_by(entry)]
    told = any(entry["id"] in turn.bot for entry in met for turn in played.turns)
    return "finished" if met and told else None


def _why_no_ending(played: Played) -> str:
    if len(played.turns) >= MOST_TURNS:
        return "does not end"
    if played.is_open:
        return "ends with a question open"
    if played.customer.has_cancelled:
        return "was not cancelled"
    said_done = any(entry["id"] in turn.bot for entry in played.entries for turn in played.turns)
    return "something else was done" if said_done else "ends without a word of how it ended"


def _was_unusable(played: Played) -> bool:
    """Tell whether the customer gave too many answers that nobody could use."""
    return played.customer.behaviour == "unusable"


def _deeds(played: Played) -> Iterator[str]:
    """Yield what was done that should not have been."""
    left = list(played.customer.confirmed)
    used = []
    for entry in played.entries:
        wish = next((goal for goal in left if goal.is_met_by(entry)), None)
        if wish is not None:
            left.remove(wish)
            used.append(wish)
        elif any(goal.is_met_by(entry) for goal in used):
            yield "done twice"
        elif not played.customer.confirmed:
            yield "done without a yes"
        else:
            yield "done with values that were not confirmed"
    for turn in played.turns:
        if turn.entries > turn.confirmations and not used:
            yield "done before the yes"
            return
    if played.customer.has_cancelled and played.entries:
        yield "done after it was cancelled"


def _words(played: Played) -> Iterator[str]:
    """Yield what was said that no customer should read."""
    for turn in played.turns:
        found = _RAW.search(turn.bot)
        if found or not turn.bot.strip():
            yield f"said {turn.bot[:60]!r}"
