"""Turns what is stored of a customer's message or action into the `Message` a bot answers.

The one place that knows both forms of a payload: JSON in the log, a value in the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cs_bot.stores.protocols import Accepted, Conversation, Inbound, Unanswered
from cs_bot.types import Message, Payload, Picked, Pressed, Submitted, Triggered, User


def payload_as_json(payload: Payload) -> dict[str, Any]:
    """Return the payload as the log keeps it."""
    match payload:
        case Picked(pair_id=pair_id):
            return {"picked": pair_id}
        case Pressed(payload=pressed):
            return {"pressed": pressed}
        case Submitted(form_id=form_id, values=values):
            return {"submitted": {"form_id": form_id, "values": dict(values)}}
        case Triggered(intent=intent, entities=entities):
            return {"triggered": {"intent": intent, "entities": dict(entities)}}


def payload_from_json(stored: Mapping[str, Any] | None) -> Payload | None:
    """Read a stored payload back; raises `KeyError` for one no release of this package wrote."""
    if not stored:
        return None
    if "picked" in stored:
        return Picked(stored["picked"])
    if "pressed" in stored:
        return Pressed(stored["pressed"])
    if "triggered" in stored:
        return Triggered(**stored["triggered"])
    submitted = stored["submitted"]
    return Submitted(submitted["form_id"], submitted["values"])


def accepted_message(conversation: Conversation, inbound: Inbound, accepted: Accepted) -> Message:
    """Return the message that has just been stored."""
    return _message(
        conversation,
        accepted.message_id,
        inbound.text,
        inbound.locale,
        inbound.payload,
        accepted.at,
        inbound.metadata,
    )


def unanswered_message(waiting: Unanswered) -> Message:
    """Return a message that was stored earlier and still waits for its answer."""
    return _message(
        waiting.conversation,
        waiting.message_id,
        waiting.text,
        waiting.locale,
        waiting.payload,
        waiting.at,
        waiting.metadata,
    )


def _message(
    conversation: Conversation,
    message_id: str,
    text: str,
    locale: str,
    payload: Mapping[str, Any] | None,
    at: datetime,
    metadata: Mapping[str, Any] | None,
) -> Message:
    return Message(
        conversation_id=conversation.id,
        message_id=message_id,
        text=text,
        channel=conversation.channel,
        user=User(conversation.user_id),
        locale=locale,
        received_at=at,
        payload=payload_from_json(payload),
        metadata=metadata or {},
    )
