"""What happened in a conversation in the words of Rasa's events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from cs_bot.channels.rasa_payloads import rasa_objects
from cs_bot.events import (
    ActionReverted,
    ActionTaken,
    ConversationPaused,
    ConversationResumed,
    DialogueRestarted,
    DialogueState,
    Event,
    LocaleSet,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskResumed,
    TaskSuspended,
)
from cs_bot.stages.task.dialogue.situation import LISTEN, SESSION_START
from cs_bot.stages.task.tracker import parse_data
from cs_bot.stores.protocols import Addition, History, TurnRecord
from cs_bot.types import Intent, Reading

Told = Mapping[str, Any]
"""One event as Rasa has it: `event`, `timestamp` in seconds, and what its kind carries."""

REQUESTED = "requested_slot"
_ALONE: Mapping[type[Event], str] = {
    DialogueRestarted: "restart",
    SessionStarted: "session_started",
    MessageReverted: "rewind",
    ActionReverted: "undo",
    ConversationPaused: "pause",
    ConversationResumed: "resume",
}
"""Events that carry nothing."""
_PARTS = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")


def told_history(begun_at: datetime, history: History) -> list[Told]:
    """Return all events of a conversation, oldest first; it begins as a session of Rasa's does."""
    told: list[Told] = [*session_begun(begun_at.timestamp())]
    state = DialogueState()
    for item in history.in_order():
        if isinstance(item, Addition):
            told.extend(item.told)
            state = state.within_turn(item.events)
        else:
            told.extend(told_turn(item.record, item.metadata, state.slots))
            state = state.apply(item.record.trace.reply.events)
    return told


def session_begun(at: float) -> Iterator[Told]:
    """Yield what Rasa notes when a session begins."""
    yield action(SESSION_START, at)
    yield {"event": "session_started", "timestamp": at}
    yield action(LISTEN, at)


def action(name: str, at: float) -> Told:
    """Return the event of an action that was done."""
    return {
        "event": "action",
        "timestamp": at,
        "name": name,
        "policy": None,
        "confidence": None,
        "action_text": None,
        "hide_rule_turn": False,
    }


def slot(name: str, value: Any, at: float) -> Told:
    """Return the event of a slot that got a value."""
    return {"event": "slot", "timestamp": at, "name": name, "value": value}


def told_turn(
    record: TurnRecord,
    metadata: Mapping[str, Any] | None = None,
    slots: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Told]:
    """Yield the events of one turn: what was said, what was done, the answer, the listening.

    `metadata` is that of the message; `slots` are those that a session which begins with it may
    carry over.
    """
    at = record.at.timestamp()
    done_at = at + record.ms / 1000
    opening, events = _opening(record.trace.reply.events)
    for event in opening:
        yield from (
            _begun(event, slots, at) if isinstance(event, SessionStarted) else _told(event, at)
        )
    yield _user(record, at, {**(metadata or {}), "locale": record.locale})
    yield from _done(record, events, done_at)
    yield action(LISTEN, done_at)


def _opening(events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[Event]]:
    """Part what a session began with from what the message led to."""
    if not any(isinstance(event, SessionStarted) for event in events):
        return (), events
    for at, event in enumerate(events):
        if isinstance(event, LocaleSet | MessageUnderstood) or event == ActionTaken(LISTEN):
            return events[:at], events[at:]
    return events, ()


def _begun(event: SessionStarted, slots: Mapping[str, Any], at: float) -> Iterator[Told]:
    """Yield what Rasa notes of a session that is not the first."""
    yield action(SESSION_START, at)
    yield {"event": "session_started", "timestamp": at}
    if event.carries_slots:
        yield from (slot(name, value, at) for name, value in slots.items())
    yield action(LISTEN, at)


def _user(record: TurnRecord, at: float, metadata: Mapping[str, Any]) -> Told:
    reading = record.trace.reading or _understood(record.trace.reply.events)
    return {
        "event": "user",
        "timestamp": at,
        "text": record.text,
        "parse_data": parse_data(record.text, record.message_id, reading, metadata),
        "input_channel": record.channel,
        "message_id": record.message_id,
        "metadata": metadata,
    }


def _understood(events: Sequence[Event]) -> Reading:
    """Return what an older log knows of a reading: the intent, for certain or not at all."""
    for event in events:
        if isinstance(event, MessageUnderstood) and event.intent:
            return Reading((Intent(event.intent, 1.0),))
    return Reading()


def _done(record: TurnRecord, events: Sequence[Event], at: float) -> Iterator[Told]:
    """Yield what was done and said; a response has its words beside it where they can be told."""
    said = rasa_objects(record.trace.reply.blocks, "", record.locale)
    paired = len(said) == sum(_response(event) is not None for event in events)
    words = iter(said)
    for event in events:
        yield from _told(event, at)
        response = _response(event)
        if paired and response is not None:
            yield _bot(next(words), {"utter_action": response}, at)
    by = {"answered_by": record.trace.answered_by, "ref": record.trace.reply.ref}
    yield from (_bot(left, by, at) for left in words)


def _response(event: Event) -> str | None:
    """Return the name of the response that an event says, None for any other event."""
    if isinstance(event, ActionTaken) and event.action.startswith("utter_"):
        return event.action
    return None


def _bot(said: Mapping[str, Any], metadata: Mapping[str, Any], at: float) -> Told:
    return {
        "event": "bot",
        "timestamp": at,
        "text": said.get("text"),
        "data": {name: said.get(name) for name in _PARTS},
        "metadata": dict(metadata),
    }


def _told(event: Event, at: float) -> Iterator[Told]:
    match event:
        case LocaleSet(locale=locale):
            yield slot("locale", locale, at)
        case SlotSet(name=name, value=value):
            yield slot(name, value, at)
        case SlotRequested(name=name):
            yield slot(REQUESTED, name, at)
        case TaskEnded() | TaskSuspended():
            yield slot(REQUESTED, None, at)
        case TaskResumed(slots=own):
            yield from (slot(name, value, at) for name, value in own.items())
        case ActionTaken(action=name) if name != LISTEN:
            yield action(name, at)
        case LoopStarted(loop=loop):
            yield {"event": "active_loop", "timestamp": at, "name": loop}
        case LoopEnded():
            yield {"event": "active_loop", "timestamp": at, "name": None}
        case LoopRejected(loop=loop):
            yield {"event": "action_execution_rejected", "timestamp": at, "name": loop}
        case ReminderSet():
            yield _reminder(event, at)
        case ReminderCancelled(name=name, intent=intent, entities=entities):
            about = {"name": name, "intent": intent, "entities": entities}
            yield {"event": "cancel_reminder", "timestamp": at, **about}
        case _ if type(event) in _ALONE:
            yield {"event": _ALONE[type(event)], "timestamp": at}


def _reminder(event: ReminderSet, at: float) -> Told:
    return {
        "event": "reminder",
        "timestamp": at,
        "name": event.name,
        "intent": event.intent,
        "entities": dict(event.entities),
        "date_time": event.due,
        "kill_on_user_msg": not event.outlives_messages,
    }
