"""What happened in a conversation, as events, and the dialogue state they fold into.

The log of events is the truth; a state is never edited, only derived: `state.apply(events)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The customer is back after a long silence: the running task is put away.

    Slots stay where the project carries them over.
    """

    event: ClassVar[str] = "session_started"
    carries_slots: bool = True


@dataclass(frozen=True, slots=True)
class MessageReverted:
    """The latest message that the task bot understood is as if it had never been said."""

    event: ClassVar[str] = "message_reverted"


@dataclass(frozen=True, slots=True)
class ActionReverted:
    """The latest action of the task bot is as if it had never been run."""

    event: ClassVar[str] = "action_reverted"


@dataclass(frozen=True, slots=True)
class ConversationPaused:
    """The bot says nothing until it is resumed, restarted, or a new session begins."""

    event: ClassVar[str] = "conversation_paused"


@dataclass(frozen=True, slots=True)
class ConversationResumed:
    """The bot answers again."""

    event: ClassVar[str] = "conversation_resumed"


@dataclass(frozen=True, slots=True)
class ReminderSet:
    """The bot means to come back to something, as if the customer had said the intent then."""

    event: ClassVar[str] = "reminder_set"
    name: str
    """A later one of the same name takes its place."""
    intent: str
    entities: Mapping[str, Any]
    due: str
    """ISO 8601 with its zone."""
    outlives_messages: bool = False
    """Whether it stays when the customer says something before that."""


@dataclass(frozen=True, slots=True)
class ReminderCancelled:
    """Reminders to which all of this applies are forgotten; nothing said means all."""

    event: ClassVar[str] = "reminder_cancelled"
    name: str | None = None
    intent: str | None = None
    entities: Mapping[str, Any] | None = None


Move = MessageUnderstood | ActionTaken | LoopStarted | LoopEnded | LoopRejected
"""What the policies of the task bot look at beside slots."""
Kept = Move | SlotSet | SlotRequested | TaskStarted | TaskEnded
"""What a state remembers of how it came to be: enough to take a step back."""
Undoing = DialogueRestarted | SessionStarted | MessageReverted | ActionReverted
"""After these a dialogue is another one, not the one before and a step more."""

Moves = tuple[Kept, ...]
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
    | Undoing
    | ConversationPaused
    | ConversationResumed
    | ReminderSet
    | ReminderCancelled
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
        SessionStarted,
        MessageReverted,
        ActionReverted,
        ConversationPaused,
        ConversationResumed,
        ReminderSet,
        ReminderCancelled,
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
        name: tuple(value) if name in _TUPLES and isinstance(value, list) else value
        for name, value in stored.items()
        if name != "event"
    }
    return _EVENTS[stored["event"]](**values)


_MOST_MOVES = 300
_MOVES_KEPT = 150
"""Some thirty turns: no story looks further back."""
_LISTENED = ActionTaken("action_listen")


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
    paused: bool = False
    """Whether the bot keeps silent."""
    moves: Moves = field(default=(), compare=False)
    """The latest of what policies look at, oldest first: how it came to this, not where it stands.
    What slots hold, which task runs and which form asks is in them however long ago it was said."""

    def apply(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after one more turn with these events."""
        happened = tuple(events)
        state = replace(self, suggested=()).within_turn(happened)
        offered = any(isinstance(event, HandoffOffered) for event in happened)
        return replace(state, fallbacks=self.fallbacks + 1 if offered else 0)

    def within_turn(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after these events, the turn not being over yet."""
        state = self
        for event in events:
            state = state._after(event)._having_moved(event)
        return state

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
            case SessionStarted(carries_slots=carries):
                kept = [move for move in _held(self.moves) if carries and isinstance(move, SlotSet)]
                return replace(self._having_only(kept), failures=0, paused=False)
            case MessageReverted():
                return self._having_only(_before_message(self.moves))
            case ActionReverted():
                return self._having_only(_before_action(self.moves))
            case ConversationPaused() | ConversationResumed():
                return replace(self, paused=isinstance(event, ConversationPaused))
            case _:
                return self

    def _having_only(self, moves: Sequence[Kept]) -> DialogueState:
        """Return the state to which these moves alone lead."""
        state = replace(self, task=None, requested_slot=None, rejections=0, slots={}, moves=())
        return replace(state.within_turn(moves), failures=self.failures)

    def _having_moved(self, event: Event) -> DialogueState:
        if not isinstance(event, Kept):
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
    """Return the latest moves, and of the earlier ones what still holds."""
    return (*_held(moves[:-_MOVES_KEPT]), *moves[-_MOVES_KEPT:])


def _held(moves: Iterable[Kept]) -> Moves:
    """Return the last word on each slot, on the task, the loop and what is awaited."""
    held: dict[str, Kept] = {}
    for move in moves:
        about = _about(move)
        if about is not None:
            held.pop(about, None)  # its place is that of the last word: a task asks after it began
            held[about] = move
    return tuple(held.values())


def _about(move: Kept) -> str | None:
    match move:
        case SlotSet(name=name):
            return f"slot {name}"
        case LoopStarted() | LoopEnded():
            return "loop"
        case SlotRequested():
            return "requested"
        case TaskStarted() | TaskEnded():
            return "task"
        case _:
            return None


def _before_message(moves: Moves) -> Moves:
    """Return the moves before the bot listened to the latest message; all where there was none."""
    at = _last(moves, MessageUnderstood)
    if at is None:
        return moves
    return moves[: at - 1] if at and moves[at - 1] == _LISTENED else moves[:at]


def _before_action(moves: Moves) -> Moves:
    at = _last(moves, ActionTaken)
    return moves if at is None else moves[:at]


def _last(moves: Sequence[Kept], kind: type[Kept]) -> int | None:
    return next((at for at in reversed(range(len(moves))) if isinstance(moves[at], kind)), None)


def _with(mapping: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    kept = {key: item for key, item in mapping.items() if key != name}
    return kept if value is None else {**kept, name: value}
