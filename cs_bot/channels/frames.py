"""What all frames of `csbot.v1` have in common, and the signals that go either way.

Frames are pydantic models; the JSON Schemas and the AsyncAPI file are generated from them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SUBPROTOCOL = "csbot.v1"
FRAME_BYTES = 65_536
TEXT_CHARS = 4_000

CommandId = Annotated[str, Field(pattern=r"^[!-~]{1,36}$", description="ULID or UUID")]
Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Text that every database can keep: PostgreSQL has no NUL."""
Name = Annotated[Words, Field(max_length=200)]
Position = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""A place in the log; larger numbers are not safe in JavaScript, nor in a database."""
ErrorCode = Literal[
    "bad_request",
    "unknown_type",
    "too_long",
    "unsupported_media",
    "rate_limited",
    "busy",
    "not_found",
    "conflict",
    "forbidden",
    "conversation_closed",
    "form_invalid",
    "form_expired",
    "upload_invalid",
    "handoff_unavailable",
    "internal",
]


class Frame(BaseModel):
    """A frame or a part of one.

    Unknown fields are ignored, so that v1 can grow; values are never converted.
    """

    model_config = ConfigDict(strict=True, frozen=True)


class Ping(Frame):
    """Asks whether the other side is there."""

    type: Literal["ping"]


class PongData(Frame):
    """The last event the client has applied."""

    upto_seq: Position | None = None


class Pong(Frame):
    """Answers a ping."""

    type: Literal["pong"]
    data: PongData = PongData()


class TypingData(Frame):
    """Who writes; the receiver clears it after 6 s."""

    by: Literal["visitor", "bot", "agent"] = "visitor"
    on: bool = True


class Typing(Frame):
    """Somebody is writing, or the bot is at work."""

    type: Literal["typing"]
    data: TypingData = TypingData()
