"""The cascade: the first reply wins, every step is recorded, a broken stage does not end it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import pytest

from cs_bot.blocks import Text
from cs_bot.errors import Busy
from cs_bot.events import DialogueState
from cs_bot.router import Router
from cs_bot.types import Abstain, Candidate, Message, Reading, Reply, Stage, Turn, User


async def nothing_read() -> Reading:
    return Reading()


def turn(text: str = "怎么退货") -> Turn:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    message = Message("c1", "m_1", text, "web", User("v1"), "zh", at)
    return Turn(message, text, "zh", DialogueState(), (), "r1", nothing_read)


@dataclass
class Scripted:
    """A stage that does what it is told and remembers what it saw."""

    name: str
    act: Callable[[Turn], Reply | Abstain]
    seen: list[Turn] = field(default_factory=list)

    async def handle(self, turn: Turn) -> Reply | Abstain:
        self.seen.append(turn)
        return self.act(turn)


class Guard(Scripted):
    def when_broken(self, turn: Turn) -> Reply:
        return saying("请稍后再试")


class Late:
    name = "chat"

    async def handle(self, turn: Turn) -> Reply | Abstain:
        await asyncio.Event().wait()
        raise AssertionError("never gets here")


def saying(text: str) -> Reply:
    return Reply((Text(text),))


def fail(turn: Turn) -> Reply:
    raise ZeroDivisionError


def router(*stages: Stage, budget_seconds: float = 5) -> Router:
    ticks = count()
    return Router(
        stages,
        lambda turn: saying("转人工"),
        budget_seconds=budget_seconds,
        clock=lambda: next(ticks) / 1000,
    )


async def test_the_first_reply_ends_the_cascade() -> None:
    never = Scripted("chat", lambda turn: saying("闲聊"))
    trace = await router(
        Scripted("cache", lambda turn: Abstain("miss")),
        Scripted("kbqa", lambda turn: saying("在订单详情申请")),
        never,
    ).route(turn())
    assert trace.answered_by == "kbqa"
    assert [(step.stage, step.outcome) for step in trace.steps] == [
        ("cache", "miss"),
        ("kbqa", "answered"),
    ]
    assert never.seen == []


async def test_a_stage_sees_what_the_stages_before_it_did() -> None:
    near = (Candidate("ec-016", "如何申请退货？", 0.6, "dense"),)
    suggest = Scripted("suggest", lambda turn: saying("您是想问"))
    await router(Scripted("kbqa", lambda turn: Abstain("ambiguous", near)), suggest).route(turn())
    (step,) = suggest.seen[0].steps
    assert (step.stage, step.outcome, step.candidates) == ("kbqa", "ambiguous", near)


async def test_a_crashed_stage_abstains_and_the_next_one_answers() -> None:
    trace = await router(
        Scripted("kbqa", fail), Scripted("chat", lambda turn: saying("您好"))
    ).route(turn())
    assert trace.answered_by == "chat"
    assert trace.steps[0].outcome == "error"


async def test_a_stage_that_is_too_busy_abstains_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(turn: Turn) -> Reply:
        raise Busy("the lane search has 64 calls waiting")

    trace = await router(
        Scripted("kbqa", full), Scripted("chat", lambda turn: saying("您好"))
    ).route(turn())
    assert (trace.answered_by, trace.steps[0].outcome) == ("chat", "busy")
    assert caplog.records == []


async def test_a_late_stage_abstains_and_the_next_one_answers() -> None:
    trace = await router(
        Late(), Scripted("handoff", lambda turn: saying("留言")), budget_seconds=0.001
    ).route(turn())
    assert trace.answered_by == "handoff"
    assert trace.steps[0].outcome == "timeout"


async def test_a_broken_filter_ends_the_turn() -> None:
    never = Scripted("kbqa", lambda turn: saying("答案"))
    trace = await router(Guard("sensitive", fail), never).route(turn())
    assert trace.answered_by == "sensitive"
    assert never.seen == []


async def test_the_last_words_are_said_when_all_abstain() -> None:
    trace = await router(Scripted("kbqa", lambda turn: Abstain("miss"))).route(turn())
    assert (trace.answered_by, trace.reply) == ("fallback", saying("转人工"))


async def test_masked_words_reach_later_stages_and_the_trace() -> None:
    chat = Scripted("chat", lambda turn: saying("好的"))
    trace = await router(
        Scripted("sensitive", lambda turn: Abstain("masked", logged_text="我的电话是***")), chat
    ).route(turn())
    assert chat.seen[0].logged_text == "我的电话是***"
    assert trace.logged_text == "我的电话是***"


async def test_every_step_is_timed() -> None:
    trace = await router(Scripted("kbqa", lambda turn: saying("答案"))).route(turn())
    assert trace.steps[0].ms == 1.0
