"""Contract tests of labelled questions and of what releases make of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cs_bot.errors import NotFound
from cs_bot.stores.protocols import (
    ConversationStore,
    Label,
    LabelCounts,
    LabelQuery,
    LabelStore,
)
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, answered, exchange, open_for, said

ASKED = [("怎么退钱", "refund"), ("Where is it?", "track"), ("你们招人吗", None)]


class LabelContract:
    """Needs the fixtures `labels`, `rival`, `conversations` of one empty bot on `clock`.

    `rival` are the same labels as another process sees them.
    """

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_labels_are_kept_with_who_gave_them(
        self, labels: LabelStore, rival: LabelStore
    ) -> None:
        assert await labels.label(ASKED, by="li") == LabelCounts(3, 0, 0)
        assert await rival.all_labels() == (
            Label("l1", "怎么退钱", "refund", AT, "li"),
            Label("l2", "Where is it?", "track", AT, "li"),
            Label("l3", "你们招人吗", None, AT, "li"),
        )

    async def test_a_later_label_replaces_an_earlier_one(
        self, labels: LabelStore, clock: FakeClock
    ) -> None:
        await labels.label(ASKED, by="li")
        clock.forward(minutes=1)
        told = [("怎么退钱", "pay"), ("Where is it?", "track"), ("新的", "pay"), ("新的", None)]
        assert await labels.label(told, by="wang") == LabelCounts(1, 1, 1)
        first, second, _, fourth = await labels.all_labels()
        assert (first.pair_id, first.labelled_by, first.labelled_at) == ("pay", "wang", clock())
        assert (second.pair_id, second.labelled_by) == ("track", "li")
        assert (fourth.question, fourth.pair_id) == ("新的", None)

    async def test_thousands_are_labelled_at_once(self, labels: LabelStore) -> None:
        many = [(f"问题 {number}", "a") for number in range(3000)]
        await labels.label(many[:1500], by="li")
        assert await labels.label(many, by="li") == LabelCounts(1500, 0, 1500)
        assert len(await labels.all_labels()) == 3000

    async def test_every_change_moves_the_version(
        self, labels: LabelStore, rival: LabelStore
    ) -> None:
        seen = [await rival.version()]
        await labels.label(ASKED, by="li")
        seen.append(await rival.version())
        await labels.forget_label("l2")
        seen.append(await rival.version())
        assert seen == sorted(set(seen))

    async def test_two_label_at_once(self, labels: LabelStore, rival: LabelStore) -> None:
        one, other = [(f"一 {n}", "a") for n in range(50)], [(f"二 {n}", "b") for n in range(50)]
        await asyncio.gather(labels.label(one, by="li"), rival.label(other, by="wang"))
        assert len({label.id for label in await labels.all_labels()}) == 100

    async def test_a_forgotten_label_is_gone(self, labels: LabelStore) -> None:
        await labels.label(ASKED, by="li")
        await labels.forget_label("l2")
        assert [label.id for label in await labels.all_labels()] == ["l1", "l3"]
        for unknown in ("l2", "l99", "2", "l02", "lx"):
            with pytest.raises(NotFound):
                await labels.forget_label(unknown)

    async def test_a_page_is_searched_and_counted(self, labels: LabelStore) -> None:
        await labels.label(ASKED, by="li")
        everything = await labels.labels(LabelQuery(size=2))
        assert [label.id for label in everything.items] == ["l3", "l2"]
        assert (everything.total, everything.answerable, everything.unanswerable) == (3, 2, 1)
        rest = await labels.labels(LabelQuery(page=2, size=2))
        assert [label.id for label in rest.items] == ["l1"]
        for query, ids in (
            (LabelQuery(search="WHERE"), ["l2"]),
            (LabelQuery(search="%"), []),
            (LabelQuery(pair_id="refund"), ["l1"]),
            (LabelQuery(answerable=False), ["l3"]),
            (LabelQuery(answerable=True), ["l2", "l1"]),
        ):
            assert [label.id for label in (await labels.labels(query)).items] == ids

    async def test_terms_are_kept_for_a_release_and_a_key(
        self, labels: LabelStore, rival: LabelStore, clock: FakeClock
    ) -> None:
        assert await labels.terms("r1", "k") is None
        await labels.keep_terms("r1", "k", {"cut": 0.8})
        clock.forward(seconds=1)
        await labels.keep_terms("r1", "later", {"cut": 0.9})
        assert await rival.terms("r1", "k") == {"cut": 0.8}
        assert await rival.latest_terms("r1") == {"cut": 0.9}
        assert await rival.latest_terms("r2") is None
        clock.forward(seconds=1)
        await rival.keep_terms("r1", "k", {"cut": None})
        assert await labels.terms("r1", "k") == await labels.latest_terms("r1") == {"cut": None}

    async def test_the_last_questions_are_those_that_customers_typed(
        self, labels: LabelStore, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        for number, text in enumerate(("退货", "发货", "退货")):
            await exchange(conversations, mine, text, at=AT + timedelta(minutes=number))
        await exchange(conversations, mine, "12345", by="task")
        other = await open_for(conversations, "v_2")
        accepted = await conversations.accept(other.id, said("我的身份证"))
        await conversations.append(answered(accepted, other, text="[masked]", masked=True))
        assert await labels.last_questions(10) == ("退货", "发货")
        assert await labels.last_questions(1) == ("退货",)

    async def test_a_line_that_was_picked_is_no_question(
        self, labels: LabelStore, conversations: ConversationStore
    ) -> None:
        mine = await open_for(conversations)
        picked = replace(said("怎么退货"), payload={"picked": "ec-017"})
        accepted = await conversations.accept(mine.id, picked)
        await conversations.append(answered(accepted, mine, text="怎么退货"))
        assert await labels.last_questions(10) == ()
