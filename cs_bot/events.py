"""What happened in a conversation, as events, and the dialogue state they fold into.

The log of events is the truth; a state is never edited, only derived: `state.apply(events)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class LocaleSet:
    """The customer speaks this language now (`zh`, `en`)."""

    event: ClassVar[str] = "locale_set"
    locale: str


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A task began; slots of an earlier run of it are forgotten."""

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
    )
}


def event_as_dict(event: Event) -> dict[str, Any]:
    """Return the event as JSON values."""
    return {"event": event.event, **asdict(event)}


def event_from_dict(stored: Mapping[str, Any]) -> Event:
    """Read a stored event back; raises `KeyError` for a name no release of this package wrote."""
    values = {name: value for name, value in stored.items() if name != "event"}
    if stored["event"] == Suggested.event:
        values["pair_ids"] = tuple(values["pair_ids"])
    return _EVENTS[stored["event"]](**values)


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

    def apply(self, events: Iterable[Event]) -> DialogueState:
        """Return the state after one more turn with these events."""
        state = replace(self, suggested=())
        offered = False
        for event in events:
            state = state._after(event)
            offered = offered or isinstance(event, HandoffOffered)
        return replace(state, fallbacks=self.fallbacks + 1 if offered else 0)

    def _after(self, event: Event) -> DialogueState:
        match event:
            case LocaleSet(locale=locale):
                return replace(self, locale=locale)
            case TaskStarted(task=task):
                return replace(self, task=task, requested_slot=None, rejections=0, slots={})
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
            case HandoffOffered() | MessageLeft():
                return self


def fold(turns: Iterable[Iterable[Event]]) -> DialogueState:
    """Return the state after all turns, oldest first."""
    state = DialogueState()
    for events in turns:
        state = state.apply(events)
    return state


def _with(mapping: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    kept = {key: item for key, item in mapping.items() if key != name}
    return kept if value is None else {**kept, name: value}
