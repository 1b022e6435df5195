"""Every frame of `csbot.v1` as a pydantic model, and how raw text becomes one of them.

The JSON Schemas and the AsyncAPI file are generated from these models. Knows no state and no I/O.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cs_bot.blocks import public_wire
from cs_bot.channels.wire_blocks import WireBlock
from cs_bot.errors import CsBotError
from cs_bot.stores.protocols import LogEntry

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


class NotAFrame(CsBotError):
    """Text that is no envelope at all; the connection cannot go on."""


class BadCommand(CsBotError):
    """An envelope that is no command of this version; `command_id` is its id if usable."""

    def __init__(self, code: ErrorCode, message: str, *, command_id: str | None) -> None:
        self.code = code
        self.message = message
        self.command_id = command_id
        super().__init__(message)


class _Frame(BaseModel):
    """Unknown fields are ignored, so that v1 can grow; values are never converted."""

    model_config = ConfigDict(strict=True, frozen=True)


# Commands: from the client, each answered by exactly one ack or error


class HelloData(_Frame):
    """Who connects, and up to which event they have seen the conversation."""

    token: str = Field(max_length=4_096)
    key: Name
    conversation_id: Name | None = None
    epoch: Name | None = None
    after_seq: Position | None = None
    locale: Name = ""
    tz: Name | None = None
    sdk: Name | None = None
    caps: list[Name] = Field(default_factory=list, max_length=32)


class Hello(_Frame):
    """Opens the conversation; the first frame, answered by `welcome` or a close."""

    type: Literal["hello"]
    id: CommandId
    data: HelloData


class MessageSendData(_Frame):
    """The customer's words."""

    text: Words = Field(max_length=TEXT_CHARS)
    attachments: list[str] = Field(default_factory=list, max_length=0)

    @model_validator(mode="after")
    def _not_blank(self) -> MessageSendData:
        if not self.text.strip():
            raise ValueError("text is empty")
        return self


class MessageSend(_Frame):
    """Says something; `id` makes a resend harmless."""

    type: Literal["message.send"]
    id: CommandId
    data: MessageSendData


