"""One execution of an action and the key by which services know it again; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

_FIELD = "idempotency_key"


def execution_key(name: str, tracker: Mapping[str, Any]) -> str:
    """Return the key of the execution that comes next.

    It follows from the conversation, the customer's message, the action and how often it ran since
    that message: so it is the same when the execution is tried again and when the message is sent
    again, and another one for whatever else is done.
    """
    message = str((tracker.get("latest_message") or {}).get("message_id", ""))
    before = sum(done == name for done in _done_since_message(tracker.get("events") or ()))
    # The conversation's own id: a sender's name is no other one when the log begins anew.
    conversation = str(tracker.get("conversation_id") or tracker.get("sender_id"))
    parts = (conversation, message, name, str(before))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


def _done_since_message(events: Iterable[Mapping[str, Any]]) -> list[str]:
    done: list[str] = []
    for event in events:
        if event.get("event") == "user":
            done = []
        elif event.get("event") == "action":
            done.append(str(event.get("name")))
    return done


def with_key(tracker: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a tracker of its own for one attempt, with the key in the message's metadata.

    An action reads it as `tracker.latest_message["metadata"]["idempotency_key"]`.
    """
    message = dict(tracker.get("latest_message") or {})
    message["metadata"] = {**(message.get("metadata") or {}), _FIELD: key}
    return {
        **tracker,
        "latest_message": message,
        "slots": dict(tracker.get("slots") or {}),
        "events": list(tracker.get("events") or ()),
    }


def key_of(tracker: Mapping[str, Any]) -> str:
    """Return the key in a tracker, empty where there is none."""
    metadata = (tracker.get("latest_message") or {}).get("metadata") or {}
    return str(metadata.get(_FIELD, ""))
