"""The answer cache: published answers under exact questions, and nothing else."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from cs_bot.blocks import Button, Buttons, Text
from cs_bot.events import DialogueState, HandoffOffered, LocaleSet
from cs_bot.settings import WrongValue
from cs_bot.stages.cache import AnswerCacheFiller, CacheSettings, CacheStage, ScopedAnswers
from cs_bot.stores.protocols import CachedAnswer, TurnRecord
from cs_bot.testing.turns import AT, turn_of
from cs_bot.types import Abstain, Candidate, Picked, Reply, Step, Trace, Turn


@dataclass
class Shelf:
    """An answer cache that forgets nothing."""

    kept: dict[str, CachedAnswer] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    async def find(self, key: str) -> CachedAnswer | None:
        return self.kept.get(key)

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        self.kept[key] = answer

    async def asked(self, key: str) -> int:
        self.counts[key] += 1
        return self.counts[key]


ANSWER = Reply(
    blocks=(Text("七天内可以退。"), Buttons((Button("b", "退货", payload="/return"),))),
    score=0.97,
    candidates=(Candidate("ec-017", "如何退货？", 0.97, "exact"),),
    ref="ec-017",
    impersonal=True,
)


def record(turn: Turn, reply: Reply, *, cache: str = "miss", by: str = "kbqa") -> TurnRecord:
    steps = (Step("cache", cache, 0.1), Step(by, "answered", 1.0))
    return TurnRecord(
        turn_id="a_1",
        conversation_id="c1",
        message_id="m_1",
        text=turn.message.text,
        masked=False,
        query=turn.query,
        locale=turn.locale,
        release=turn.release,
        channel=turn.message.channel,
        trace=Trace(reply, by, steps),
        sender="小助手",
        at=AT,
        ms=2.0,
    )


def kept(answered: TurnRecord) -> Shelf:
    shelf = Shelf()
    asyncio.run(AnswerCacheFiller(shelf)(answered))
    return shelf


def asked(shelf: Shelf, turn: Turn) -> Reply | Abstain:
    return asyncio.run(CacheStage(shelf).handle(turn))


def test_a_kept_answer_comes_back_whole() -> None:
    shelf = kept(record(turn_of("怎么退货"), ANSWER))
    reply = asked(shelf, turn_of("  怎么退货？"))
    assert isinstance(reply, Reply)
    assert (reply.blocks, reply.ref, reply.score) == (ANSWER.blocks, "ec-017", 0.97)
    assert reply.candidates == (Candidate("ec-017", "如何退货？", 0.97, "cache"),)
    assert reply.impersonal


@pytest.mark.parametrize(
    "turn",
    [
        turn_of("怎么退款"),
        turn_of("怎么退货", locale="en"),
        turn_of("怎么退货", release="r2"),
        replace(turn_of("怎么退货"), message=replace(turn_of("怎么退货").message, channel="rest")),
    ],
    ids=["question", "language", "release", "channel"],
)
def test_another_question_language_release_or_channel_is_a_miss(turn: Turn) -> None:
    shelf = kept(record(turn_of("怎么退货"), ANSWER))
    assert asked(shelf, turn) == Abstain("miss")


def test_the_cache_stays_silent_while_a_task_is_collecting_slots() -> None:
    shelf = kept(record(turn_of("怎么退货"), ANSWER))
    busy = DialogueState(task="order_status", requested_slot="order_number")
    assert asked(shelf, turn_of("怎么退货", state=busy)) == Abstain("task_active")


def test_a_choice_is_no_text() -> None:
    shelf = kept(record(turn_of("怎么退货"), ANSWER))
    assert asked(shelf, turn_of("怎么退货", payload=Picked("x"))) == Abstain("not_text")


def test_without_a_release_there_is_nothing_to_say() -> None:
    assert asked(Shelf(), turn_of("怎么退货", release=None)) == Abstain("no_release")


def test_the_first_turn_of_a_conversation_is_kept_too() -> None:
    assert kept(record(turn_of("怎么退货"), replace(ANSWER, events=(LocaleSet("zh"),)))).kept


@pytest.mark.parametrize(
    "change",
    [
        {"impersonal": False},
        {"generated": True},
        {"handoff": True},
        {"ref": None},
        {"events": (HandoffOffered("x"),)},
        {"detail": {"via": "dense", "without": ["e5"]}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_not_the_same_for_everybody_is_not_kept(change: Mapping[str, Any]) -> None:
    assert kept(record(turn_of("怎么退货"), replace(ANSWER, **change))).kept == {}


async def test_an_answer_is_kept_when_its_question_has_been_asked_often_enough() -> None:
    shelf = Shelf()
    filler = AnswerCacheFiller(shelf, promote_after=3)
    kept = []
    for _ in range(3):
        await filler(record(turn_of("怎么退货"), ANSWER))
        kept.append(len(shelf.kept))
    assert kept == [0, 0, 1]


async def test_after_a_publish_a_frequent_question_is_kept_at_once() -> None:
    shelf = Shelf()
    filler = AnswerCacheFiller(shelf, promote_after=2)
    for release in ("r1", "r1", "r2"):
        await filler(record(turn_of("怎么退货", release=release), ANSWER))
    assert len(shelf.kept) == 2


async def test_other_words_another_language_or_channel_are_counted_apart() -> None:
    shelf = Shelf()
    filler = AnswerCacheFiller(shelf, promote_after=2)
    elsewhere = replace(turn_of("怎么退货").message, channel="rest")
    for turn in (
        turn_of("怎么退货"),
        turn_of("怎么退款"),
        turn_of("怎么退货", locale="en"),
        replace(turn_of("怎么退货"), message=elsewhere),
    ):
        await filler(record(turn, ANSWER))
    assert shelf.kept == {}


async def test_what_is_not_the_same_for_everybody_is_not_even_counted() -> None:
    shelf = Shelf()
    await AnswerCacheFiller(shelf, promote_after=2)(
        record(turn_of("怎么退货"), replace(ANSWER, impersonal=False))
    )
    assert not shelf.counts


def test_only_answers_of_the_knowledge_base_are_kept() -> None:
    assert kept(record(turn_of("你好"), ANSWER, by="chat")).kept == {}


@pytest.mark.parametrize("outcome", ["task_active", "not_text", "answered"])
def test_a_turn_that_was_no_plain_question_is_not_kept(outcome: str) -> None:
    assert kept(record(turn_of("怎么退货"), ANSWER, cache=outcome)).kept == {}


@pytest.mark.parametrize(
    ("hours", "outcome"), [(-1, "miss"), (0, "kept"), (1, "kept"), (2, "miss"), (3, "miss")]
)
def test_an_answer_for_a_time_is_given_at_that_time_only(hours: int, outcome: str) -> None:
    bounded = replace(ANSWER, holds_from=AT, holds_until=AT + timedelta(hours=2))
    shelf = kept(record(turn_of("怎么退货"), bounded))
    turn = turn_of("怎么退货")
    at = AT + timedelta(hours=hours)
    reply = asked(shelf, replace(turn, message=replace(turn.message, received_at=at)))
    if outcome == "miss":
        assert reply == Abstain("miss")
    else:
        assert isinstance(reply, Reply)
        assert (reply.holds_from, reply.holds_until) == (bounded.holds_from, bounded.holds_until)


def test_a_masked_question_is_not_kept() -> None:
    masked = replace(record(turn_of("电话13800138000"), ANSWER), masked=True)
    assert kept(masked).kept == {}


@pytest.mark.parametrize("ttl_seconds", [0.0, -1.0, 1e300])
def test_a_time_to_live_that_no_date_can_hold_is_refused(ttl_seconds: float) -> None:
    with pytest.raises(WrongValue, match="ttl_seconds"):
        CacheSettings(ttl_seconds=ttl_seconds)


async def test_answers_of_other_dials_are_not_found() -> None:
    shelf = Shelf()
    answer = CachedAnswer("ec-017", "如何退货？", 0.97, ())
    one, other = ScopedAnswers(shelf, lambda: "0.6"), ScopedAnswers(shelf, lambda: "0.9")
    await one.keep("r1\nzh\nweb\n怎么退货", answer)
    assert await one.find("r1\nzh\nweb\n怎么退货") == answer
    assert await other.find("r1\nzh\nweb\n怎么退货") is None


async def test_new_terms_make_old_answers_unreachable() -> None:
    terms = ["0.6"]
    answers = ScopedAnswers(Shelf(), lambda: terms[0])
    await answers.keep("r1\nzh\nweb\n怎么退货", CachedAnswer("ec-017", "如何退货？", 0.97, ()))
    terms[0] = "0.9"
    assert await answers.find("r1\nzh\nweb\n怎么退货") is None


async def test_counts_outlive_new_terms_but_are_not_shared_with_other_bots() -> None:
    shelf, terms = Shelf(), ["0.6"]
    answers = ScopedAnswers(shelf, lambda: terms[0], own="shop")
    assert await answers.asked("zh\nweb\n怎么退货") == 1
    terms[0] = "0.9"
    assert await answers.asked("zh\nweb\n怎么退货") == 2
    other = ScopedAnswers(shelf, lambda: terms[0], own="bank")
    assert await other.asked("zh\nweb\n怎么退货") == 1


def test_an_answer_of_a_pair_that_customers_doubt_is_decided_anew() -> None:
    shelf = kept(record(turn_of("怎么退货"), ANSWER))
    doubting = CacheStage(shelf, lambda pair_id: pair_id == "ec-017")
    assert asyncio.run(doubting.handle(turn_of("怎么退货"))) == Abstain("miss")
    trusting = CacheStage(shelf, lambda pair_id: pair_id == "ec-018")
    assert isinstance(asyncio.run(trusting.handle(turn_of("怎么退货"))), Reply)
