"""A server that runs: frames and bodies it cannot use, and a database that is locked under it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cs_bot.testing.chat_server import Address, RawClient, open_session, raw_client
from cs_bot.testing.served import ServedBot, served

ROOT = Path(__file__).parents[2]
KEY = "web_demo"
HOLDER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
QUESTION = "如何申请退货？"


@pytest.fixture(scope="module")
def bot(learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    """The starter bot, served from a directory of its own."""
    with served(ROOT, tmp_path_factory.mktemp("bot"), learnt=learnt_starter) as running:
        running.start()
        yield running


@pytest.fixture
def address(bot: ServedBot) -> Address:
    return Address(bot.port)


@pytest.fixture
async def clients(address: Address) -> AsyncIterator[tuple[RawClient, RawClient]]:
    """Two customers, greeted."""
    async with AsyncExitStack() as stack:
        first, second = [await stack.enter_async_context(_customer(address)) for _ in range(2)]
        yield first, second


@asynccontextmanager
async def _customer(address: Address) -> AsyncIterator[RawClient]:
    session = await open_session(address, KEY)
    async with raw_client(address) as client:
        await client.hello(session["visitor_token"], KEY)
        yield client


async def asks(client: RawClient) -> None:
    """Ask, and expect that it is stored."""
    asked = await client.command("message.send", {"text": QUESTION})
    assert (await client.until("ack"))["re"] == asked


@pytest.mark.parametrize(
    ("sent", "code", "reason"),
    [
        ("x" * 1_000_000, 1009, "exceeds limit of 65536 bytes"),
        (b'{"type": "ping"}', 4400, "frames are text"),
        ('{"type": ', 4400, "the frame is not JSON"),
    ],
    ids=["a megabyte", "binary", "no JSON"],
)
async def test_a_frame_that_is_none_ends_its_own_socket_alone(
    sent: str | bytes, code: int, reason: str, clients: tuple[RawClient, RawClient]
) -> None:
    broken, other = clients
    await broken.socket.send(sent)
    closed, why = await broken.closed()
    assert closed == code
    assert reason in why
    await asks(other)


@pytest.mark.parametrize(
    ("frame", "code", "said"),
    [
        ({"type": "teleport", "id": "1", "data": {}}, "unknown_type", "teleport"),
        ({"type": "message.send", "id": "2", "data": {"text": 7}}, "bad_request", "data.text"),
        ({"type": "message.send", "id": "3", "data": {"text": "a\0b"}}, "bad_request", "data.text"),
        (
            {"type": "message.send", "id": "4", "data": {"text": "\ud83d"}},
            "bad_request",
            "data.text",
        ),
    ],
    ids=["unknown type", "wrong type", "NUL", "half a character"],
)
async def test_a_command_that_cannot_be_used_gets_an_error_frame_and_the_socket_stays(
    frame: dict[str, Any], code: str, said: str, clients: tuple[RawClient, RawClient]
) -> None:
    client, _ = clients
    await client.socket.send(json.dumps(frame))
    error = await client.until("error")
    assert (error["re"], error["data"]["code"]) == (frame["id"], code)
    assert said in error["data"]["message"]
    assert error["data"]["retryable"] is False
    await asks(client)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "body: Invalid JSON"),
        (b"\xff", 400, "body: Invalid JSON"),
        (b'{"sender": "a"}', 400, "message: Field required"),
        (b'{"sender": "a", "message": " "}', 400, "message: it is empty"),
        (b'{"sender": "a", "message": "' + b"x" * 1_000_000 + b'"}', 413, "more than 65536 bytes"),
    ],
    ids=["no JSON", "no text", "no message", "empty", "a megabyte"],
)
async def test_a_body_that_cannot_be_used_is_refused_in_one_sentence(
    body: bytes, status: int, said: str, bot: ServedBot
) -> None:
    async with httpx.AsyncClient(base_url=bot.url, trust_env=False) as http:
        answer = await http.post("/webhooks/rest/webhook", content=body)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


async def test_a_message_to_a_locked_database_is_refused_and_counts_once_when_sent_again(
    bot: ServedBot, address: Address
) -> None:
    session = await open_session(address, KEY)
    database = bot.directory / "var/cs_bot.db"
    sent = {"type": "message.send", "id": "locked-1", "data": {"text": "门店有停车位吗"}}
    async with (
        raw_client(address) as client,
        httpx.AsyncClient(base_url=bot.url, trust_env=False, timeout=30) as http,
    ):
        await client.hello(session["visitor_token"], KEY)
        await asks(client)
        with locked(database):
            await client.send(sent)
            refused = http.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hi"})
            answer = await refused
            error = await _until(client, "error")
        assert (error["re"], error["data"]["code"]) == ("locked-1", "busy")
        assert error["data"]["retryable"] is True
        assert str(database) not in error["data"]["message"]
        assert answer.status_code == 503
        assert answer.json() == {"detail": "the server is busy; send it again in a moment"}
        for _ in range(2):
            await client.send(sent)
            assert (await _until(client, "ack"))["re"] == "locked-1"
    with closing(sqlite3.connect(database)) as log:
        stored = log.execute("SELECT count(*) FROM inbound WHERE client_id = 'locked-1'").fetchone()
    assert stored == (1,)
    assert "the database is locked by another program" in bot.log.read_text()


async def _until(client: RawClient, kind: str) -> dict[str, Any]:
    """Wait longer than the database's own patience of 5 s."""
    while True:
        frame: dict[str, Any] = json.loads(await client.socket.recv())
        if frame["type"] == kind:
            return frame


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another process hold an exclusive lock on the database."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield
        holder.communicate("")
