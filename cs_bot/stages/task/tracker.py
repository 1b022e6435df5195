"""The border to rasa-sdk: our state as its tracker, its events and messages as our values."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.events import DialogueState
from cs_bot.stages.task.project import Choice, Project, Variation
from cs_bot.types import Reading, Turn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an action: words of its own, or the name of a response and its values."""

    response: str | None
    words: Variation
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What an action returned, in our terms: slots in order, words, what is to follow."""

    slots: tuple[tuple[str, Any], ...] = ()
    said: tuple[Said, ...] = ()
    followup: str | None = None
    leaves_loop: bool = False


def slots_of(project: Project, state: DialogueState, locale: str) -> dict[str, Any]:
    """Return every slot of the project with its value; `locale` is the language of the turn."""
    initial = {name: slot.initial for name, slot in project.slots.items()}
    return {**initial, **state.slots, "requested_slot": state.requested_slot, "locale": locale}


def tracker_of(
    project: Project,
    turn: Turn,
    state: DialogueState,
    reading: Reading,
    form: str | None,
    candidates: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the tracker an action is given; candidates stand at the end of its events."""
    message = _latest_message(turn, reading)
    user = {"event": "user", "timestamp": turn.message.received_at.timestamp(), **message}
    return {
        "sender_id": turn.message.conversation_id,
        "slots": {**slots_of(project, state, turn.locale), **candidates},
        "latest_message": message,
        "events": [
            *_past(turn),
            {**user, "input_channel": turn.message.channel},
            *(_slot_event(name, value) for name, value in candidates.items()),
        ],
        "paused": False,
        "followup_action": None,
        "active_loop": {"name": form} if form else {},
        "latest_action_name": form or "action_listen",
        "latest_input_channel": turn.message.channel,
    }


def _past(turn: Turn) -> Iterable[dict[str, Any]]:
    for exchange in turn.history:
        yield {"event": "user", "timestamp": None, "text": exchange.text, "parse_data": {}}
        yield {"event": "bot", "timestamp": None, "text": exchange.reply, "data": {}}


def _latest_message(turn: Turn, reading: Reading) -> dict[str, Any]:
    ranking = [{"name": i.name, "confidence": i.probability} for i in reading.intents]
    return {
        "text": turn.message.text,
        "message_id": turn.message.message_id,
        "intent": ranking[0] if ranking else {"name": None, "confidence": 0.0},
        "intent_ranking": ranking,
        "entities": [
            {"entity": e.name, "value": e.value, "start": e.start, "end": e.end, "extractor": e.via}
            | ({"role": e.role} if e.role else {})
            | ({"group": e.group} if e.group else {})
            for e in reading.entities
        ],
        "metadata": {"locale": turn.locale},
    }


def _slot_event(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def outcome_of(
    action: str, events: Sequence[Mapping[str, Any]], responses: Sequence[Mapping[str, Any]]
) -> ActionOutcome:
    """Return what rasa-sdk handed back; events this version does not apply are logged."""
    slots: list[tuple[str, Any]] = []
    followup, leaves_loop = None, False
    for event in events:
        match event.get("event"):
            case "slot":
                slots.append((str(event.get("name")), event.get("value")))
            case "reset_slots":
                slots.append(("*", None))
            case "followup":
                followup = str(event.get("name"))
            case "active_loop" | "form":
                followup = event.get("name")
                leaves_loop = followup is None
            case other:
                log.warning("action %s returned the event %s, which is not applied", action, other)
    return ActionOutcome(tuple(slots), tuple(map(_said, responses)), followup, leaves_loop)


def _said(message: Mapping[str, Any]) -> Said:
    name = message.get("response") or message.get("template")
    buttons = message.get("buttons") or ()
    choices = (
        Choice(str(button.get("title", "")), str(button.get("payload") or button.get("title", "")))
        for button in buttons
    )
    words = Variation(message.get("text"), message.get("image"), tuple(choices))
    return Said(name, words, message)
