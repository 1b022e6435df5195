"""The bot behind its one method: answered once, in order, in the customer's language."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from cs_bot.blocks import Block, Text, plain_text
from cs_bot.bot import Bot, Listener, Senses, answered
from cs_bot.events import DialogueState, LocaleSet, SlotRequested, TaskStarted
from cs_bot.router import Router
from cs_bot.stores.memory import InProcessLocks
from cs_bot.stores.protocols import ConversationStore, Past, TurnRecord
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.transcripts import Customer
from cs_bot.text.language import language_of
from cs_bot.types import (
    Abstain,
    Entity,
    Intent,
    Message,
    ModelName,
    Reading,
    Reply,
    Stage,
    Turn,
    User,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)


async def nothing_read(
    message: Message, query: str, state: DialogueState, model: ModelName | None
) -> Reading:
    return Reading()


def reminder(state: DialogueState, locale: str) -> Sequence[Block]:
    return (Text(f"{state.requested_slot}?"),)


@dataclass
class Echo:
    """A stage that repeats, and remembers what it was asked."""

    name: str = "kbqa"
    turns: list[Turn] = field(default_factory=list)

    async def handle(self, turn: Turn) -> Reply | Abstain:
        self.turns.append(turn)
        return Reply((Text(f"{turn.locale}: {turn.message.text}"),))


class OrderTask:
    """Starts a task that waits for a slot; abstains while it waits."""

    name = "task"

    async def handle(self, turn: Turn) -> Reply | Abstain:
        if turn.state.task is not None:
            return Abstain("no_slot_value")
        events = (TaskStarted("order"), SlotRequested("order_id"))
        return Reply((Text("订单号?"),), events=events)


@pytest.fixture
async def conversations(tmp_path: Path) -> AsyncIterator[ConversationStore]:
    stores = await open_stores(
        "sqlite:///log.db", clock=lambda: AT, ids=numbered(), directory=tmp_path
    )
    yield stores.conversations
    await stores.close()


def numbered() -> Callable[[str], str]:
    numbers = count(1)
    return lambda prefix: f"{prefix}_{next(numbers)}"


def customer(
    conversations: ConversationStore,
    *stages: Stage,
    listeners: Sequence[Listener] = (),
    senses: Senses | None = None,
) -> Customer:
    router = Router(stages, lambda turn: Reply((Text("..."),)), budget_seconds=5, clock=lambda: 0.0)
    bot = Bot(
        router,
        senses or Senses(str.lower, language_of, nothing_read, reminder, lambda: "r1"),
        conversations=conversations,
        locks=InProcessLocks(),
        names={"zh": "小助手", "en": "Assistant"},
        clock=lambda: AT,
        ids=numbered(),
        listeners=listeners,
    )
    return Customer(bot, conversations)


async def test_a_turn_is_logged_with_its_trace_before_anybody_hears_of_it(
    conversations: ConversationStore,
) -> None:
    heard: list[TurnRecord] = []

    async def hear(record: TurnRecord) -> None:
        heard.append(record)

    visitor = customer(conversations, Echo(), listeners=(hear,))
    record = await visitor.say("怎么退货")
    (logged,) = await visitor.conversations.turns(record.conversation_id)
    assert logged.record == record == heard[0]
    assert record.trace.answered_by == "kbqa"
    assert record.release == "r1"


async def test_a_message_is_answered_once_however_often_it_is_handed_over(
    conversations: ConversationStore,
) -> None:
    echo = Echo()
    visitor = customer(conversations, echo)
    first = await visitor.say("怎么退货")
    message = echo.turns[0].message
    again = await asyncio.gather(*(visitor.bot.reply(message) for _ in range(3)))
    assert [record.turn_id for record in again] == [first.turn_id] * 3
    assert len(echo.turns) == 1


async def test_the_reply_is_in_the_language_of_the_question(
    conversations: ConversationStore,
) -> None:
    visitor = customer(conversations, Echo())
    assert plain_text((await visitor.say("怎么退货")).trace.reply.blocks) == "zh: 怎么退货"
    english = await visitor.say("How do I return this?")
    assert (english.locale, english.sender) == ("en", "Assistant")
    assert LocaleSet("en") in english.trace.reply.events


async def test_a_text_that_tells_no_language_keeps_the_conversations_one(
    conversations: ConversationStore,
) -> None:
    visitor = customer(conversations, Echo())
    await visitor.say("How do I return this?")
    assert (await visitor.say("12345678")).locale == "en"


async def test_the_open_question_is_asked_again_after_a_digression(
    conversations: ConversationStore,
) -> None:
    visitor = customer(conversations, OrderTask(), Echo())
    await visitor.say("我的快递到哪了")
    record = await visitor.say("怎么开发票")
    assert plain_text(record.trace.reply.blocks) == "zh: 怎么开发票\norder_id?"


async def test_a_turn_knows_the_turns_before_it(
    conversations: ConversationStore,
) -> None:
    echo = Echo()
    visitor = customer(conversations, echo)
    await visitor.say("怎么退货")
    await visitor.say("要多久")
    (exchange,) = echo.turns[1].history
    assert (exchange.text, exchange.reply) == ("怎么退货", "zh: 怎么退货")


async def test_masked_words_are_what_the_log_keeps(
    conversations: ConversationStore,
) -> None:
    class Mask:
        name = "sensitive"

        async def handle(self, turn: Turn) -> Reply | Abstain:
            return Abstain("masked", logged_text="我的电话是***")

    visitor = customer(conversations, Mask(), Echo())
    record = await visitor.say("我的电话是13812345678")
    assert (record.text, record.masked, record.query) == ("我的电话是***", True, "")


async def test_a_turn_keeps_the_model_it_began_with(conversations: ConversationStore) -> None:
    first, second = ModelName("m1", "9c1e"), ModelName("m2", "07aa")
    active, read_with = [first], []

    async def read(
        message: Message, query: str, state: DialogueState, model: ModelName | None
    ) -> Reading:
        read_with.append(model)
        return Reading()

    class Reads(Echo):
        async def handle(self, turn: Turn) -> Reply | Abstain:
            active[0] = second  # somebody rolls back in the middle of the turn
            await turn.reading()
            return await super().handle(turn)

    stage = Reads()
    senses = Senses(str.lower, language_of, read, reminder, lambda: "r1", model=lambda: active[0])
    visitor = customer(conversations, stage, senses=senses)
    records = [await visitor.say("一"), await visitor.say("二")]
    assert read_with == [turn.model for turn in stage.turns] == [first, second]
    assert [record.trace.model for record in records] == [first, second]
    logged = await conversations.turn_of(records[0].conversation_id, records[0].message_id)
    assert logged is not None
    assert logged.trace.model == first


async def test_the_log_keeps_what_a_message_was_read_as_but_no_masked_words(
    conversations: ConversationStore,
) -> None:
    phone = Entity("phone", "13800138000", 0, 11, "pattern")

    class Masks(Echo):
        async def handle(self, turn: Turn) -> Reply | Abstain:
            await turn.reading()
            masked = "[phone]" if turn.message.text == "13800138000" else None
            return Reply((Text("ok"),), logged_text=masked)

    async def read(
        message: Message, query: str, state: DialogueState, _: ModelName | None
    ) -> Reading:
        return Reading((Intent("inform", 0.9),), (phone,), 0.1)

    router = Router([Masks()], lambda turn: Reply(()), budget_seconds=5, clock=lambda: 0.0)
    senses = Senses(str.lower, language_of, read, reminder, lambda: "r1")
    past = Past(DialogueState(), ())
    _, plain = await answered(a_message("call me"), past, router, senses)
    _, masked = await answered(a_message("13800138000"), past, router, senses)
    assert plain.reading == Reading((Intent("inform", 0.9),), (phone,), 0.1)
    assert masked.reading == Reading((Intent("inform", 0.9),), (), 0.1)


def a_message(text: str) -> Message:
    return Message("c_1", "m_1", text, "web", User("v_1"), "en", AT)
