"""One message and its reply in one call, for channels without a lasting connection."""

from __future__ import annotations

from dataclasses import dataclass

from cs_bot.blocks import Block, from_wire
from cs_bot.channels.inbound import accepted_message
from cs_bot.channels.turns import Answers
from cs_bot.errors import NotFound
from cs_bot.stores.protocols import Conversation, ConversationStore, Inbound, LogEntry, TurnRecord

BOT = "bot"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot as it stands in the log."""

    message_id: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A reply, and the turn that led to it."""

    said: Said
    record: TurnRecord


async def exchange(
    answers: Answers,
    conversations: ConversationStore,
    conversation: Conversation,
    inbound: Inbound,
) -> Exchanged:
    """Store the message, have it answered, and return the reply as logged; raises `Busy`."""
    accepted = await conversations.accept(conversation.id, inbound)
    record = await answers.reply(accepted_message(conversation, inbound, accepted))
    entries = await conversations.entries(conversation.id, after_seq=accepted.entries[-1].seq)
    for entry in entries:
        if entry.data.get("reply_to") == accepted.message_id:
            return Exchanged(_said(entry), record)
    raise NotFound("reply to message", accepted.message_id)


async def bot_messages(
    conversations: ConversationStore, conversation: Conversation, *, limit: int
) -> list[Said]:
    """Return what the bot said among the last entries, as first shown, latest first."""
    current = await conversations.conversation(conversation.id)
    entries = await conversations.entries(
        conversation.id, before_seq=current.top_seq + 1, limit=limit
    )
    return [
        _said(entry)
        for entry in reversed(entries)
        if entry.type == "message" and entry.data["sender"]["role"] == BOT
    ]


def _said(entry: LogEntry) -> Said:
    return Said(entry.data["message_id"], tuple(from_wire(wire) for wire in entry.data["blocks"]))
