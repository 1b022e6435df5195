"""Plain values for contract tests: say what matters, the rest is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cs_bot.blocks import Block, Text
from cs_bot.events import Event
from cs_bot.stores.protocols import Accepted, Conversation, ConversationStore, Inbound, TurnRecord
from cs_bot.types import Candidate, QAPair, Reply, Step, Trace

AT = datetime(2030, 1, 1, tzinfo=UTC)


def said(text: str, client_id: str = "k1") -> Inbound:
    """Return a customer's message."""
    return Inbound(client_id=client_id, text=text, locale="zh")


def answered(
    accepted: Accepted,
    conversation: Conversation,
    *,
    text: str = "东西不想要了能退吗",
    reply: str = "七天内可以退货。",
    blocks: Sequence[Block] = (),
    by: str = "kbqa",
    events: Sequence[Event] = (),
    masked: bool = False,
    handoff: bool = False,
    at: datetime = AT,
    turn_id: str = "",
) -> TurnRecord:
    """Return the turn that answers an accepted message."""
    near = Candidate("ec-017", "怎么退货", 0.91, "dense", {"bm25": 3.5})
    steps = (
        Step("cache", "miss", 0.01),
        Step(by, "answered", 2.5, (near,), {"threshold": 0.62}),
    )
    said = Reply(
        tuple(blocks) or (Text(reply),),
        score=0.91,
        candidates=(near,),
        events=tuple(events),
        ref="ec-017",
        handoff=handoff,
        detail={"margin": 0.2},
    )
    return TurnRecord(
        turn_id=turn_id or f"a_{conversation.id}_{accepted.message_id}",
        conversation_id=conversation.id,
        message_id=accepted.message_id,
        text=text,
        masked=masked,
        query=text,
        locale="zh",
        release="r1",
        channel=conversation.channel,
        trace=Trace(said, by, steps),
        sender="小助手",
        at=at,
        ms=3.25,
    )


async def open_for(
    conversations: ConversationStore, user_id: str = "v_1", channel: str = "web"
) -> Conversation:
    """Return the user's conversation."""
    return await conversations.open(None, channel=channel, user_id=user_id, locale="zh")


async def exchange(
    conversations: ConversationStore,
    conversation: Conversation,
    text: str,
    *,
    reply: str = "好的。",
    by: str = "kbqa",
    events: Sequence[Event] = (),
    handoff: bool = False,
    at: datetime = AT,
) -> TurnRecord:
    """Store a message and its turn."""
    now = await conversations.conversation(conversation.id)
    accepted = await conversations.accept(conversation.id, said(text, f"k{now.top_seq}"))
    record = answered(
        accepted,
        conversation,
        text=text,
        reply=reply,
        by=by,
        events=events,
        handoff=handoff,
        at=at,
    )
    await conversations.append(record)
    return record


def pair(
    pair_id: str = "ec-001",
    question: str = "多久发货",
    answer: str = "48 小时内发货。",
    *,
    similar: Sequence[str] = (),
    category: str = "",
) -> QAPair:
    """Return a QA pair."""
    return QAPair(pair_id, question, tuple(similar), answer, category=category)
