"""Plays one simulated dialogue through the bot and writes down what was said and done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState, HandoffOffered, TaskEnded
from cs_bot.stores.protocols import TurnRecord
from cs_bot.testing.simulation.customer import CONFIRM, Heard, SimulatedCustomer
from cs_bot.testing.simulation.goals import Goal
from cs_bot.testing.transcripts import Customer

MOST_TURNS = 30
Entries = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: what was said, what came back, and how many entries the ledger had then."""

    customer: str
    bot: str
    answered_by: str
    entries: int
    confirmations: int
    """How often the customer had said yes by then."""
    is_handed_off: bool = False


@dataclass
class Played:
    """A dialogue that is over."""

    goal: Goal
    customer: SimulatedCustomer
    turns: list[Said] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    """Tasks that ended, and how."""
    is_open: bool = False
    """Whether a question was still open when the customer left."""
    entries: Entries = ()
    """What the ledger holds of the customer's orders in the end."""

    @property
    def transcript(self) -> str:
        """The dialogue to be read."""
        return "\n".join(
            f"  customer: {turn.customer}\n  bot ({turn.answered_by}): {turn.bot}"
            for turn in self.turns
        )


async def play(
    simulated: SimulatedCustomer,
    visitor: Customer,
    entries: Callable[[], Entries],
    *,
    redelivers: bool = False,
) -> Played:
    """Let the customer talk until there is nothing more to say.

    With `redelivers` every message reaches the bot two times, as a channel may do it.
    """
    played = Played(simulated.goal, simulated)
    state = DialogueState()
    said: str | None = simulated.first()
    while said is not None and len(played.turns) < MOST_TURNS:
        record = await visitor.say(said)
        if redelivers:
            await visitor.again()
        state = state.apply(record.trace.reply.events)
        heard = _heard(record, state)
        played.outcomes.extend(heard.ended)
        played.turns.append(
            Said(
                said,
                heard.text,
                record.trace.answered_by,
                len(entries()),
                len(simulated.confirmed),
                any(isinstance(event, HandoffOffered) for event in record.trace.reply.events),
            )
        )
        said = simulated.next(heard)
    played.goal = simulated.goal
    played.is_open = state.requested_slot is not None
    return played


def _heard(record: TurnRecord, state: DialogueState) -> Heard:
    """Return what a customer takes from a reply."""
    reply = record.trace.reply
    awaited = state.requested_slot
    ended = tuple(
        (event.task, event.outcome) for event in reply.events if isinstance(event, TaskEnded)
    )
    awaits = CONFIRM if awaited is not None and awaited.startswith(f"{CONFIRM}:") else awaited
    return Heard(plain_text(reply.blocks), awaits, state.task, ended)
