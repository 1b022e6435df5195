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
from cs_bot.stores.protocols import ConversationStore, Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.chat_server import Address, RawClient, chat_server, open_session, raw_client
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
def conversations(stores: Stores) -> ConversationStore:
    return stores.conversations


@pytest.fixture
def new_chat(
    conversations: ConversationStore,
    stores: Stores,
    bot: ScriptedBot,
    clock: FakeClock,
    ids: Callable[[str], str],
    limits: Limits,
) -> Callable[[], Chat]:
    """Makes the chats of several servers that share store and wake-ups."""
    wake_ups = InProcessWakeUps()
    return lambda: Chat(
        bot=BotSettings(),
        channels=CHANNELS,
        public_url="",
        answers=bot,
        conversations=conversations,
        secrets=stores.secrets,
        wake_ups=wake_ups,
        clock=clock,
        ids=ids,
        limits=limits,
    )


@pytest.fixture
def chat(new_chat: Callable[[], Chat]) -> Chat:
    return new_chat()


@pytest.fixture
async def server(chat: Chat) -> AsyncIterator[Address]:
    async with chat_server(chat) as address:
        yield address


@pytest.fixture
async def token(server: Address) -> str:
    session = await open_session(server, "web_demo")
    return str(session["visitor_token"])


@pytest.fixture
async def client(server: Address) -> AsyncIterator[RawClient]:
    async with raw_client(server) as connected:
        yield connected
