"""Makes turns for tests of stages: say what matters, the rest has plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cs_bot.events import DialogueState
from cs_bot.text.normalize import query_of
from cs_bot.types import Exchange, Message, Payload, Reading, Turn, User

AT = datetime(2026, 1, 1, tzinfo=UTC)


def turn_of(
    text: str,
    *,
    locale: str = "zh",
    payload: Payload | None = None,
    state: DialogueState | None = None,
    history: Sequence[Exchange] = (),
    release: str | None = "r1",
    conversation_id: str = "c1",
    message_id: str = "m_1",
    logged_text: str | None = None,
) -> Turn:
    """Return a turn in which the customer said this."""
    message = Message(
        conversation_id, message_id, text, "web", User("v1"), locale, AT, payload=payload
    )
    return Turn(
        message=message,
        query=query_of(text),
        locale=locale,
        state=state or DialogueState(),
        history=tuple(history),
        release=release,
        reading=_nothing_read,
        logged_text=logged_text,
    )


async def _nothing_read() -> Reading:
    return Reading()
