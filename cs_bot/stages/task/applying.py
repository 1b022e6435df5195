"""Applies what an action returned to the turn, event by event, in their order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cs_bot.events import (
    ActionReverted,
    ActionTaken,
    ConversationPaused,
    ConversationResumed,
    DialogueRestarted,
    LoopEnded,
    LoopRejected,
    MessageReverted,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    SlotSet,
    TaskEnded,
)
from cs_bot.stages.task.actions.outcome import ActionEvent, ActionOutcome, happened
from cs_bot.stages.task.dialogue.situation import LISTEN, SESSION_START
from cs_bot.stages.task.parsed import reading_of
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.two_stage import LOOPS

log = logging.getLogger(__name__)

_Values = Mapping[str, Any]


class Applier:
    """Applies the outcomes of one project's actions."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._ways: Mapping[str, Callable[[Progress, _Values], None]] = {
            "slot": self._set,
            "reset_slots": self._reset,
            "active_loop": self._loop,
            "loop_interrupted": _interrupted,
            "followup": _followed,
            "action": _acted,
            "user": _heard,
            "rewind": _rewound,
            "undo": _undone,
            "restart": _restarted,
            "session_started": lambda progress, _: progress.note(SessionStarted(False)),
            "session_ended": self._session_ended,
            "pause": lambda progress, _: progress.note(ConversationPaused()),
            "resume": lambda progress, _: progress.note(ConversationResumed()),
            "reminder": _reminded,
            "cancel_reminder": _forgotten,
        }

    def apply(self, progress: Progress, outcome: ActionOutcome) -> None:
        """Let happen what the action returned; its words are said already."""
        for event in happened(outcome):
            self.happen(progress, event)
        if outcome.asks_again and progress.task.form is not None:
            progress.followup = progress.task.form.name

    def happen(self, progress: Progress, event: ActionEvent) -> None:
        """Let one event happen; those that change nothing have no way here."""
        way = self._ways.get(event.kind)
        if way is not None:
            way(progress, event.values)

    def is_slot(self, name: str) -> bool:
        """Tell whether the domain has the slot, and say so in the log where it does not."""
        if name not in self._project.slots and name != "requested_slot":
            log.warning("an action sets the slot %s, which the domain does not have", name)
        return name in self._project.slots

    def _set(self, progress: Progress, values: _Values) -> None:
        if self.is_slot(values["name"]):
            progress.note(SlotSet(values["name"], values["value"]))

    def _reset(self, progress: Progress, _: _Values) -> None:
        """Give every slot its initial value."""
        slots = self._project.slots
        for name in (*progress.state.slots, *slots):
            initial = slots[name].initial if name in slots else None
            if progress.state.slots.get(name) is not None or initial is not None:
                progress.note(SlotSet(name, initial))

    def _loop(self, progress: Progress, values: _Values) -> None:
        name = values["name"]
        if name is None:
            leave(progress, "completed")
        elif name in self._project.forms or name in LOOPS:
            progress.followup = name
        else:
            log.warning("an action begins the form %s, which the domain does not have", name)

    def _session_ended(self, progress: Progress, _: _Values) -> None:
        progress.note(SessionStarted(self._project.session.carries_slots))
        progress.followup = LISTEN


def leave(progress: Progress, how: str = "cancelled") -> None:
    """End the loop and the task that run."""
    loop = progress.dialogue.now.loop
    if loop is not None:
        progress.note(LoopEnded(loop))
    if progress.state.task is not None:
        progress.note(TaskEnded(progress.state.task, how))


def _interrupted(progress: Progress, values: _Values) -> None:
    loop = progress.dialogue.now.loop
    if values["is_interrupted"] and loop is not None:
        progress.note(LoopRejected(loop))


def _followed(progress: Progress, values: _Values) -> None:
    progress.followup = values["name"]


def _acted(progress: Progress, values: _Values) -> None:
    """Take an action as done; who says to have listened wants the bot to."""
    progress.note(ActionTaken(values["name"]))
    if values["name"] == LISTEN:
        progress.followup = LISTEN


def _heard(progress: Progress, values: _Values) -> None:
    """Take the words that an action puts into the customer's mouth as said, and go on from them."""
    intent, reading = reading_of(values["parse_data"])
    message = replace(progress.turn.message, text=str(values["text"] or ""), payload=None)
    progress.turn = replace(progress.turn, message=message)
    progress.reading = reading
    progress.followup = None
    progress.hear(intent)


def _rewound(progress: Progress, _: _Values) -> None:
    """Take the message back; before it the bot listened, and so it does again."""
    progress.note(MessageReverted())
    progress.followup = LISTEN


def _undone(progress: Progress, _: _Values) -> None:
    progress.note(ActionReverted())


def _restarted(progress: Progress, _: _Values) -> None:
    progress.note(DialogueRestarted())
    progress.followup = SESSION_START


def _reminded(progress: Progress, values: _Values) -> None:
    due = _moment(values["date_time"])
    intent = values["intent"]
    if due is None or not isinstance(intent, str) or not intent:
        log.warning("an action sets a reminder without a time or an intent; it is left out")
        return
    number = sum(isinstance(event, ReminderSet) for event in progress.events)
    name = str(values["name"] or f"{progress.turn.message.message_id}.{number}")
    entities = entities_named(values["entities"])
    kept = values["kill_on_user_msg"] is False
    progress.note(ReminderSet(name, intent, entities, due.isoformat(), kept))


def _forgotten(progress: Progress, values: _Values) -> None:
    entities = values["entities"]
    progress.note(
        ReminderCancelled(
            None if values["name"] is None else str(values["name"]),
            None if values["intent"] is None else str(values["intent"]),
            None if entities is None else entities_named(entities),
        )
    )


def entities_named(written: Any) -> dict[str, Any]:
    """Return values by entity, be they written as a table or as rasa-sdk's list."""
    if isinstance(written, Mapping):
        return {str(name): value for name, value in written.items()}
    listed = written if isinstance(written, list | tuple) else ()
    return {
        str(one["entity"]): one.get("value")
        for one in listed
        if isinstance(one, Mapping) and "entity" in one
    }


def _moment(written: Any) -> datetime | None:
    """Return a time; one without a zone is this machine's, as in Rasa."""
    try:
        return datetime.fromisoformat(str(written)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
