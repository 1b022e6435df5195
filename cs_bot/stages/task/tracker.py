"""The border to rasa-sdk: our state as its tracker; `actions/outcome.py` reads what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cs_bot.events import DialogueState, SlotSet
from cs_bot.stages.task.project import Project
from cs_bot.types import Reading, Turn


def slots_of(project: Project, state: DialogueState, locale: str) -> dict[str, Any]:
    """Return every slot of the project with its value; `locale` is the language of the turn.

    One that was emptied is empty, whatever its initial value.
    """
    initial = {name: slot.initial for name, slot in project.slots.items()}
    emptied = {
        move.name: None for move in state.moves if isinstance(move, SlotSet) and move.value is None
    }
    held = {"requested_slot": state.requested_slot, "locale": locale}
    return {**initial, **emptied, **state.slots, **held}


def tracker_of(
    project: Project,
    turn: Turn,
    state: DialogueState,
    reading: Reading,
    form: str | None,
    candidates: Mapping[str, Any],
    done: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the tracker an action is given; candidates stand at the end of its events.

    `done` are the actions of this turn that ran before.
    """
    message = _latest_message(turn, reading)
    user = {"event": "user", "timestamp": turn.message.received_at.timestamp(), **message}
    return {
        "sender_id": turn.message.conversation_id,
        "slots": {**slots_of(project, state, turn.locale), **candidates},
        "latest_message": message,
        "events": [
            *_past(turn),
            {**user, "input_channel": turn.message.channel},
            *({"event": "action", "timestamp": None, "name": name} for name in done),
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
