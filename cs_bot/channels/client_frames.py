"""The commands of a customer's client, and how raw text becomes one of them.

Knows no state and no I/O.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from cs_bot.channels.frames import (
    TEXT_CHARS,
    CommandId,
    ErrorCode,
    Frame,
    Name,
    Ping,
    Pong,
    Position,
    Typing,
    Words,
)
from cs_bot.errors import CsBotError


class NotAFrame(CsBotError):
    """Text that is no envelope at all; the connection cannot go on."""


class BadCommand(CsBotError):
    """An envelope that is no command of this version; `command_id` is its id if usable."""

    def __init__(self, code: ErrorCode, message: str, *, command_id: str | None) -> None:
        self.code = code
        self.message = message
        self.command_id = command_id
        super().__init__(message)


class HelloData(Frame):
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


class Hello(Frame):
    """Opens the conversation; the first frame, answered by `welcome` or a close."""

    type: Literal["hello"]
    id: CommandId
    data: HelloData


class MessageSendData(Frame):
    """The customer's words."""

    text: Words = Field(max_length=TEXT_CHARS)
    attachments: list[str] = Field(default_factory=list, max_length=0)

    @model_validator(mode="after")
    def _not_blank(self) -> MessageSendData:
        if not self.text.strip():
            raise ValueError("text is empty")
        return self


class MessageSend(Frame):
    """Says something; `id` makes a resend harmless."""

    type: Literal["message.send"]
    id: CommandId
    data: MessageSendData


class ActionData(Frame):
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


class Action(Frame):
    """Chooses from what a message offers."""

    type: Literal["action"]
    id: CommandId
    data: ActionData


class FormSubmitData(Frame):
    """The values of a form by field name."""

    message_id: Name
    form_id: Name
    values: dict[Name, Annotated[Words, Field(max_length=TEXT_CHARS)]] = Field(max_length=32)


class FormSubmit(Frame):
    """Submits a form; `form_invalid` names what is wrong per field."""

    type: Literal["form.submit"]
    id: CommandId
    data: FormSubmitData


class FeedbackData(Frame):
    """A judgement of one answer; 0 takes it back."""

    answer_id: Name
    value: Literal[1, -1, 0]
    reasons: list[Literal["wrong", "outdated", "unclear", "not_my_question", "rude"]] = Field(
        default_factory=list, max_length=5
    )
    comment: Words = Field(default="", max_length=500)


class Feedback(Frame):
    """Rates an answer; a later one replaces it."""

    type: Literal["feedback"]
    id: CommandId
    data: FeedbackData


class SyncData(Frame):
    """The last event the client has applied."""

    after_seq: Position


class Sync(Frame):
    """Asks for the events after a number again."""

    type: Literal["sync"]
    id: CommandId
    data: SyncData


class ReadData(Frame):
    """The last event the customer has seen."""

    upto_seq: Position


class Read(Frame):
    """Tells how far the customer has read."""

    type: Literal["read"]
    id: CommandId
    data: ReadData


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
