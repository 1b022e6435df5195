"""Contract tests of storing turns and of what the next turn knows of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cs_bot.errors import NotFound
from cs_bot.events import (
    Event,
    HandoffOffered,
    MemorySet,
    SlotRequested,
    SlotSet,
    Suggested,
    TaskStarted,
    fold,
)
from cs_bot.stores.protocols import ConversationStore, Inbound
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, answered, exchange, open_for, said
from cs_bot.types import Exchange

SPOKEN = "我的手机号是 13800138000"
KEPT = "我的手机号是 [手机号]"


class TurnContract:
    """Needs the fixtures of `ConversationStoreContract`."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_turn_leaves_its_reply_in_the_log(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        (entry,) = await conversations.append(answered(accepted, mine, turn_id="a_1"))
        assert (entry.seq, entry.type, entry.at) == (2, "message", AT)
        assert entry.data == {
            "message_id": "m_2",
            "sender": {"role": "bot", "name": "小助手"},
            "reply_to": "m_1",
            "answer": {"answer_id": "a_1", "source": "kbqa", "feedback": True},
            "blocks": [{"kind": "text", "text": "七天内可以退货。", "format": "plain"}],
        }
        assert await conversations.entries(mine.id, after_seq=1) == (entry,)
        assert (await conversations.conversation(mine.id)).top_seq == 2

    @pytest.mark.parametrize(
        ("stage", "asked"),
        [("kbqa", True), ("cache", True), ("task", True), ("chat", False), ("suggest", False)],
    )
    async def test_only_answers_ask_for_a_thumb(
        self, conversations: ConversationStore, stage: str, asked: bool
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        (entry,) = await conversations.append(answered(accepted, mine, by=stage))
        assert entry.data["answer"]["feedback"] is asked

    async def test_a_turn_is_read_back_as_it_was_stored(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        events = (TaskStarted("order_status"), SlotSet("order", "12345"), Suggested(("a", "b")))
        record = await exchange(conversations, mine, "查物流", events=events)
        assert await conversations.turn_of(mine.id, record.message_id) == record
        (logged,) = await conversations.turns(mine.id)
        assert (logged.record, logged.feedback) == (record, None)

    async def test_a_message_without_an_answer_has_no_turn(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await conversations.accept(mine.id, said("能退吗"))
        assert await conversations.turn_of(mine.id, "m_1") is None
        assert await conversations.turn_of("c_none", "m_1") is None
        assert await conversations.turns(mine.id) == ()

    async def test_a_message_is_answered_in_the_light_of_past_and_earlier_answer(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        first = await exchange(rival, mine, "问", reply="答", events=(MemorySet("a", "b"),))
        accepted = await conversations.accept(mine.id, said("再问", "k9"))
        standing = await conversations.standing(mine.id, accepted.message_id)
        assert standing.turn is None
        assert standing.past == await conversations.past(mine.id)
        assert standing.past.history == (Exchange("问", "答", "kbqa"),)
        assert standing.past.state.memory == {"a": "b"}
        assert (await conversations.standing(mine.id, first.message_id)).turn == first

    async def test_a_second_turn_for_a_message_changes_nothing(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        first = await conversations.append(answered(accepted, mine, turn_id="a_1"))
        late = answered(accepted, mine, reply="不能。", turn_id="a_2", events=[MemorySet("a", "b")])
        assert await conversations.append(late) == first
        assert (await conversations.conversation(mine.id)).top_seq == 2
        assert (await conversations.past(mine.id)).state.memory == {}

    async def test_turns_for_one_message_at_once_leave_one(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        replies = await asyncio.gather(
            *(
                (conversations, rival)[n % 2].append(answered(accepted, mine, turn_id=f"a_{n}"))
                for n in range(10)
            )
        )
        assert len({entry.seq for (entry,) in replies}) == 1
        assert len({entry.data["answer"]["answer_id"] for (entry,) in replies}) == 1
        assert len(await conversations.turns(mine.id)) == 1

    async def test_messages_and_turns_at_once_leave_no_gap(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)

        async def talk(store: ConversationStore, n: int) -> None:
            accepted = await store.accept(mine.id, said(f"第 {n} 句", f"k{n}"))
            await store.append(answered(accepted, mine, turn_id=f"a_{n}"))

        await asyncio.gather(*(talk((conversations, rival)[n % 2], n) for n in range(25)))
        entries = await conversations.entries(mine.id, after_seq=0)
        assert [entry.seq for entry in entries] == list(range(1, 51))

    async def test_a_turn_for_a_message_that_is_not_there_is_refused(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        record = answered(accepted, mine)
        with pytest.raises(NotFound):
            await conversations.append(replace(record, message_id="m_9"))
        with pytest.raises(NotFound):
            await conversations.append(replace(record, conversation_id="c_none"))
        assert (await conversations.conversation(mine.id)).top_seq == 1

    async def test_masked_words_are_nowhere_in_the_log(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        values = {"submitted": {"form_id": "f_1", "values": {"phone": "13800138000"}}}
        inbound = Inbound("k1", SPOKEN, "zh", payload=values)
        accepted = await conversations.accept(mine.id, inbound)
        await conversations.append(answered(accepted, mine, text=KEPT, masked=True))
        again = await conversations.accept(mine.id, inbound)
        assert again.duplicate
        assert again.entries[0].data["blocks"] == [{"kind": "text", "text": KEPT}]
        entries = await conversations.entries(mine.id, after_seq=0)
        assert "13800138000" not in repr((entries, await conversations.turns(mine.id)))
        assert (await conversations.past(mine.id)).history[0].text == KEPT

    async def test_an_unmasked_turn_leaves_the_words_alone(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("能退吗"))
        await conversations.append(answered(accepted, mine, text="能退吗?"))
        assert await conversations.entries(mine.id, after_seq=0, limit=1) == accepted.entries

    async def test_a_new_conversation_has_no_past(self, conversations: ConversationStore) -> None:
        mine = await open_for(conversations)
        past = await conversations.past(mine.id)
        assert (past.state, past.history) == (fold([]), ())

    async def test_the_past_folds_the_events_of_all_turns(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        told: list[tuple[Event, ...]] = [
            (TaskStarted("order_status"), SlotRequested("order")),
            (SlotSet("order", "12345"), Suggested(("ec-1",))),
            (HandoffOffered("fallback"),),
            (HandoffOffered("fallback"), MemorySet("name", "小明")),
        ]
        for n, events in enumerate(told, 1):
            await exchange(conversations, mine, f"第 {n} 句", events=events)
            assert (await conversations.past(mine.id)).state == fold(told[:n])

    async def test_the_past_holds_the_last_exchanges_oldest_first(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        for n in range(15):
            await exchange(conversations, mine, f"问 {n}", reply=f"答 {n}")
        history = (await conversations.past(mine.id, history=3)).history
        assert history == tuple(Exchange(f"问 {n}", f"答 {n}", "kbqa") for n in (12, 13, 14))
        assert len((await conversations.past(mine.id)).history) == 10
        assert len((await conversations.past(mine.id, history=99)).history) == 15
        assert (await conversations.past(mine.id, history=0)).history == ()

    async def test_the_past_holds_the_turns_of_other_processes(
        self, conversations: ConversationStore, rival: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        told: list[tuple[Event, ...]] = [
            (MemorySet(f"n{n}", str(n)), SlotSet("last", n)) for n in range(30)
        ]
        for n, events in enumerate(told[:3]):
            await exchange(conversations, mine, f"问 {n}", events=events)
        await conversations.past(mine.id)
        for n, events in enumerate(told[3:]):
            await exchange(rival, mine, f"再问 {n}", events=events)
        assert (await conversations.past(mine.id)).state == fold(told)
