"""Contract tests of what the console reads from conversations, and of customers' judgements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cs_bot.errors import BadInput, NotFound
from cs_bot.stores.protocols import ConversationQuery, ConversationStore, Feedback
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, exchange, open_for, said

HOUR = timedelta(hours=1)


class ConsoleContract:
    """Needs the fixtures of `ConversationStoreContract`."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_judgement_replaces_an_earlier_one(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗")
        await conversations.rate(mine.id, record.turn_id, Feedback(1))
        wrong = Feedback(-1, ("wrong",), "不是我问的")
        await conversations.rate(mine.id, record.turn_id, wrong)
        (logged,) = await conversations.turns(mine.id)
        assert logged.feedback == wrong

    async def test_a_judgement_can_be_taken_back(self, conversations: ConversationStore) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗")
        await conversations.rate(mine.id, record.turn_id, Feedback(1))
        await conversations.rate(mine.id, record.turn_id, Feedback(0))
        (logged,) = await conversations.turns(mine.id)
        assert logged.feedback is None

    async def test_only_turns_of_the_conversation_are_judged(
        self, conversations: ConversationStore
    ) -> None:
        mine, other = await open_for(conversations), await open_for(conversations, "v_2")
        record = await exchange(conversations, mine, "能退吗")
        with pytest.raises(NotFound):
            await conversations.rate(other.id, record.turn_id, Feedback(1))
        with pytest.raises(NotFound):
            await conversations.rate(mine.id, "a_none", Feedback(1))

    async def test_a_summary_says_what_happened(self, conversations: ConversationStore) -> None:
        mine = await open_for(conversations)
        first = await exchange(conversations, mine, "在吗", by="chat", reply="在的。")
        second = await exchange(conversations, mine, "能退吗", by="kbqa", at=AT + HOUR)
        await exchange(conversations, mine, "哦", by="chat", at=AT + HOUR)
        last = AT + 2 * HOUR
        await exchange(
            conversations, mine, "转人工", by="handoff", reply="请留言。", handoff=True, at=last
        )
        await conversations.rate(mine.id, first.turn_id, Feedback(1))
        await conversations.rate(mine.id, second.turn_id, Feedback(-1))
        (summary,) = (await conversations.summaries(ConversationQuery())).items
        assert summary.conversation == await conversations.conversation(mine.id)
        assert (summary.last_at, summary.turns) == (last, 4)
        assert (summary.last_text, summary.last_reply) == ("转人工", "请留言。")
        assert summary.answered_by == ("chat", "kbqa", "handoff")
        assert (summary.up, summary.down, summary.handoff) == (1, 1, True)

    async def test_conversations_without_turns_are_not_listed(
        self, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        await conversations.accept(mine.id, said("在吗"))
        listed = await conversations.summaries(ConversationQuery())
        assert (listed.items, listed.next) == ((), None)

    async def test_pages_hold_every_conversation_once_newest_first(
        self, conversations: ConversationStore
    ) -> None:
        for n in range(7):
            mine = await open_for(conversations, f"v_{n}")
            await exchange(conversations, mine, f"问 {n}", at=AT + (n // 2) * HOUR)
        times, ids, cursor = [], [], None
        for size in (3, 3, 3):
            page = await conversations.summaries(ConversationQuery(cursor=cursor, size=size))
            times += [summary.last_at for summary in page.items]
            ids += [summary.conversation.id for summary in page.items]
            cursor = page.next
        assert times == sorted(times, reverse=True)
        assert len(ids) == len(set(ids)) == 7
        assert cursor is None

    async def test_a_new_conversation_does_not_shift_the_next_page(
        self, conversations: ConversationStore
    ) -> None:
        for n in range(4):
            mine = await open_for(conversations, f"v_{n}")
            await exchange(conversations, mine, f"问 {n}", at=AT + n * HOUR)
        first = await conversations.summaries(ConversationQuery(size=2))
        late = await open_for(conversations, "v_late")
        await exchange(conversations, late, "刚来", at=AT + 9 * HOUR)
        second = await conversations.summaries(ConversationQuery(size=2, cursor=first.next))
        assert [summary.last_text for summary in first.items] == ["问 3", "问 2"]
        assert [summary.last_text for summary in second.items] == ["问 1", "问 0"]
        assert second.next is None

    async def test_a_cursor_that_was_never_given_is_refused(
        self, conversations: ConversationStore
    ) -> None:
        for cursor in ("nonsense", "bm9uZQ==", "é"):
            with pytest.raises(BadInput):
                await conversations.summaries(ConversationQuery(cursor=cursor))

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("退货", ["v_0"]),
            ("refund", ["v_1"]),
            ("ＲＥＦＵＮＤ", ["v_1"]),
            ("100%", ["v_2"]),
            ("0_0", ["v_2"]),
            ("%", ["v_2"]),
            ("没有这样的", []),
            ("  ", ["v_2", "v_1", "v_0"]),
        ],
    )
    async def test_search_looks_into_questions_and_replies(
        self, conversations: ConversationStore, search: str, found: list[str]
    ) -> None:
        told = [("能退吗", "七天内可以退货。"), ("Refund?", "Yes."), ("100% 棉吗 0_0", "是。")]
        for n, (text, reply) in enumerate(told):
            mine = await open_for(conversations, f"v_{n}")
            await exchange(conversations, mine, text, reply=reply, at=AT + n * HOUR)
        page = await conversations.summaries(ConversationQuery(search=search))
        assert [summary.conversation.user_id for summary in page.items] == found

    async def test_the_list_narrows_by_stage_and_time(
        self, conversations: ConversationStore
    ) -> None:
        for n, stage in enumerate(["kbqa", "chat", "kbqa"]):
            mine = await open_for(conversations, f"v_{n}")
            await exchange(conversations, mine, f"问 {n}", by=stage, at=AT + n * HOUR)

        async def users(query: ConversationQuery) -> list[str]:
            page = await conversations.summaries(query)
            return [summary.conversation.user_id for summary in page.items]

        assert await users(ConversationQuery(answered_by="kbqa")) == ["v_2", "v_0"]
        assert await users(ConversationQuery(since=AT + HOUR)) == ["v_2", "v_1"]
        assert await users(ConversationQuery(until=AT + HOUR)) == ["v_0"]
        late_chat = ConversationQuery(answered_by="chat", since=AT + 2 * HOUR)
        assert await users(late_chat) == []