class ActionData(_Frame):
    """A choice by id: a button, a line of a list, or null for none of its lines."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["item_id"]}, {"required": ["button_id"]}]}
    )

    message_id: Name
    item_id: Name | None = None
    button_id: Name | None = None

    @model_validator(mode="after")
    def _one_choice(self) -> ActionData:
        if ("item_id" in self.model_fields_set) == (self.button_id is not None):
            raise ValueError("name either item_id or button_id")
        return self


class Action(_Frame):
    """Chooses from what a message offers."""

    type: Literal["action"]
    id: CommandId
    data: ActionData


class FormSubmitData(_Frame):
    """The values of a form by field name."""

    message_id: Name
    form_id: Name
    values: dict[Name, Annotated[Words, Field(max_length=TEXT_CHARS)]] = Field(max_length=32)


class FormSubmit(_Frame):
    """Submits a form; `form_invalid` names what is wrong per field."""

    type: Literal["form.submit"]
    id: CommandId
    data: FormSubmitData


class FeedbackData(_Frame):
    """A judgement of one answer; 0 takes it back."""

    answer_id: Name
    value: Literal[1, -1, 0]
    reasons: list[Literal["wrong", "outdated", "unclear", "not_my_question", "rude"]] = Field(
        default_factory=list, max_length=5
    )
    comment: Words = Field(default="", max_length=500)


class Feedback(_Frame):
    """Rates an answer; a later one replaces it."""

    type: Literal["feedback"]
    id: CommandId
    data: FeedbackData


class SyncData(_Frame):
    """The last event the client has applied."""

    after_seq: Position


class Sync(_Frame):
    """Asks for the events after a number again."""

    type: Literal["sync"]
    id: CommandId
    data: SyncData


class ReadData(_Frame):
    """The last event the customer has seen."""

    upto_seq: Position


class Read(_Frame):
    """Tells how far the customer has read."""

    type: Literal["read"]
    id: CommandId
    data: ReadData


# Signals: either way, without answer


class Ping(_Frame):
    """Asks whether the other side is there."""

    type: Literal["ping"]


class PongData(_Frame):
    """The last event the client has applied."""

    upto_seq: Position | None = None


class Pong(_Frame):
    """Answers a ping."""

    type: Literal["pong"]
    data: PongData = PongData()


class TypingData(_Frame):
    """Who writes; the receiver clears it after 6 s."""

    by: Literal["visitor", "bot", "agent"] = "visitor"
    on: bool = True


class Typing(_Frame):
    """Somebody is writing, or the bot is at work."""

    type: Literal["typing"]
    data: TypingData = TypingData()


# From the server


class LimitsData(_Frame):
    """What the server refuses: bytes a frame, characters a text, commands a time."""

    frame: int = FRAME_BYTES
    text: int = TEXT_CHARS
    rate: str


class WelcomeData(_Frame):
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


class Welcome(_Frame):
    """Answers `hello`; missed events follow when `resume` is `replayed`."""

    type: Literal["welcome"]
    re: CommandId
    ts: int
    data: WelcomeData


class AckData(_Frame):
    """Place and id of what was stored; empty for commands that store no event."""

    seq: int | None = None
    message_id: str | None = None
    dup: bool | None = None


class Ack(_Frame):
    """The command is done, and stored."""

    type: Literal["ack"]
    re: CommandId
    data: AckData = AckData()


class ErrorData(_Frame):
    """Why a command was not carried out, and whether the same may work later."""

    code: ErrorCode
    message: str
    retryable: bool
    retry_after_ms: int | None = None
    fields: dict[str, str] | None = None


class Error(_Frame):
    """The command was not carried out; without `re` it is about no single command."""

    type: Literal["error"]
    re: CommandId | None = None
    data: ErrorData


class Sender(_Frame):
    """Who speaks."""

    role: Literal["visitor", "bot", "agent", "system"]
    name: str | None = None


class AnswerData(_Frame):
    """Which stage answered, and whether to ask for feedback."""

    answer_id: str
    source: str
    feedback: bool


class MessageData(_Frame):
    """One message of the conversation."""

    message_id: str
    client_id: str | None = None
    sender: Sender
    reply_to: str | None = None
    answer: AnswerData | None = None
    blocks: list[WireBlock]


class MessageEvent(_Frame):
    """Somebody said something; durable."""

    type: Literal["message"]
    seq: int = Field(ge=1)
    ts: int
    data: MessageData


class MessageUpdateData(_Frame):
    """The new blocks of an earlier message."""

    message_id: str
    blocks: list[WireBlock]


class MessageUpdate(_Frame):
    """A message looks different now: a choice was made, a form submitted; durable."""

    type: Literal["message.update"]
    seq: int = Field(ge=1)
    ts: int
    data: MessageUpdateData


Command = Hello | MessageSend | Action | FormSubmit | Feedback | Sync | Read
Signal = Ping | Pong | Typing
COMMANDS: Mapping[str, type[Command]] = {
    "hello": Hello,
    "message.send": MessageSend,
    "action": Action,
    "form.submit": FormSubmit,
    "feedback": Feedback,
    "sync": Sync,
    "read": Read,
}
SIGNALS: Mapping[str, type[Signal]] = {"ping": Ping, "pong": Pong, "typing": Typing}
ANSWERS = (Welcome, Ack, Error)
EVENTS = (MessageEvent, MessageUpdate)

_ID = re.compile(r"[!-~]{1,36}")
_CODES: Mapping[tuple[str, str], ErrorCode] = {
    ("text", "string_too_long"): "too_long",
    ("comment", "string_too_long"): "too_long",
    ("values", "string_too_long"): "too_long",
    ("attachments", "too_long"): "unsupported_media",
}


def read_frame(raw: str) -> Command | Signal:
    """Return the command or signal; raises `NotAFrame` or `BadCommand`."""
    envelope = _envelope(raw)
    kind = envelope["type"]
    if kind in SIGNALS:
        return _read_signal(SIGNALS[kind], envelope)
    command_id = _usable_id(envelope.get("id"))
    if kind not in COMMANDS:
        raise BadCommand(
            "unknown_type", f"there is no command {kind[:64]!a}", command_id=command_id
        )
    try:
        return COMMANDS[kind].model_validate(envelope)
    except ValidationError as error:
        raise _bad_command(error, command_id) from None


def event_frame(entry: LogEntry) -> dict[str, Any]:
    """Return the durable event as customers may see it."""
    blocks = [public_wire(block) for block in entry.data["blocks"]]
    return {
        "type": entry.type,
        "seq": entry.seq,
        "ts": int(entry.at.timestamp() * 1000),
        "data": {**entry.data, "blocks": blocks},
    }


def _envelope(raw: str) -> dict[str, Any]:
    try:
        envelope = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotAFrame("the frame is not JSON") from None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("type"), str):
        raise NotAFrame("the frame is not an object with a type")
    return envelope


def _read_signal(model: type[Signal], envelope: Mapping[str, Any]) -> Signal:
    """Return the signal; one that makes no sense may be dropped, so it becomes the plain one."""
    try:
        return model.model_validate(envelope)
    except ValidationError:
        return model.model_validate({"type": envelope["type"]})


def _usable_id(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _bad_command(error: ValidationError, command_id: str | None) -> BadCommand:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]]
    field = place[1] if len(place) > 1 else (place or ["data"])[0]
    code = _CODES.get((field, first["type"]), "bad_request")
    reason = first["msg"].removeprefix("Value error, ")
    where = ascii(".".join(place))[1:-1][:80]
    return BadCommand(code, f"{where}: {reason}", command_id=command_id)
