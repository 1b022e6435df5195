"""The whole customer side over real sockets: frames in, frames out, closes with their codes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from cs_bot.app.reminding import Reminders
from cs_bot.channels.chat import Chat
from cs_bot.events import ReminderSet
from cs_bot.stores.protocols import Inbound, Stores
from cs_bot.testing.chat_server import (
    Address,
    Frame,
    RawClient,
    chat_server,
    open_session,
    raw_client,
    words,
)
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.scripted_bot import ScriptedBot
from cs_bot.testing.store_contract.values import exchange

KEY = "web_demo"


def position(welcome: Frame, seq: int) -> dict[str, Any]:
    data = welcome["data"]
    return {"conversation_id": data["conversation_id"], "epoch": data["epoch"], "after_seq": seq}


async def test_a_message_is_stored_acknowledged_and_answered(client: RawClient, token: str) -> None:
    assert (await client.hello(token, KEY))["data"]["resume"] == "fresh"
    sent = await client.command("message.send", {"text": "多久发货?"})
    frames = [await client.next() for _ in range(5)]
    assert [frame["type"] for frame in frames] == ["ack", "message", "typing", "message", "typing"]
    assert frames[0]["data"] == {"seq": 1, "message_id": "m_1", "dup": False}
    assert frames[1]["data"]["client_id"] == sent
    assert frames[3]["data"]["reply_to"] == "m_1"


async def test_a_resend_is_acknowledged_and_answered_once(
    client: RawClient, token: str, bot: ScriptedBot
) -> None:
    await client.hello(token, KEY)
    command_id = await client.command("message.send", {"text": "hi"})
    await client.answer()
    await client.send({"type": "message.send", "id": command_id, "data": {"text": "hi"}})
    assert (await client.until("ack"))["data"] == {"seq": 1, "message_id": "m_1", "dup": True}
    await client.command("read", {"upto_seq": 2})
    assert (await client.next())["type"] == "ack"
    assert len(bot.heard) == 1


async def test_a_second_tab_sees_everything_live(server: Address, token: str) -> None:
    async with raw_client(server) as one, raw_client(server) as two:
        await one.hello(token, KEY)
        await two.hello(token, KEY)
        await one.command("message.send", {"text": "hi"})
        assert (await two.until("message"))["seq"] == 1
        assert (await two.answer())["seq"] == 2


async def test_a_connection_that_dies_in_the_middle_of_a_turn_gets_the_answer_later(
    server: Address, token: str, bot: ScriptedBot
) -> None:
    bot.gate.clear()
    async with raw_client(server) as one:
        welcome = await one.hello(token, KEY)
        await one.command("message.send", {"text": "hi"})
        await one.until("typing")
        one.socket.transport.abort()
    async with raw_client(server) as two:
        resumed = await two.hello(token, KEY, **position(welcome, 1))
        assert resumed["data"]["resume"] == "replayed"
        assert (await two.next())["data"] == {"by": "bot", "on": True}
        bot.gate.set()
        assert words(await two.answer()) == "hi"
    assert len(bot.heard) == 1


async def test_a_reminder_reaches_the_page_that_is_open(
    client: RawClient, token: str, stores: Stores, chat: Chat, bot: ScriptedBot, clock: FakeClock
) -> None:
    welcome = await client.hello(token, KEY)
    conversation = await stores.conversations.conversation(welcome["data"]["conversation_id"])
    due = ReminderSet("later", "call", {}, (clock.now + timedelta(minutes=5)).isoformat())
    await exchange(stores.conversations, conversation, "在吗", events=[due])
    clock.forward(minutes=5)

    assert await Reminders(stores.reminders, bot, chat, clock=clock).run() == 1

    assert [(await client.until("message"))["seq"] for _ in range(3)] == [1, 2, 3]
    # Who comes back may have a message of before looked at once more: it has its answer.
    assert bot.heard[-1].text == "/call"


async def test_what_a_dead_server_left_unanswered_is_answered_by_the_next(
    stores: Stores, chat: Chat, bot: ScriptedBot
) -> None:
    place = {"channel": KEY, "user_id": "v_1", "locale": "zh"}
    left = await stores.conversations.open(None, **place)
    await stores.conversations.accept(left.id, Inbound("1", "在吗", "zh"))
    async with chat_server(chat) as server:
        session = await open_session(server, KEY)  # the first visitor, v_1
        async with raw_client(server) as client:
            await client.hello(session["visitor_token"], KEY, after_seq=0)
            assert words(await client.answer()) == "在吗"
    assert [message.text for message in bot.heard] == ["在吗"]


async def test_messages_that_arrive_during_a_turn_are_answered_in_order(
    client: RawClient, token: str, bot: ScriptedBot
) -> None:
    await client.hello(token, KEY)
    bot.gate.clear()
    for n in range(6):
        await client.command("message.send", {"text": str(n)})
        await client.until("ack")
    bot.gate.set()
    assert [words(await client.answer()) for _ in range(6)] == [str(n) for n in range(6)]


@pytest.mark.parametrize(
    ("frame", "code"),
    [(b"{}", 4400), ("{", 4400), ("[]", 4400), ("x" * 65_537, 1009), ("x" * 1_000_000, 1009)],
    ids=["binary", "no JSON", "no object", "a byte too many", "1 MB"],
)
async def test_a_frame_that_cannot_be_read_closes_with_a_reason(
    client: RawClient, token: str, frame: str | bytes, code: int
) -> None:
    await client.hello(token, KEY)
    await client.socket.send(frame)
    closed = await client.closed()
    assert closed[0] == code
    assert closed[1]


async def test_an_unknown_command_is_an_error_and_the_socket_stays(
    client: RawClient, token: str
) -> None:
    await client.hello(token, KEY)
    await client.command("teleport", {})
    assert (await client.until("error"))["data"]["code"] == "unknown_type"
    assert words((await client.say("still there?"))[1]) == "still there?"


async def test_the_sixth_socket_of_a_visitor_closes_the_first(server: Address, token: str) -> None:
    async with AsyncExitStack() as sockets:
        clients = [await sockets.enter_async_context(raw_client(server)) for _ in range(6)]
        for one in clients:
            await one.hello(token, KEY)
        assert (await clients[0].closed())[0] == 4409
        await clients[1].say("hi")


async def test_a_foreign_conversation_cannot_be_joined(server: Address, token: str) -> None:
    async with raw_client(server) as owner, raw_client(server) as other:
        mine = await owner.hello(token, KEY)
        await owner.say("my secret")
        stranger = await open_session(server, KEY)
        theirs = await other.hello(stranger["visitor_token"], KEY, **position(mine, 0))
        assert theirs["data"]["resume"] == "gap"
        assert theirs["data"]["conversation_id"] != mine["data"]["conversation_id"]
        assert theirs["data"]["top_seq"] == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"token": "forged"}, 4401),
        ({"key": "web_shop"}, 4403),
        ({"key": "web_gone"}, 4404),
    ],
)
async def test_who_may_not_come_in_is_told_by_the_close_code(
    server: Address, token: str, changed: dict[str, str], code: int
) -> None:
    own = Origin(server.http)
    async with raw_client(server, origin=own) as client:
        await client.command("hello", {"token": token, "key": KEY, **changed})
        assert (await client.closed())[0] == code


async def test_a_token_of_another_channel_is_refused(client: RawClient, token: str) -> None:
    await client.command("hello", {"token": token, "key": "web_shop"})
    assert (await client.closed())[0] == 4401


@pytest.mark.parametrize(
    ("origin", "subprotocol", "status"),
    [("https://evil.example", "csbot.v1", 403), (None, "csbot.v9", 400), (None, None, 400)],
)
async def test_a_handshake_that_cannot_lead_anywhere_is_refused(
    server: Address, origin: str | None, subprotocol: str | None, status: int
) -> None:
    offered = None if subprotocol is None else [Subprotocol(subprotocol)]
    with pytest.raises(InvalidStatus) as refused:
        async with connect(
            server.websocket,
            origin=None if origin is None else Origin(origin),
            subprotocols=offered,
        ):
            pass
    assert refused.value.response.status_code == status


async def test_a_page_on_the_list_may_connect(server: Address) -> None:
    session = await open_session(server, "web_shop")
    async with raw_client(server, origin=Origin("https://shop.example")) as client:
        await client.hello(session["visitor_token"], "web_shop")


async def test_a_stopping_server_sends_everybody_away_to_come_back(
    chat: Chat, bot: ScriptedBot
) -> None:
    running = chat_server(chat)
    server = await running.__aenter__()
    session = await open_session(server, KEY)
    async with raw_client(server) as client:
        await client.hello(session["visitor_token"], KEY)
        closing = asyncio.create_task(client.closed())
        await running.__aexit__(None, None, None)
        assert (await closing)[0] == 4503
    assert len(chat.connections) == 0


@pytest.mark.slow
async def test_fifty_sockets_keep_every_ack_and_every_order(server: Address) -> None:
    tokens = await asyncio.gather(*(chat_token(server) for _ in range(20)))
    everyone = [tokens[n % 20] for n in range(50)]
    results = await asyncio.gather(*(talk(server, one, n) for n, one in enumerate(everyone)))
    assert all(results)


async def chat_token(server: Address) -> str:
    return str((await open_session(server, KEY))["visitor_token"])


async def talk(server: Address, token: str, n: int) -> bool:
    """Say ten things; every one is acknowledged once, and events have no hole."""
    async with raw_client(server) as client:
        welcome = await client.hello(token, KEY)
        last, acks = welcome["data"]["top_seq"], 0
        for number in range(10):
            mine = await client.command("message.send", {"text": f"{n}.{number}"})
            acked = False
            while not acked:
                frame = await client.next()
                if "seq" in frame:
                    assert frame["seq"] == last + 1
                    last = frame["seq"]
                acked = frame.get("re") == mine
                if acked and frame["type"] == "error":
                    raise AssertionError(frame)
            acks += 1
        return acks == 10
