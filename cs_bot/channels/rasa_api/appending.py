"""Reads events that somebody adds to a conversation in Rasa's words as events of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cs_bot.channels.rasa_api.refusals import RasaRefused
from cs_bot.channels.rasa_api.told import REQUESTED, Told, action, slot
from cs_bot.channels.rasa_api.written import LONGEST_NAME, Written, understood
from cs_bot.errors import BadInput, UnknownName
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
    SessionStarted,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.settings import LOCALES
from cs_bot.stages.task.actions.outcome import MOST_EVENTS
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.project import Project

_NOTHING_MEANT: Mapping[str, Any] = {"intent": {}, "entities": []}
_PARTS = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")


@dataclass(frozen=True, slots=True)
class Added:
    """Events of ours, and the same as Rasa tells them."""

    events: tuple[Event, ...]
    told: tuple[Told, ...]


def added_events(body: Any, project: Project, state: DialogueState, now: float) -> Added:
    """Return what an event or a list of them does to a conversation in this state.

    `now` is the time, in seconds since 1970, of events that name none. Raises `BadInput` and
    `RasaRefused`; then none of them counts.
    """
    written = body if isinstance(body, list) else [body]
    if not written:
        raise BadInput("there is no event", where="body", remedy="send one event or a list of them")
    if len(written) > MOST_EVENTS:
        raise BadInput(
            f"there are {len(written)} events",
            where="body",
            remedy=f"send at most {MOST_EVENTS} at a time",
        )
    reader = _Reader(project, state, now)
    for number, event in enumerate(written):
        reader.read(Written(event, f"events[{number}]" if isinstance(body, list) else "event"))
    return Added(tuple(reader.events), tuple(reader.told))


@dataclass(slots=True)
class _Reader:
    """Reads events one after the other, each in the state that those before it lead to."""

    project: Project
    state: DialogueState
    now: float
    events: list[Event] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def read(self, written: Written) -> None:
        """Let one event happen; raises `BadInput`, `RasaRefused`."""
        kind = written.text("event", LONGEST_NAME)
        if kind in _NOT_DONE:
            raise RasaRefused(
                501,
                f"{written.where}: events {kind!r} cannot be added here: {_NOT_DONE[kind]}.",
                {"parameter": written.where, "in": "body"},
            )
        if kind not in _KINDS:
            raise UnknownName("event", kind, _KINDS, where=f"{written.where}.event")
        _KINDS[kind](self, written, written.time(self.now))

    def _note(self, told: Told, *events: Event) -> None:
        self.told.append(told)
        self.events.extend(events)
        self.state = self.state.within_turn(events)

    def slot(self, written: Written, at: float) -> None:
        name = written.text("name", LONGEST_NAME)
        if not written.has("value"):
            raise written.wrong("value", "it has no 'value'", "write null to empty the slot")
        value = written.value("value")
        self._note(slot(name, value, at), self._slot_set(written, name, value))

    def _slot_set(self, written: Written, name: str, value: Any) -> Event:
        if name in self.project.slots:
            return SlotSet(name, value)
        if name == REQUESTED and isinstance(value, str | None):
            return SlotRequested(value)
        if name == "locale" and value in LOCALES:
            return LocaleSet(value)
        if name in (REQUESTED, "locale"):
            raise written.wrong("value", f"{value!r} is no value of {name!r}", "correct it")
        raise UnknownName("slot", name, self.project.slots, where=f"{written.where}.name")

    def reset_slots(self, _: Written, at: float) -> None:
        initial = {name: slot.initial for name, slot in self.project.slots.items()}
        held = [name for name in self.state.slots if self.state.slots[name] != initial.get(name)]
        events = [SlotSet(name, initial.get(name)) for name in held]
        told = {"event": "reset_slots", "timestamp": at}
        self._note(told, *events, SlotRequested(None))

    def action(self, written: Written, at: float) -> None:
        name = written.text("name", LONGEST_NAME)
        self._note(action(name, at), ActionTaken(name))

    def active_loop(self, written: Written, at: float) -> None:
        name = written.text_or_none("name")
        left = self._leaving()
        told = {"event": "active_loop", "timestamp": at, "name": name}
        if name is None:
            self._note(told, *left)
            self._note(slot(REQUESTED, None, at))
            return
        if name not in self.project.forms:
            raise UnknownName("form", name, self.project.forms, where=f"{written.where}.name")
        try:
            task = self.project.task(name).name
        except UnknownName:
            raise written.wrong(
                "name", f"nothing begins the form {name!r}", "write a rule"
            ) from None
        self._note(told, *left, TaskStarted(task), LoopStarted(name))

    def _leaving(self) -> list[Event]:
        """Return what ends the form and the task that run now."""
        loop = _loop(self.state)
        ended: list[Event] = [LoopEnded(loop)] if loop else []
        return [*ended, TaskEnded(self.state.task, "cancelled")] if self.state.task else ended

    def rejected(self, written: Written, at: float) -> None:
        name = written.text("name", LONGEST_NAME)
        told = {"event": "action_execution_rejected", "timestamp": at, "name": name}
        self._note(told, LoopRejected(name))

    def user(self, written: Written, at: float) -> None:
        text, parsed = written.text("text"), written.table("parse_data")
        intent, entities = understood(written, parsed)
        told = {
            "event": "user",
            "timestamp": at,
            "text": text,
            "parse_data": {**_NOTHING_MEANT, **parsed, "text": text},
            "input_channel": written.text_or_none("input_channel"),
            "message_id": written.text_or_none("message_id"),
            "metadata": written.table("metadata"),
        }
        listens = () if _latest_action(self.state) == LISTEN else (ActionTaken(LISTEN),)
        self._note(told, *listens, MessageUnderstood(intent, entities))

    def bot(self, written: Written, at: float) -> None:
        text = None if written.value("text") is None else written.text("text")
        data = written.table("data")
        told = {
            "event": "bot",
            "timestamp": at,
            "text": text,
            "data": {**dict.fromkeys(_PARTS), **data},
            "metadata": written.table("metadata"),
        }
        if text is None and not any(data.values()):
            raise written.wrong("text", "it says nothing", "write 'text' or 'data'")
        self._note(told)

    def agent(self, written: Written, at: float) -> None:
        text, data = written.text("text"), written.table("data")
        self._note({"event": "agent", "timestamp": at, "text": text, "data": data})

    def followup(self, written: Written, at: float) -> None:
        name = written.text("name", LONGEST_NAME)
        self._note({"event": "followup", "timestamp": at, "name": name})

    def alone(self, written: Written, at: float) -> None:
        kind = written.text("event", LONGEST_NAME)
        self._note({"event": kind, "timestamp": at}, _ALONE[kind])


_ALONE: Mapping[str, Event] = {
    "restart": DialogueRestarted(),
    "session_started": SessionStarted(carries_slots=False),
    "rewind": MessageReverted(),
    "undo": ActionReverted(),
    "pause": ConversationPaused(),
    "resume": ConversationResumed(),
}
"""Events that carry nothing."""
_KINDS: Mapping[str, Callable[[_Reader, Written, float], None]] = {
    "slot": _Reader.slot,
    "reset_slots": _Reader.reset_slots,
    "action": _Reader.action,
    "action_execution_rejected": _Reader.rejected,
    "active_loop": _Reader.active_loop,
    "user": _Reader.user,
    "bot": _Reader.bot,
    "agent": _Reader.agent,
    "followup": _Reader.followup,
    **dict.fromkeys(_ALONE, _Reader.alone),
}
_NOT_DONE: Mapping[str, str] = {
    "reminder": "only an action may set one",
    "cancel_reminder": "only an action may do that",
    "loop_interrupted": "a form knows by itself whether it was interrupted",
    "entities": "send them in the 'parse_data' of a user event",
    "user_featurization": "messages are not featurized anew",
    "export": "the log is exported otherwise",
    "session_ended": "sessions have no end",
}
"""Events that Rasa has, and why they are refused."""


def _loop(state: DialogueState) -> str | None:
    for move in reversed(state.moves):
        if isinstance(move, LoopStarted | LoopEnded):
            return move.loop if isinstance(move, LoopStarted) else None
    return None


def _latest_action(state: DialogueState) -> str | None:
    taken = (move.action for move in reversed(state.moves) if isinstance(move, ActionTaken))
    return next(taken, None)
