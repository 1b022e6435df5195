"""Contract tests of customers' votes: what counts as one, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cs_bot.blocks import Suggest, Suggestion, Text
from cs_bot.events import Suggested
from cs_bot.stores.protocols import (
    BlocksReplaced,
    Conversation,
    ConversationStore,
    Feedback,
    FeedbackStore,
    Inbound,
    TurnRecord,
    Vote,
)
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, answered, exchange, open_for, said

HOUR = timedelta(hours=1)
LINES = ("ec-016", "ec-017")
SHOWN = Suggest(tuple(Suggestion(line, line) for line in LINES), "都不是")


class FeedbackContract:
    """Needs the fixtures `conversations`, `feedback`, and `rival`, of a second process."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_chosen_line_is_a_vote_for_its_pair(
        self, conversations: ConversationStore, feedback: FeedbackStore, clock: FakeClock
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        clock.forward(hours=1)
        await _choose(conversations, mine, "ec-017")
        (vote,) = await feedback.votes(since=AT)
        assert (vote.question, vote.pairs, vote.value) == ("能退吗", ("ec-017",), 1)
        assert (vote.voter, vote.at) == ("web v_1", AT + HOUR)

    async def test_none_of_these_is_a_vote_against_every_line(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        await _choose(conversations, mine, None)
        (vote,) = await feedback.votes(since=AT)
        assert (vote.question, vote.pairs, vote.value) == ("能退吗", LINES, -1)

    async def test_a_choice_belongs_to_the_last_list_before_it(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        await exchange(conversations, mine, "在吗", by="chat")
        await _list_shown(conversations, mine, "能换吗", lines=("ec-020",))
        await _choose(conversations, mine, "ec-017")
        await _choose(conversations, mine, "ec-020")
        votes = await feedback.votes(since=AT)
        assert [(vote.question, vote.pairs) for vote in votes] == [("能换吗", ("ec-020",))]

    async def test_a_choice_that_closed_another_list_does_not_count(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        await _list_shown(conversations, mine, "能换吗")
        first = BlocksReplaced("m_2", (Text("您是想问："), replace(SHOWN, chosen="none")))
        await _choose(conversations, mine, None, update=first)
        assert await feedback.votes(since=AT) == ()

    async def test_a_choice_that_closed_its_list_counts(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        closed = BlocksReplaced("m_2", (Text("您是想问："), replace(SHOWN, chosen="ec-016")))
        await _choose(conversations, mine, "ec-016", update=closed)
        assert [vote.pairs for vote in await feedback.votes(since=AT)] == [("ec-016",)]

    @pytest.mark.parametrize(
        "payload", [{"pressed": "/return"}, {"submitted": {"form_id": "f", "values": {}}}, None]
    )
    async def test_other_actions_and_words_are_no_votes(
        self,
        conversations: ConversationStore,
        feedback: FeedbackStore,
        payload: Mapping[str, Any] | None,
    ) -> None:
        mine = await open_for(conversations)
        await _list_shown(conversations, mine, "能退吗")
        await conversations.accept(mine.id, Inbound("k9", "退货", "zh", payload))
        assert await feedback.votes(since=AT) == ()

    @pytest.mark.parametrize("stage", ["kbqa", "cache"])
    async def test_a_thumb_is_a_vote_on_the_answer_given_when_it_was_given(
        self,
        conversations: ConversationStore,
        feedback: FeedbackStore,
        clock: FakeClock,
        stage: str,
    ) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗", by=stage)
        clock.forward(hours=1)
        await conversations.rate(mine.id, record.turn_id, Feedback(-1))
        assert await feedback.votes(since=AT + HOUR) == (
            Vote(record.turn_id, "web v_1", "能退吗", ("ec-017",), -1, AT + HOUR),
        )
        assert await feedback.votes(since=AT + 2 * HOUR) == ()

    async def test_a_thumb_that_is_taken_back_is_told_too(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗")
        await conversations.rate(mine.id, record.turn_id, Feedback(1))
        await conversations.rate(mine.id, record.turn_id, Feedback(0))
        assert [vote.value for vote in await feedback.votes(since=AT)] == [0]

    @pytest.mark.parametrize(
        ("reasons", "value"),
        [
            (("wrong",), -1),
            (("not_my_question", "rude"), -1),
            (("outdated",), 0),
            (("unclear", "rude"), 0),
        ],
    )
    async def test_a_thumb_that_blames_the_words_says_nothing_of_the_choice(
        self,
        conversations: ConversationStore,
        feedback: FeedbackStore,
        reasons: tuple[str, ...],
        value: int,
    ) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗")
        await conversations.rate(mine.id, record.turn_id, Feedback(-1, reasons))
        assert [vote.value for vote in await feedback.votes(since=AT)] == [value]

    @pytest.mark.parametrize("stage", ["suggest", "chat", "task"])
    async def test_a_thumb_on_what_is_no_direct_answer_is_no_vote(
        self, conversations: ConversationStore, feedback: FeedbackStore, stage: str
    ) -> None:
        mine = await open_for(conversations)
        record = await exchange(conversations, mine, "能退吗", by=stage)
        await conversations.rate(mine.id, record.turn_id, Feedback(-1))
        assert await feedback.votes(since=AT) == ()

    async def test_a_thumb_on_a_chosen_line_is_no_vote(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("怎么退货"))
        record = answered(accepted, mine)
        reply = replace(record.trace.reply, detail={"via": "picked"})
        record = replace(record, trace=replace(record.trace, reply=reply))
        await conversations.append(record)
        await conversations.rate(mine.id, record.turn_id, Feedback(-1))
        assert await feedback.votes(since=AT) == ()

    async def test_what_was_masked_is_no_vote(
        self, conversations: ConversationStore, feedback: FeedbackStore
    ) -> None:
        mine = await open_for(conversations)
        accepted = await conversations.accept(mine.id, said("电话13800138000"))
        record = replace(answered(accepted, mine, masked=True), query="")
        await conversations.append(record)
        await conversations.rate(mine.id, record.turn_id, Feedback(-1))
        assert await feedback.votes(since=AT) == ()

    async def test_votes_come_in_order_and_of_too_many_the_newest(
        self, conversations: ConversationStore, feedback: FeedbackStore, clock: FakeClock
    ) -> None:
        for n in range(6):
            mine = await open_for(conversations, f"v_{n}")
            if n % 2:
                await _list_shown(conversations, mine, f"问 {n}")
                await _choose(conversations, mine, "ec-017")
            else:
                record = await exchange(conversations, mine, f"问 {n}")
                await conversations.rate(mine.id, record.turn_id, Feedback(1))
            clock.forward(hours=1)
        questions = [vote.question for vote in await feedback.votes(since=AT)]
        assert questions == [f"问 {n}" for n in range(6)]
        newest = await feedback.votes(since=AT, most=3)
        assert [vote.question for vote in newest] == ["问 3", "问 4", "问 5"]
        late = await feedback.votes(since=AT + 4 * HOUR)
        assert [vote.question for vote in late] == ["问 4", "问 5"]

    async def test_who_forgot_the_votes_on_a_pair_and_when_is_kept(
        self, feedback: FeedbackStore, rival: FeedbackStore, clock: FakeClock
    ) -> None:
        assert await rival.forgettings() == ()
        first = await feedback.forget("ec-017", by="li")
        clock.forward(hours=1)
        second = await rival.forget("ec-017", by="wang")
        assert await feedback.forgettings() == (first, second)
        assert [(one.at, one.by) for one in (first, second)] == [(AT, "li"), (AT + HOUR, "wang")]

    async def test_forgetting_twice_at_the_same_moment_is_once(
        self, feedback: FeedbackStore
    ) -> None:
        first = await feedback.forget("ec-017", by="li")
        await feedback.forget("ec-017", by="wang")
        assert await feedback.forgettings() == (first,)


async def _list_shown(
    conversations: ConversationStore,
    conversation: Conversation,
    text: str,
    *,
    lines: Sequence[str] = LINES,
) -> TurnRecord:
    """Store a question that got a list."""
    return await exchange(
        conversations, conversation, text, by="suggest", events=[Suggested(tuple(lines))]
    )


async def _choose(
    conversations: ConversationStore,
    conversation: Conversation,
    pair_id: str | None,
    *,
    update: BlocksReplaced | None = None,
) -> None:
    """Store the choice of a line and its answer."""
    now = await conversations.conversation(conversation.id)
    inbound = Inbound(f"k{now.top_seq}", "这个", "zh", {"picked": pair_id}, update)
    accepted = await conversations.accept(conversation.id, inbound)
    await conversations.append(answered(accepted, conversation, by="kbqa"))
