"""A chat over a real SQLite log with a scripted bot, served on a free port."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from cs_bot.channels.chat import Chat
from cs_bot.channels.limits import Limits
from cs_bot.settings import BotSettings, ChannelSettings
from cs_bot.stores.memory import InProcessWakeUps
from cs_bot.stores.protocols import Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.chat_server import Address, chat_server
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.scripted_bot import Script, ScriptedBot, echo

CHANNELS = {
    "web_demo": ChannelSettings(
        greeting={"zh": "您好", "en": "Hello"}, quick_questions={"zh": ("多久发货?",)}
    ),
    "web_shop": ChannelSettings(origins=("https://shop.example",)),
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ids() -> Callable[[str], str]:
    counters: dict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
    return lambda kind: f"{kind}_{next(counters[kind])}"


@pytest.fixture
async def stores(
    tmp_path: Path, clock: FakeClock, ids: Callable[[str], str]
) -> AsyncIterator[Stores]:
    opened = await open_stores(f"sqlite:///{tmp_path}/log.db", clock=clock, ids=ids)
    yield opened
    await opened.close()


@pytest.fixture
def script() -> Script:
    return echo


@pytest.fixture
def bot(stores: Stores, clock: FakeClock, ids: Callable[[str], str], script: Script) -> ScriptedBot:
    return ScriptedBot(stores.conversations, clock=clock, ids=ids, script=script)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def chat(
    stores: Stores, bot: ScriptedBot, clock: FakeClock, ids: Callable[[str], str], limits: Limits
) -> Chat:
    return Chat(
        bot=BotSettings(),
        channels=CHANNELS,
        public_url="",
        answers=bot,
        conversations=stores.conversations,
        secrets=stores.secrets,
        wake_ups=InProcessWakeUps(),
        clock=clock,
        ids=ids,
        limits=limits,
    )


@pytest.fixture
async def server(chat: Chat) -> AsyncIterator[Address]:
    async with chat_server(chat) as address:
        yield address
