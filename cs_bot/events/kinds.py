"""All kinds of events, and how each is kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from cs_bot.events.conversation import (
    ConversationPaused,
    ConversationResumed,
    HandoffOffered,
    LocaleSet,
    MemorySet,
    MessageLeft,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    Suggested,
)
from cs_bot.events.tasks import (
    ActionReverted,
    ActionTaken,
    DialogueRestarted,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
    SlotRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskPostponed,
    TaskResumed,
    TasksOffered,
    TaskStarted,
    TaskSuspended,
)

Move = MessageUnderstood | ActionTaken | LoopStarted | LoopEnded | LoopRejected
"""What the policies of the task bot look at beside slots."""
Kept = (
    Move
    | SlotSet
    | SlotRequested
    | TaskStarted
    | TaskEnded
    | TaskSuspended
    | TaskPostponed
    | TaskResumed
)
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
    | TaskSuspended
    | TaskPostponed
    | TaskResumed
    | TasksOffered
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
        TaskSuspended,
        TaskPostponed,
        TaskResumed,
        TasksOffered,
        SessionStarted,
        MessageReverted,
        ActionReverted,
        ConversationPaused,
        ConversationResumed,
        ReminderSet,
        ReminderCancelled,
    )
}
_TUPLES = frozenset({"pair_ids", "entities", "keeps", "told", "tasks", "intents"})
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
