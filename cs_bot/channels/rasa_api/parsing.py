"""What a message means, as Rasa's `/model/parse` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_bot.stages.task.project import Project, Variation
from cs_bot.stages.task.tracker import parse_data
from cs_bot.types import Reading


def parsed(text: str, message_id: str | None, reading: Reading, project: Project) -> dict[str, Any]:
    """Return intents, entities, and what was chosen within a retrieval intent."""
    told = parse_data(text, message_id or "", reading, {})
    if message_id is None:
        del told["message_id"]
    return {**told, **_selected(reading, project)}


def _selected(reading: Reading, project: Project) -> Mapping[str, Any]:
    """Return the part of Rasa's response selector, of a project that has retrieval intents."""
    groups = sorted(project.retrieval_intents())
    if not groups:
        return {}
    told: dict[str, Any] = {"all_retrieval_intents": groups}
    if reading.retrieved is not None:
        chosen = _chosen(reading.retrieved, project)
        told |= {"default": chosen, reading.retrieved.partition("/")[0]: chosen}
    return {"response_selector": told}


def _chosen(intent: str, project: Project) -> dict[str, Any]:
    name = f"utter_{intent}"
    said = [_variation(one) for one in project.responses.get(name, ())]
    response = {"responses": said, "intent_response_key": intent, "utter_action": name}
    return {"response": response, "ranking": [{"intent_response_key": intent}]}


def _variation(said: Variation) -> dict[str, Any]:
    buttons = [{"title": choice.title, "payload": choice.payload} for choice in said.choices]
    parts = {
        "text": said.text,
        "image": said.image,
        "buttons": buttons,
        "custom": said.custom,
        "attachment": said.attachment,
        "channel": said.channel,
    }
    return {name: part for name, part in parts.items() if part}
