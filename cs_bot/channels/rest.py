"""Rasa's REST channel: `POST /webhooks/rest/webhook` with the same payloads.

Senders live in a namespace of their own, so none of them can reach a widget's conversation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response, StreamingResponse

from cs_bot.blocks import Block, buttons_of
from cs_bot.channels.bodies import bounded_body
from cs_bot.channels.choices import AlreadyChosen, Choice, pick, press, submit
from cs_bot.channels.commands import inbound_of
from cs_bot.channels.exchange import Said, bot_messages
from cs_bot.channels.frames import FRAME_BYTES, TEXT_CHARS, Words
from cs_bot.channels.inbound import accepted_message
from cs_bot.channels.locales import screen_locale
from cs_bot.channels.rasa_payloads import Pick, Submit, command_in, rasa_objects
from cs_bot.channels.refusal import BUSY, Refused
from cs_bot.channels.turns import Answers
from cs_bot.errors import Busy, Conflict
from cs_bot.stores.protocols import Conversation, ConversationStore, Inbound
from cs_bot.types import Message

log = logging.getLogger(__name__)

CHANNEL = "rest"
LOOK_BACK = 50
"""How many entries back a button or list line may still be chosen."""


def user_id_of(sender: str) -> str:
    """Return the user that a sender of this channel is in the log."""
    return f"{CHANNEL}:{sender}"


class RestMessage(BaseModel):
    """What Rasa's clients post; `metadata.locale` may name the customer's language."""

    sender: Words = Field(min_length=1, max_length=200)
    message: Words = Field(min_length=1, max_length=TEXT_CHARS)
    metadata: dict[str, Any] | None = None

    @field_validator("metadata")
    @classmethod
    def _is_finite(cls, metadata: dict[str, Any] | None) -> dict[str, Any] | None:
        """Refuse NaN and infinities, which are no JSON and which no database keeps."""
        try:
            json.dumps(metadata, allow_nan=False)
        except ValueError:
            raise PydanticCustomError("finite", "a number in it is not finite") from None
        return metadata


def rest_routes(
    *,
    answers: Answers,
    conversations: ConversationStore,
    ids: Callable[[str], str],
    locale: str,
) -> APIRouter:
    """Return the webhook; `locale` is the language of senders that name none."""
    webhook = RestWebhook(answers, conversations, ids, locale)
    router = APIRouter(tags=["rest"])

    @router.post("/webhooks/rest/webhook", openapi_extra=_BODY)
    async def answer(request: Request, stream: bool = False) -> Response:
        """Answer one message with a list of Rasa's message objects, or with one a line."""
        message = await _message(request)
        try:
            objects = await webhook.answer(message)
        except Refused as error:
            raise HTTPException(400, _sentence(error)) from None
        except Busy as error:
            # The error names files and servers: for the log, not for who happens to ask.
            log.warning("a message of the REST channel is refused: %s", error)
            raise HTTPException(503, BUSY, {"Retry-After": "2"}) from None
        if stream:
            return StreamingResponse(_lines(objects), media_type="application/x-ndjson")
        return JSONResponse(objects)

    @router.get("/webhooks/rest/")
    async def health() -> dict[str, str]:
        """Tell that the channel is there."""
        return {"status": "ok"}

    return router


class RestWebhook:
    """Answers messages of senders that are known by name only."""

    def __init__(
        self,
        answers: Answers,
        conversations: ConversationStore,
        ids: Callable[[str], str],
        locale: str,
    ) -> None:
        self._answers = answers
        self._conversations = conversations
        self._ids = ids
        self._locale = locale

    async def answer(self, message: RestMessage) -> list[dict[str, Any]]:
        """Return the reply as Rasa's objects; raises `Refused` and `Busy`."""
        named = (message.metadata or {}).get("locale")
        locale = screen_locale(named if isinstance(named, str) else "", self._locale)
        user_id, text = user_id_of(message.sender), message.message
        command = command_in(text)
        if command is None and not text.startswith("/"):
            inbound = Inbound(self._ids("r"), text, locale, metadata=message.metadata)
            received = await self._conversations.receive(CHANNEL, user_id, locale, inbound)
            heard = accepted_message(received.conversation, inbound, received.accepted)
        else:
            heard = await self._chosen(user_id, message, command, locale)
        record = await self._answers.reply(heard)
        return rasa_objects(record.trace.reply.blocks, message.sender, record.locale)

    async def _chosen(
        self, user_id: str, message: RestMessage, command: Pick | Submit | None, locale: str
    ) -> Message:
        """Store what chooses from something said before, or states its meaning outright."""
        conversation = await self._conversations.open(
            None, channel=CHANNEL, user_id=user_id, locale=locale
        )
        inbound = await self._inbound(conversation, message.message, command, locale)
        inbound = replace(inbound, metadata=message.metadata)
        try:
            accepted = await self._conversations.accept(conversation.id, inbound)
        except Conflict:
            raise AlreadyChosen from None
        return accepted_message(conversation, inbound, accepted)

    async def _inbound(
        self, conversation: Conversation, text: str, command: Pick | Submit | None, locale: str
    ) -> Inbound:
        client_id = self._ids("r")
        said = await bot_messages(self._conversations, conversation, limit=LOOK_BACK)
        if isinstance(command, Submit):
            return await self._submitted(conversation, said, command, client_id, locale)
        if isinstance(command, Pick):
            choice = _first(said, lambda blocks: pick(blocks, command.item_id))
        else:
            choice = _pressed(said, text) or Choice(text, None, None)
        # Chat apps keep old buttons alive, so a choice closes nothing here.
        return inbound_of(client_id, "", Choice(choice.text, choice.payload, None), locale)

    async def _submitted(
        self,
        conversation: Conversation,
        said: Sequence[Said],
        command: Submit,
        client_id: str,
        locale: str,
    ) -> Inbound:
        for message in said:
            blocks = await self._conversations.message_blocks(conversation.id, message.message_id)
            if _has_form(blocks, command.form_id):
                choice = submit(blocks, command.form_id, command.values, locale)
                return inbound_of(client_id, message.message_id, choice, locale, before=blocks)
        raise Refused("not_found", f"there is no form {command.form_id!r} to submit")


def _first(said: Sequence[Said], choose: Callable[[Sequence[Block]], Choice]) -> Choice:
    """Return the choice in the latest message that offers it; raises `Refused`."""
    for message in said:
        try:
            return choose(message.blocks)
        except Refused:
            continue
    raise Refused("not_found", "nothing of that kind was offered lately")


def _pressed(said: Sequence[Said], payload: str) -> Choice | None:
    for message in said:
        for block in message.blocks:
            for button in buttons_of(block):
                if button.payload == payload:
                    return press(message.blocks, button.id)
    return None


def _has_form(blocks: Sequence[Block], form_id: str) -> bool:
    return any(getattr(block, "form_id", None) == form_id for block in blocks)


async def _message(request: Request) -> RestMessage:
    try:
        message = RestMessage.model_validate_json(await bounded_body(request, FRAME_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise HTTPException(400, f"{place}: {first['msg']}") from None
    if not message.message.strip():
        raise HTTPException(400, "message: it is empty")
    return message


def _sentence(error: Refused) -> str:
    fields = "; ".join((error.fields or {}).values())
    return f"{error.message}: {fields}" if fields else error.message


def _lines(objects: Sequence[dict[str, Any]]) -> Iterator[str]:
    for item in objects:
        yield json.dumps(item, ensure_ascii=False) + "\n"


_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": RestMessage.model_json_schema()}},
    }
}
