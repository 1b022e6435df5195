"""One turn of a task while it is being worked out: what was said and what happened so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cs_bot.blocks import Block
from cs_bot.events import (
    ActionTaken,
    DialogueState,
    Event,
    HandoffOffered,
    MessageUnderstood,
    SlotSet,
    Undoing,
)
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.moves import dialogue_of, steps
from cs_bot.stages.task.project import Task
from cs_bot.types import Intent, Pressed, Reading, Reply, Turn


@dataclass(slots=True)
class Progress:
    """Blocks and events gathered within one turn, and the state they lead to."""

    turn: Turn
    reading: Reading
    task: Task
    state: DialogueState
    policies: Policies
    """What decides in this turn, whatever is trained meanwhile."""
    dialogue: Dialogue
    said: str
    """The words that the task takes: of a message with two wishes those of its own."""
    events: list[Event] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    """Actions run, for the trace."""
    failure: str | None = None
    """Why the task failed, for the trace."""
    followup: str | None = None
    """What an action asked to be done next, whatever the policies say."""
    confirmed: str | None = None
    """The action to which the customer said yes."""
    corrects: bool = False
    """Whether the message may put values of a full form right."""
    deadline: float | None = None
    """Time of the event loop by which all actions of the turn must be done."""
    requests: str | None = None
    """The slot that a validation wants asked for next; an empty name ends the form."""
    ignored: list[str] = field(default_factory=list)
    """Events of actions that changed nothing, for the trace."""
    because: str = ""
    """Which rule or story decided first, for the trace."""

    @classmethod
    def begun(
        cls, turn: Turn, reading: Reading, task: Task, policies: Policies, dialogue: Dialogue
    ) -> Progress:
        """Return the turn before anything was done."""
        return cls(turn, reading, task, turn.state, policies, dialogue, utterance(turn))

    def note(self, *events: Event) -> None:
        """Let these events happen."""
        self.events.extend(events)
        self.state = self.state.within_turn(events)
        if any(isinstance(event, Undoing) for event in events):
            self.dialogue = dialogue_of(self.state, self.policies.features)
        else:
            self.dialogue = self.dialogue.then(steps(events), self.policies.features)

    def hear(self, intent: str | None) -> None:
        """Take the message to mean this."""
        if self.dialogue.now.action != LISTEN:
            self.note(ActionTaken(LISTEN))
        names = tuple(dict.fromkeys(entity.name for entity in self.reading.entities))
        self.note(MessageUnderstood(intent, names))

    def set(self, values: Mapping[str, Any]) -> None:
        """Give slots these values."""
        self.note(*(SlotSet(name, value) for name, value in values.items()))

    def mean(self, intent: str) -> None:
        """Take the message to say nothing but this intent, whatever its words are."""
        message = replace(self.turn.message, text="", payload=None)
        self.turn = replace(self.turn, message=message)
        self.said = ""
        self.reading = Reading((Intent(intent, 1.0),), (), 0.0)

    def say(self, blocks: Iterable[Block]) -> None:
        """Add to what is said."""
        self.blocks.extend(blocks)

    def reply(self) -> Reply:
        """Return what has been gathered as the reply."""
        return Reply(
            blocks=tuple(self.blocks),
            score=max((self.reading.probability(name) for name in self.task.intents), default=1.0),
            events=tuple(self.events),
            ref=self.task.name,
            handoff=any(isinstance(event, HandoffOffered) for event in self.events),
            detail=self._detail(),
        )

    def _detail(self) -> dict[str, Any]:
        detail = {
            "awaits": self.state.requested_slot,
            "actions": tuple(self.actions),
            "failure": self.failure,
            "ignored": tuple(dict.fromkeys(self.ignored)),
            "because": self.because,
        }
        return {name: value for name, value in detail.items() if value}


def utterance(turn: Turn) -> str:
    """Return the words of the turn; a pressed button says its payload."""
    payload = turn.message.payload
    return payload.payload if isinstance(payload, Pressed) else turn.message.text
