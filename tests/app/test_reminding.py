"""What is due gets its turn second by second, and a locked store ends nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from cs_bot.app.reminding import Reminders
from cs_bot.errors import Busy
from cs_bot.events import ReminderSet
from cs_bot.stores.memory import InProcessWakeUps
from cs_bot.stores.protocols import Stores, TurnRecord
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.scripted_bot import ScriptedBot
from cs_bot.testing.store_contract.values import exchange, open_for
from cs_bot.types import Message


class Sleeper:
    """Lets the clock go on instead of waiting, so many times; then it is cancelled."""

    def __init__(self, clock: FakeClock, times: int) -> None:
        self.clock = clock
        self.left = times

    async def __call__(self, seconds: float) -> None:
        if not self.left:
            raise asyncio.CancelledError
        self.left -= 1
        self.clock.forward(seconds=seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stores(clock: FakeClock, tmp_path: Path) -> AsyncIterator[Stores]:
    numbers = count(1)
    opened = await open_stores(
        "sqlite:///log.db",
        clock=clock,
        ids=lambda prefix: f"{prefix}_{next(numbers)}",
        directory=tmp_path,
    )
    yield opened
    await opened.close()


class Crowded:
    """A bot whose store is locked at the first try."""

    def __init__(self, bot: ScriptedBot) -> None:
        self.bot = bot
        self.tries = 0

    async def reply(self, message: Message) -> TurnRecord:
        self.tries += 1
        if self.tries == 1:
            raise Busy("the database is locked")
        return await self.bot.reply(message)


async def remind(stores: Stores, clock: FakeClock, *seconds: float) -> str:
    conversation = await open_for(stores.conversations)
    events = [
        ReminderSet(f"n{at}", "call", {}, (clock.now + timedelta(seconds=at)).isoformat(), True)
        for at in seconds
    ]
    await exchange(stores.conversations, conversation, "在吗", events=events)
    return conversation.id


def scripted(stores: Stores, clock: FakeClock) -> ScriptedBot:
    numbers = count(1)
    return ScriptedBot(
        stores.conversations, clock=clock, ids=lambda prefix: f"{prefix}_r{next(numbers)}"
    )


async def test_what_is_due_is_said_and_announced(stores: Stores, clock: FakeClock) -> None:
    conversation_id = await remind(stores, clock, 2)
    wake_ups, heard = InProcessWakeUps(), []

    async def hear(conversation: str, seq: int) -> None:
        heard.append((conversation, seq))

    wake_ups.listen(hear)
    sleeper = Sleeper(clock, 3)
    bot = scripted(stores, clock)
    reminders = Reminders(stores.reminders, bot, wake_ups, clock=clock, sleep=sleeper)
    with suppress(asyncio.CancelledError):
        await reminders.watch()
    await asyncio.sleep(0)

    assert [message.text for message in bot.heard] == ["/call"]
    assert heard == [(conversation_id, 3)]


async def test_one_that_fails_is_left_to_recovery_and_the_next_has_its_turn(
    stores: Stores, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    await remind(stores, clock, 1, 2)
    crowded = Crowded(scripted(stores, clock))
    reminders = Reminders(
        stores.reminders, crowded, InProcessWakeUps(), clock=clock, sleep=Sleeper(clock, 2)
    )
    with suppress(asyncio.CancelledError):
        await reminders.watch()

    assert crowded.tries == 2
    assert "the database is locked" in caplog.text
    later = clock.now + timedelta(seconds=1)
    assert len(await stores.conversations.unanswered(before=later)) == 1
