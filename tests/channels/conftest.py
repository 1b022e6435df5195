"""A chat over a real SQLite log with a scripted bot, served on a free port."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cs_bot.channels.chat import Chat
from cs_bot.channels.limits import Limits
from cs_bot.settings import BotSettings, ChannelSettings
from cs_bot.stores.protocols import Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.chat_server import Address, chat_server
from cs_bot.testing.scripted_bot import ScriptedBot

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANNELS = {
    "web_demo": ChannelSettings(
        greeting={"zh": "您好", "en": "Hello"}, quick_questions={"zh": ("多久发货?",)}
    ),
    "web_shop": ChannelSettings(origins=("https://shop.example",)),
}


class LocalWakeUps:
    """Wake-ups inside this process."""

    def __init__(self) -> None:
        self._hearers: list[Callable[[str, int], Awaitable[None]]] = []

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        for heard in tuple(self._hearers):
            await heard(conversation_id, top_seq)

    def listen(self, heard: Callable[[str, int], Awaitable[None]]) -> Callable[[], None]:
        self._hearers.append(heard)
        return lambda: self._hearers.remove(heard)


@pytest.fixture
def ids() -> Callable[[str], str]:
    counters: dict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
    return lambda kind: f"{kind}_{next(counters[kind])}"


@pytest.fixture
async def stores(tmp_path: Path, ids: Callable[[str], str]) -> AsyncIterator[Stores]:
    opened = await open_stores(f"sqlite:///{tmp_path}/log.db", clock=lambda: NOON, ids=ids)
    yield opened
    await opened.close()


@pytest.fixture
def bot(stores: Stores, ids: Callable[[str], str]) -> ScriptedBot:
    return ScriptedBot(stores.conversations, clock=lambda: NOON, ids=ids)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def chat(stores: Stores, bot: ScriptedBot, ids: Callable[[str], str], limits: Limits) -> Chat:
    return Chat(
        bot=BotSettings(),
        channels=CHANNELS,
        public_url="",
        answers=bot,
        conversations=stores.conversations,
        secrets=stores.secrets,
        wake_ups=LocalWakeUps(),
        clock=lambda: NOON,
        ids=ids,
        limits=limits,
    )


@pytest.fixture
async def server(chat: Chat) -> AsyncIterator[Address]:
    async with chat_server(chat) as address:
        yield address
