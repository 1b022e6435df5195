"""The line of messages of each conversation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from cs_bot.channels.turns import WATCH_SECONDS, Recovery, Turns
from cs_bot.errors import Busy
from cs_bot.stores.protocols import Conversation, ConversationStore, TurnRecord, Unanswered
from cs_bot.types import Message, Reply, Trace, User

NOON = datetime(2026, 1, 1, tzinfo=UTC)


def message(number: int, conversation_id: str = "c_1") -> Message:
    return Message(conversation_id, f"m_{number}", "hi", "web", User("v_1"), "zh", NOON)


class Answering:
    """Answers when let through; breaks or is busy when told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []

    async def reply(self, message: Message) -> TurnRecord:
        self.asked.append(message.message_id)
        await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        trace = Trace(Reply(()), "chat", ())
        place = (message.conversation_id, message.message_id)
        return TurnRecord("a", *place, "", False, "", "zh", None, "web", trace, "", NOON, 0.0)


class Listening:
    def __init__(self) -> None:
        self.ends: list[bool] = []
        self.ended = asyncio.Event()

    async def turn_started(self, conversation_id: str) -> None:
        pass

    async def turn_ended(self, conversation_id: str, *, answered: bool) -> None:
        self.ends.append(answered)
        self.ended.set()

    async def after(self, turns: int) -> list[bool]:
        async with asyncio.timeout(5):
            while len(self.ends) < turns:
                self.ended.clear()
                await self.ended.wait()
        return self.ends


class Sleeping:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_messages_of_one_conversation_are_answered_one_after_another() -> None:
    answering, listening = Answering(), Listening()
    answering.gate.clear()
    turns = Turns(answering, listening, waiting=5)
    for number in (1, 2, 3):
        turns.enqueue(message(number))
    await asyncio.sleep(0)
    assert answering.asked == ["m_1"]
    assert turns.is_running("c_1")
    answering.gate.set()
    await listening.after(3)
    assert answering.asked == ["m_1", "m_2", "m_3"]


async def test_conversations_do_not_wait_for_each_other() -> None:
    answering = Answering()
    answering.gate.clear()
    turns = Turns(answering, Listening(), waiting=5)
    turns.enqueue(message(1))
    turns.enqueue(message(2, "c_2"))
    await asyncio.sleep(0)
    assert answering.asked == ["m_1", "m_2"]
    await turns.close(seconds=0)


async def test_a_message_is_in_the_line_once() -> None:
    answering, listening = Answering(), Listening()
    turns = Turns(answering, listening, waiting=5)
    turns.enqueue(message(1))
    turns.enqueue(message(1))
    turns.enqueue(message(2))
    await listening.after(2)
    assert answering.asked == ["m_1", "m_2"]


async def test_a_full_line_has_room_after_the_next_answer() -> None:
    answering, listening = Answering(), Listening()
    answering.gate.clear()
    turns = Turns(answering, listening, waiting=1)
    turns.enqueue(message(1))
    turns.enqueue(message(2))
    with pytest.raises(Busy):
        await turns.room("c_1", seconds=0.01)
    waiting = asyncio.create_task(turns.room("c_1", seconds=5))
    answering.gate.set()
    await waiting
    await turns.room("c_of_nobody", seconds=0)


async def test_a_busy_store_is_tried_again_with_growing_pauses() -> None:
    sleeping, listening = Sleeping(), Listening()
    answering = Answering(Busy("locked"), Busy("locked"))
    Turns(answering, listening, waiting=5, sleep=sleeping.sleep).enqueue(message(1))
    assert await listening.after(1) == [True]
    assert sleeping.slept == [0.2, 0.4]


async def test_a_turn_that_breaks_is_logged_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    listening = Listening()
    answering = Answering(RuntimeError("broken"))
    turns = Turns(answering, listening, waiting=5)
    turns.enqueue(message(1))
    turns.enqueue(message(2))
    assert await listening.after(2) == [False, True]
    assert "turn of m_1 in c_1 failed" in caplog.text


async def test_a_store_that_stays_busy_leaves_the_message_for_later() -> None:
    sleeping, listening = Sleeping(), Listening()
    answering = Answering(*(Busy("locked") for _ in range(8)))
    Turns(answering, listening, waiting=5, sleep=sleeping.sleep).enqueue(message(1))
    assert await listening.after(1) == [False]
    assert 25 < sum(sleeping.slept) < 26


async def test_closing_stops_a_turn_that_does_not_end() -> None:
    answering, listening = Answering(), Listening()
    answering.gate.clear()
    turns = Turns(answering, listening, waiting=5)
    turns.enqueue(message(1))
    turns.enqueue(message(2))
    await turns.close(seconds=0.01)
    assert listening.ends == [False]
    assert answering.asked == ["m_1"]


async def test_closing_lets_running_turns_end() -> None:
    answering, listening = Answering(), Listening()
    turns = Turns(answering, listening, waiting=5)
    turns.enqueue(message(1))
    await turns.close(seconds=5)
    assert listening.ends == [True]
    assert not turns.is_running("c_1")


class Left:
    """A log with messages that nobody answered; remembers how far back it was asked to look."""

    def __init__(self, *payloads: dict[str, Any] | None) -> None:
        thread = Conversation("c_1", "web", "v_1", "zh", "e", 9, NOON)
        self.left = tuple(
            Unanswered(thread, f"m_{number}", "hi", "zh", payload, NOON)
            for number, payload in enumerate(payloads, 1)
        )
        self.asked_before: list[datetime] = []

    async def unanswered(self, *, before: datetime, **_: object) -> tuple[Unanswered, ...]:
        self.asked_before.append(before)
        return self.left


def recovery(left: Left, turns: Turns, sleep: Any = asyncio.sleep) -> Recovery:
    return Recovery(cast(ConversationStore, left), turns, lambda: NOON, sleep=sleep)


async def test_a_message_of_another_version_does_not_keep_the_others_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answering, listening = Answering(), Listening()
    turns = Turns(answering, listening, waiting=5)
    assert await recovery(Left({"sung": "la"}, None), turns).run() == 1
    await listening.after(1)
    assert answering.asked == ["m_2"]
    assert "m_1 in c_1 cannot be read" in caplog.text


async def test_what_has_waited_a_minute_is_looked_for_every_minute() -> None:
    answering, listening = Answering(), Listening()
    left = Left(None)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise asyncio.CancelledError

    watching = recovery(left, Turns(answering, listening, waiting=5), sleep).watch()
    with pytest.raises(asyncio.CancelledError):
        await watching
    await listening.after(1)
    assert slept == [WATCH_SECONDS, WATCH_SECONDS]
    assert left.asked_before == [NOON - timedelta(seconds=WATCH_SECONDS)]
    assert answering.asked == ["m_1"]
