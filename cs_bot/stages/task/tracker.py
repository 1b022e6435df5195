"""The border to rasa-sdk: our state as its tracker; `actions/outcome.py` reads what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cs_bot.events import DialogueState, SlotSet
from cs_bot.stages.task.project import Project
from cs_bot.types import Message, Reading, Turn


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


def sender_of(message: Message) -> str:
    """Return the name that a customer's channel knows it by, else the id of the conversation.

    Programs that call Rasa's REST channel name their customers, and actions look them up by it.
    """
    named = f"{message.channel}:"
    user_id = message.user.id
    return user_id.removeprefix(named) if user_id.startswith(named) else message.conversation_id


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
    metadata = {**turn.message.metadata, "locale": turn.locale}
    message = parse_data(turn.message.text, turn.message.message_id, reading, metadata)
    user = {"event": "user", "timestamp": turn.message.received_at.timestamp(), **message}
    return {
        "sender_id": sender_of(turn.message),
        "conversation_id": turn.message.conversation_id,
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


def parse_data(
    text: str, message_id: str, reading: Reading, metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what Rasa calls the parse data of a message: its intents and entities."""
    ranking = [{"name": i.name, "confidence": i.probability} for i in reading.intents]
    return {
        "text": text,
        "message_id": message_id,
        "intent": ranking[0] if ranking else {"name": None, "confidence": 0.0},
        "intent_ranking": ranking,
        "entities": [
            {"entity": e.name, "value": e.value, "start": e.start, "end": e.end, "extractor": e.via}
            | ({"role": e.role} if e.role else {})
            | ({"group": e.group} if e.group else {})
            for e in reading.entities
        ],
        "metadata": dict(metadata),
    }


def _slot_event(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}
