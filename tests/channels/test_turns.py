"""The line of messages of each conversation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from cs_bot.channels.turns import Turns
from cs_bot.errors import Busy
from cs_bot.stores.protocols import TurnRecord
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
