"""The frames of the server: answers to commands, and durable events."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cs_bot.blocks import public_wire
from cs_bot.channels.frames import FRAME_BYTES, TEXT_CHARS, CommandId, ErrorCode, Frame
from cs_bot.channels.wire_blocks import WireBlock
from cs_bot.stores.protocols import LogEntry


class LimitsData(Frame):
    """What the server refuses: bytes a frame, characters a text, commands a time."""

    frame: int = FRAME_BYTES
    text: int = TEXT_CHARS
    rate: str


class WelcomeData(Frame):
    """Where the conversation stands and how the client gets there."""

    connection_id: str
    visitor_id: str
    conversation_id: str
    epoch: str
    top_seq: int
    resume: Literal["fresh", "replayed", "gap"]
    ping_ms: int
    pong_timeout_ms: int
    limits: LimitsData


class Welcome(Frame):
    """Answers `hello`; missed events follow when `resume` is `replayed`."""

    type: Literal["welcome"]
    re: CommandId
    ts: int
    data: WelcomeData


class AckData(Frame):
    """Place and id of what was stored; empty for commands that store no event."""

    seq: int | None = None
    message_id: str | None = None
    dup: bool | None = None


class Ack(Frame):
    """The command is done, and stored."""

    type: Literal["ack"]
    re: CommandId
    data: AckData = AckData()


class ErrorData(Frame):
    """Why a command was not carried out, and whether the same may work later."""

    code: ErrorCode
    message: str
    retryable: bool
    retry_after_ms: int | None = None
    fields: dict[str, str] | None = None


class Error(Frame):
    """The command was not carried out; without `re` it is about no single command."""

    type: Literal["error"]
    re: CommandId | None = None
    data: ErrorData


class Sender(Frame):
    """Who speaks."""

    role: Literal["visitor", "bot", "agent", "system"]
    name: str | None = None


class AnswerData(Frame):
    """Which stage answered, and whether to ask for feedback."""

    answer_id: str
    source: str
    feedback: bool


class MessageData(Frame):
    """One message of the conversation."""

    message_id: str
    client_id: str | None = None
    sender: Sender
    reply_to: str | None = None
    answer: AnswerData | None = None
    blocks: list[WireBlock]


class MessageEvent(Frame):
    """Somebody said something; durable."""

    type: Literal["message"]
    seq: int = Field(ge=1)
    ts: int
    data: MessageData


class MessageUpdateData(Frame):
    """The new blocks of an earlier message."""

    message_id: str
    blocks: list[WireBlock]


class MessageUpdate(Frame):
    """A message looks different now: a choice was made, a form submitted; durable."""

    type: Literal["message.update"]
    seq: int = Field(ge=1)
    ts: int
    data: MessageUpdateData


ANSWERS = (Welcome, Ack, Error)
EVENTS = (MessageEvent, MessageUpdate)


def event_frame(entry: LogEntry) -> dict[str, Any]:
    """Return the durable event as customers may see it."""
    blocks = [public_wire(block) for block in entry.data["blocks"]]
    return {
        "type": entry.type,
        "seq": entry.seq,
        "ts": int(entry.at.timestamp() * 1000),
        "data": {**entry.data, "blocks": blocks},
    }
