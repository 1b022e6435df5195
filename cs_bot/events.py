"""What happened in a conversation, as events, and the dialogue state they fold into.

The log of events is the truth; a state is never edited, only derived: `state.apply(events)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class LocaleSet:
    """The customer speaks this language now (`zh`, `en`)."""

    event: ClassVar[str] = "locale_set"
    locale: str


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A task began."""

    event: ClassVar[str] = "task_started"
    task: str


@dataclass(frozen=True, slots=True)
class SlotSet:
    """A slot has a value now; None empties it."""

    event: ClassVar[str] = "slot_set"
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class SlotRequested:
    """The active task waits for this slot; None when it waits for nothing."""

    event: ClassVar[str] = "slot_requested"
    name: str | None


@dataclass(frozen=True, slots=True)
class SlotRejected:
    """The customer's answer for a slot could not be used."""

    event: ClassVar[str] = "slot_rejected"
    name: str


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """The active task is over: `completed`, `cancelled` or `failed`."""

    event: ClassVar[str] = "task_ended"
    task: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A "did you mean" list was shown."""

    event: ClassVar[str] = "suggested"
    pair_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandoffOffered:
    """The customer was offered a human (`fallback`, `asked`, `task_failed`, ...)."""

    event: ClassVar[str] = "handoff_offered"
    reason: str


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """The customer left a message for the staff."""

    event: ClassVar[str] = "message_left"
    name: str
    contact: str
    text: str


@dataclass(frozen=True, slots=True)
class MemorySet:
    """Small talk remembers something about this conversation (an AIML predicate)."""

    event: ClassVar[str] = "memory_set"
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class MessageUnderstood:
    """The task bot took the message to mean this; None where no intent was likely enough."""

    event: ClassVar[str] = "message_understood"
    intent: str | None
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionTaken:
    """The task bot ran an action: said a response, asked through a form, listened."""

    event: ClassVar[str] = "action_taken"
    action: str


@dataclass(frozen=True, slots=True)
class LoopStarted:
    """A form asks until it has what it needs."""

    event: ClassVar[str] = "loop_started"
    loop: str


@dataclass(frozen=True, slots=True)
class LoopEnded:
    """A form is full, or was left."""

    event: ClassVar[str] = "loop_ended"
    loop: str


@dataclass(frozen=True, slots=True)
class LoopRejected:
    """The form could not use the message, which is answered otherwise."""

    event: ClassVar[str] = "loop_rejected"
    loop: str


@dataclass(frozen=True, slots=True)
class DialogueRestarted:
    """Slots, task and all that was done are forgotten."""

    event: ClassVar[str] = "dialogue_restarted"


Move = MessageUnderstood | ActionTaken | LoopStarted | LoopEnded | LoopRejected
"""What the policies of the task bot look at beside slots."""

Moves = tuple[Move | SlotSet | SlotRequested, ...]
"""What policies look at, oldest first."""

Event = (
    LocaleSet
    | TaskStarted
    | SlotSet
    | SlotRequested
    | SlotRejected
    | TaskEnded
    | Suggested
    | HandoffOffered
    | MessageLeft
    | MemorySet
    | Move
    | DialogueRestarted
)

_EVENTS: Mapping[str, type[Event]] = {
    cls.event: cls
    for cls in (
        LocaleSet,
        TaskStarted,
        SlotSet,
        SlotRequested,
        SlotRejected,
        TaskEnded,
        Suggested,
        HandoffOffered,
        MessageLeft,
        MemorySet,
        MessageUnderstood,
        ActionTaken,
        LoopStarted,
        LoopEnded,
        LoopRejected,
        DialogueRestarted,
    )
}
_TUPLES = frozenset({"pair_ids", "entities"})
"""Values that JSON keeps as lists."""


def event_as_dict(event: Event) -> dict[str, Any]:
    """Return the event as JSON values."""
    values = {one.name: getattr(event, one.name) for one in fields(event)}
    return {"event": event.event, **values}


def event_from_dict(stored: Mapping[str, Any]) -> Event:
    """Read a stored event back; raises `KeyError` for a name no release of this package wrote."""
    values: dict[str, Any] = {
        name: tuple(value) if name in _TUPLES else value
        for name, value in stored.items()
        if name != "event"
    }
    return _EVENTS[stored["event"]](**values)


_MOST_MOVES = 300
_MOVES_KEPT = 150
"""Some thirty turns: no story looks further back."""


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where a conversation stands: language, active task, slots, what small talk remembers."""

    locale: str | None = None
    task: str | None = None
    requested_slot: str | None = None
    rejections: int = 0
    """How many answers for the requested slot could not be used, in a row."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    suggested: tuple[str, ...] = ()
    memory: Mapping[str, str] = field(default_factory=dict)
    fallbacks: int = 0
    """How many turns in a row ended in an offer of a human."""
    failures: int = 0
    """How many tasks in a row failed."""
    moves: Moves = field(default=(), compare=False)
    """The latest of what policies look at, oldest first: how it came to this, not where it stands.
    What slots hold and which form asks is in them however long ago it was said."""

    def apply(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after one more turn with these events."""
        state = replace(self, suggested=())
        offered = False
        for event in events:
            state = state._after(event)._having_moved(event)
            offered = offered or isinstance(event, HandoffOffered)
        return replace(state, fallbacks=self.fallbacks + 1 if offered else 0)

    def _after(self, event: Event) -> DialogueState:
        match event:
            case LocaleSet(locale=locale):
                return replace(self, locale=locale)
            case TaskStarted(task=task):
                return replace(self, task=task, requested_slot=None, rejections=0)
            case SlotSet(name=name, value=value):
                return replace(self, slots=_with(self.slots, name, value))
            case SlotRequested(name=requested):
                same = requested == self.requested_slot
                rejections = self.rejections if same else 0
                return replace(self, requested_slot=requested, rejections=rejections)
            case SlotRejected():
                return replace(self, rejections=self.rejections + 1)
            case TaskEnded(outcome=outcome):
                failures = {"failed": self.failures + 1, "completed": 0}
                return replace(
                    self,
                    task=None,
                    requested_slot=None,
                    rejections=0,
                    failures=failures.get(outcome, self.failures),
                )
            case Suggested(pair_ids=pair_ids):
                return replace(self, suggested=pair_ids)
            case MemorySet(name=name, value=value):
                return replace(self, memory=_with(self.memory, name, value))
            case DialogueRestarted():
                return DialogueState(locale=self.locale, memory=self.memory)
            case _:
                return self

    def _having_moved(self, event: Event) -> DialogueState:
        if not isinstance(event, Move | SlotSet | SlotRequested):
            return self
        moves = (*self.moves, event)
        return replace(self, moves=_latest(moves) if len(moves) > _MOST_MOVES else moves)


def fold(turns: Iterable[Iterable[Event]]) -> DialogueState:
    """Return the state after all turns, oldest first."""
    state = DialogueState()
    for events in turns:
        state = state.apply(events)
    return state


def _latest(moves: Moves) -> Moves:
    """Return the latest moves, and of the earlier ones what still holds: slots and the loop."""
    earlier, latest = moves[:-_MOVES_KEPT], moves[-_MOVES_KEPT:]
    held: dict[str, Move | SlotSet | SlotRequested] = {}
    for move in earlier:
        if isinstance(move, SlotSet):
            held[f"slot {move.name}"] = move
        elif isinstance(move, LoopStarted | LoopEnded):
            held["loop"] = move
        elif isinstance(move, SlotRequested):
            held["requested"] = move
    return (*held.values(), *latest)


def _with(mapping: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    kept = {key: item for key, item in mapping.items() if key != name}
    return kept if value is None else {**kept, name: value}
