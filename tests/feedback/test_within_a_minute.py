"""Over WebSocket, by a clock of our own: a vote counts within a minute of being given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from cs_bot.channels.chat import Chat
from cs_bot.settings import BotSettings, ChannelSettings
from cs_bot.stores.memory import InProcessWakeUps
from cs_bot.testing.chat_server import (
    Address,
    Frame,
    RawClient,
    chat_server,
    open_session,
    raw_client,
)
from cs_bot.testing.clock import FakeClock

from .conftest import Naps, Shop

KEY = "web_demo"
ASKED, DIRECT = "卡券怎么换", "退货"


@pytest.fixture
async def server(shop: Shop, clock: FakeClock, ids: Callable[[str], str]) -> AsyncIterator[Address]:
    """A server whose process follows the votes."""
    chat = Chat(
        bot=BotSettings(),
        channels={KEY: ChannelSettings()},
        public_url="",
        answers=shop.bot,
        conversations=shop.stores.conversations,
        secrets=shop.stores.secrets,
        wake_ups=InProcessWakeUps(),
        clock=clock,
        ids=ids,
    )
    following = asyncio.create_task(shop.votes.follow())
    async with chat_server(chat) as address:
        yield address
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def asked(client: RawClient, server: Address, text: str) -> Frame:
    """Return the bot's answer to a fresh visitor."""
    session = await open_session(server, KEY)
    await client.hello(str(session["visitor_token"]), KEY)
    answer: Frame = (await client.say(text))[1]["data"]
    return answer


def lines(answer: Frame) -> list[str]:
    return [item["item_id"] for block in answer["blocks"] for item in block.get("items", ())]


async def test_the_line_that_five_visitors_choose_is_first_within_a_minute(
    server: Address, naps: Naps
) -> None:
    for _ in range(5):
        async with raw_client(server) as client:
            answer = await asked(client, server, ASKED)
            assert lines(answer) == ["paper", "electronic"]
            choice = {"message_id": answer["message_id"], "item_id": "electronic"}
            await client.command("action", choice)
            assert "在线换" in (await client.answer())["data"]["blocks"][0]["text"]
    await naps.forward(seconds=59)
    async with raw_client(server) as client:
        assert lines(await asked(client, server, ASKED)) == ["electronic", "paper"]


async def test_an_answer_that_visitors_judge_wrong_leaves_the_cache_within_a_minute(
    server: Address, naps: Naps
) -> None:
    sources = []
    for _ in range(9):
        async with raw_client(server) as client:
            answer = (await asked(client, server, DIRECT))["answer"]
            sources.append(answer["source"])
            await client.command("feedback", {"answer_id": answer["answer_id"], "value": -1})
            await client.until("ack")
    assert sources == ["kbqa"] + ["cache"] * 8
    await naps.forward(seconds=59)
    async with raw_client(server) as client:
        answer = await asked(client, server, DIRECT)
        assert (answer["answer"]["source"], lines(answer)[0]) == ("suggest", "return")
