"""Carries out the commands of a visitor on the log: says, chooses, submits, rates.

Knows no socket; the same calls serve every transport of the protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from cs_bot.blocks import Block
from cs_bot.channels.choices import AlreadyChosen, Choice, pick, press, submit
from cs_bot.channels.client_frames import Action, Feedback, FormSubmit, MessageSend
from cs_bot.channels.inbound import accepted_message, payload_as_json
from cs_bot.channels.limits import Limits
from cs_bot.channels.turns import Turns
from cs_bot.errors import Conflict
from cs_bot.stores.protocols import (
    BlocksReplaced,
    Conversation,
    ConversationStore,
    Inbound,
    LogEntry,
)
from cs_bot.stores.protocols import Feedback as Rating

LOOK_BACK = 300
"""How many entries after a choice are searched for an earlier sending of it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor on one connection."""

    visitor_id: str
    conversation: Conversation
    locale: str


@dataclass(frozen=True, slots=True)
class Stored:
    """The place of what a command stored, and the entries it made."""

    seq: int
    message_id: str
    duplicate: bool
    entries: tuple[LogEntry, ...]


class Commands:
    """The commands of all visitors of one server."""

    def __init__(self, conversations: ConversationStore, turns: Turns, limits: Limits) -> None:
        self._conversations = conversations
        self._turns = turns
        self._limits = limits
        self._storing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def store(self, visit: Visit, command: MessageSend | Action | FormSubmit) -> Stored:
        """Store words or a choice and give them their turn; raises `Refused`, `NotFound`, `Busy`.

        One at a time per conversation: turns keep the order of the log. Of two tabs that choose at
        once the second sees what the first one stored; on two servers the store tells them.
        """
        lock = self._storing.setdefault(visit.conversation.id, asyncio.Lock())
        async with lock:
            if isinstance(command, MessageSend):
                return await self._store(visit, _said(command, visit.locale))
            return await self._choose(visit, command)

    async def rate(self, visit: Visit, command: Feedback) -> None:
        """Store a judgement; raises `NotFound`."""
        data = command.data
        rating = Rating(data.value, tuple(data.reasons), data.comment)
        await self._conversations.rate(visit.conversation.id, data.answer_id, rating)

    async def _choose(self, visit: Visit, command: Action | FormSubmit) -> Stored:
        conversation_id = visit.conversation.id
        message_id = command.data.message_id
        blocks = await self._conversations.message_blocks(conversation_id, message_id)
        try:
            choice = _choice(blocks, command, visit.locale)
            inbound = inbound_of(command.id, message_id, choice, visit.locale, before=blocks)
            return await self._store(visit, inbound)
        except (AlreadyChosen, Conflict):
            return await self._sent_before(conversation_id, message_id, command.id)

    async def _store(self, visit: Visit, inbound: Inbound) -> Stored:
        conversation = visit.conversation
        await self._turns.room(conversation.id, seconds=self._limits.room_seconds)
        accepted = await self._conversations.accept(conversation.id, inbound)
        if not accepted.duplicate:
            self._turns.enqueue(accepted_message(conversation, inbound, accepted))
        said = accepted.entries[-1]
        return Stored(said.seq, accepted.message_id, accepted.duplicate, accepted.entries)

    async def _sent_before(self, conversation_id: str, message_id: str, client_id: str) -> Stored:
        """Return what an earlier sending of the same command stored; raises `AlreadyChosen`."""
        entries = await self._conversations.entries(
            conversation_id, after_seq=_seq(message_id), limit=LOOK_BACK
        )
        for entry in entries:
            if entry.data.get("client_id") == client_id:
                return Stored(entry.seq, entry.data["message_id"], True, ())
        raise AlreadyChosen


def _said(command: MessageSend, locale: str) -> Inbound:
    return Inbound(command.id, command.data.text, locale)


def _choice(blocks: Sequence[Block], command: Action | FormSubmit, locale: str) -> Choice:
    if isinstance(command, FormSubmit):
        return submit(blocks, command.data.form_id, command.data.values, locale)
    if command.data.button_id is not None:
        return press(blocks, command.data.button_id)
    return pick(blocks, command.data.item_id)


def inbound_of(
    client_id: str,
    message_id: str,
    choice: Choice,
    locale: str,
    *,
    before: tuple[Block, ...] | None = None,
) -> Inbound:
    """Return the choice among a message's blocks as the log takes it.

    With the blocks from `before` the choice, the log refuses one that another came before.
    """
    return Inbound(
        client_id=client_id,
        text=choice.text,
        locale=locale,
        payload=None if choice.payload is None else payload_as_json(choice.payload),
        update=None if choice.blocks is None else BlocksReplaced(message_id, choice.blocks, before),
    )


def _seq(message_id: str) -> int:
    """Return the number in `m_<seq>`; the message exists, so it has that form."""
    return int(message_id.partition("_")[2])
