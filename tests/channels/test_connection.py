"""One connection under pressure: deadlines, full queues, a locked log, two tabs at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from cs_bot.blocks import Text
from cs_bot.channels.chat import Chat
from cs_bot.channels.limits import Limits
from cs_bot.errors import Busy
from cs_bot.stores.protocols import ConversationStore, Stores
from cs_bot.testing.chat_server import (
    Address,
    RawClient,
    chat_server,
    open_session,
    raw_client,
    words,
)
from cs_bot.testing.frame_transcripts import transcript_script
from cs_bot.testing.scripted_bot import Script, ScriptedBot

KEY = "web_demo"


class Lockable:
    """A log that somebody else can lock."""

    def __init__(self, log: ConversationStore) -> None:
        self.locked = False
        self._log = log

    def __getattr__(self, name: str) -> Any:
        if self.locked:
            raise Busy("the database is locked", remedy="close the other program")
        return getattr(self._log, name)


class TestALockedLog:
    @pytest.fixture
    def log(self, stores: Stores) -> Lockable:
        return Lockable(stores.conversations)

    @pytest.fixture
    def conversations(self, log: Lockable) -> ConversationStore:
        return cast(ConversationStore, log)

    async def test_refuses_a_message_and_takes_it_when_it_is_sent_again(
        self, client: RawClient, token: str, log: Lockable
    ) -> None:
        await client.hello(token, KEY)
        await client.say("the greeting is over")
        log.locked = True
        command_id = await client.command("message.send", {"text": "hi"})
        refused = await client.until("error")
        assert refused["data"]["code"] == "busy"
        assert refused["data"]["retry_after_ms"] == 2_000
        assert "locked" not in refused["data"]["message"]
        log.locked = False
        await client.send({"type": "message.send", "id": command_id, "data": {"text": "hi"}})
        assert (await client.until("ack"))["data"]["dup"] is False

    async def test_sends_a_visitor_away_to_come_back(
        self, server: Address, client: RawClient, token: str, log: Lockable
    ) -> None:
        log.locked = True
        await client.command("hello", {"token": token, "key": KEY})
        assert (await client.closed())[0] == 4500
        log.locked = False
        async with raw_client(server) as again:
            await again.hello(token, KEY)


class TestTwoTabs:
    @pytest.fixture
    def script(self) -> Script:
        return transcript_script

    async def test_that_choose_at_once_make_one_choice(self, server: Address, token: str) -> None:
        async with raw_client(server) as one, raw_client(server) as two:
            await one.hello(token, KEY)
            await two.hello(token, KEY)
            await one.say("我的包裹")
            await two.answer()
            choice = {"message_id": "m_2", "button_id": "b1"}
            await asyncio.gather(one.command("action", choice), two.command("action", choice))
            answers = await asyncio.gather(verdict_on(one), verdict_on(two))
        assert sorted(answers) == ["ack", "conflict"]


async def verdict_on(client: RawClient) -> str:
    while (frame := await client.next())["type"] not in ("ack", "error"):
        pass
    return str(frame["data"].get("code", "ack"))


async def test_two_servers_show_one_conversation_and_double_nothing(
    new_chat: Callable[[], Chat],
) -> None:
    async with (
        chat_server(new_chat()) as here,
        chat_server(new_chat()) as there,
        raw_client(here) as one,
        raw_client(there) as two,
    ):
        token = str((await open_session(here, KEY))["visitor_token"])
        await one.hello(token, KEY)
        await two.hello(token, KEY)
        await one.say("from here")
        assert [(await two.until("message"))["seq"] for _ in range(2)] == [1, 2]
        await two.say("from there")
        assert [(await one.until("message"))["seq"] for _ in range(2)] == [3, 4]
        await one.command("sync", {"after_seq": 0})
        replayed = [(await one.until("message"))["seq"] for _ in range(4)]
        assert replayed == [1, 2, 3, 4]
        await one.send({"type": "ping"})
        assert (await one.next())["type"] == "pong"


class TestAFullLine:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(waiting_turns=1, room_seconds=0.1)

    async def test_refuses_a_message_and_does_not_store_it(
        self, token: str, server: Address, bot: ScriptedBot, stores: Stores
    ) -> None:
        async with raw_client(server) as client:
            welcome = await client.hello(token, KEY)
            bot.gate.clear()
            for n in range(2):
                await client.command("message.send", {"text": str(n)})
                await client.until("ack")
            await client.command("message.send", {"text": "one more"})
            refused = await client.until("error")
            bot.gate.set()
        assert refused["data"]["code"] == "busy"
        assert refused["data"]["retryable"]
        entries = await stores.conversations.entries(
            welcome["data"]["conversation_id"], after_seq=0
        )
        assert "one more" not in json.dumps([entry.data for entry in entries])


class TestAHello:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(hello_seconds=0.05)

    async def test_has_to_come_in_time(self, client: RawClient) -> None:
        assert (await client.closed())[0] == 4508


class TestSilence:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(ping_seconds=0.1, pong_seconds=0.5)

    async def test_ends_the_connection_of_who_does_not_answer_a_ping(
        self, client: RawClient, token: str
    ) -> None:
        await client.hello(token, KEY)
        assert await client.until("ping") == {"type": "ping"}
        assert (await client.closed())[0] == 1011

    async def test_is_fine_while_pings_are_answered(self, client: RawClient, token: str) -> None:
        await client.hello(token, KEY)
        for _ in range(4):
            await client.until("ping")
            await client.send({"type": "pong", "data": {"upto_seq": 0}})
        assert words((await client.say("here"))[1]) == "here"


class TestASlowReader:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(send_seconds=0.5)

    @pytest.fixture
    def script(self) -> Script:
        return lambda _: ("kbqa", (Text("x" * 16_000),) * 20)

    async def test_is_closed_with_4509_and_costs_others_nothing(
        self, server: Address, token: str, chat: Chat
    ) -> None:
        async with (
            raw_client(server, max_size=None) as lazy,
            raw_client(server, max_size=None) as eager,
        ):
            await lazy.hello(token, KEY)
            await eager.hello(token, KEY)
            lazy.socket.transport.pause_reading()
            for _ in range(60):  # the kernel's buffers take some megabytes
                await eager.say("hi")
                if len(chat.connections) == 1:
                    break
            lazy.socket.transport.resume_reading()
            assert (await lazy.closed())[0] == 4509
