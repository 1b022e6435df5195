"""Programs served beside the bot: started, waited for, stopped, never left behind."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from cs_bot.cli import companions as module
from cs_bot.cli.companions import companions
from cs_bot.errors import BadInput, Busy
from cs_bot.settings import CompanionSettings
from cs_bot.testing.ports import free_port

WEB_SERVER = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler as Files
Files.log_message = lambda *_: None
HTTPServer(("127.0.0.1", int(sys.argv[1])), Files).serve_forever()
"""
MUTE = """
import os, pathlib, time
pathlib.Path("pid.part").write_text(str(os.getpid()))
os.replace("pid.part", "pid")
time.sleep(60)
"""


def serving(port: int) -> CompanionSettings:
    return CompanionSettings(("{python}", "-c", WEB_SERVER, str(port)), f"http://127.0.0.1:{port}/")


async def answers(port: int) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/")).is_success
        except httpx.TransportError:
            return False


async def refused(settings: CompanionSettings, directory: Path) -> str:
    with pytest.raises((BadInput, Busy)) as why:
        async with companions({"orders": settings}, directory):
            pytest.fail("it was served")
    return str(why.value)


def runs(directory: Path) -> bool:
    """Tell whether the program `MUTE` runs that was started here."""
    return Path(f"/proc/{(directory / 'pid').read_text()}").exists()


async def test_a_companion_runs_as_long_as_the_bot(tmp_path: Path) -> None:
    port = free_port()
    async with companions({"shop": serving(port)}, tmp_path):
        assert await answers(port)
    assert not await answers(port)


async def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert await refused(CompanionSettings(("./orders.sh",)), tmp_path) == (
        "bot.toml [companions.orders]: './orders.sh' cannot be started: "
        "No such file or directory; correct `command`"
    )


async def test_a_companion_without_a_command_is_refused(tmp_path: Path) -> None:
    assert await refused(CompanionSettings(), tmp_path) == (
        'bot.toml [companions.orders]: there is no command; write command = ["PROGRAM"]'
    )


async def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    assert await refused(CompanionSettings((sys.executable,), "localhost:8001"), tmp_path) == (
        "bot.toml [companions.orders] ready_url: 'localhost:8001' is no address; "
        "write http://HOST:PORT/PATH"
    )


async def test_a_companion_that_ends_at_once_is_named_with_its_exit_code(tmp_path: Path) -> None:
    ending = CompanionSettings(
        ("{python}", "-c", "raise SystemExit(3)"), f"http://127.0.0.1:{free_port()}/"
    )
    assert await refused(ending, tmp_path) == (
        "the companion orders ended with exit code 3; "
        "see its message above, or correct bot.toml [companions.orders]"
    )


async def test_a_companion_that_stays_mute_is_stopped_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READY_WITHIN_SECONDS", 0.5)
    url = f"http://127.0.0.1:{free_port()}/"
    said = await refused(CompanionSettings(("{python}", "-c", MUTE), url), tmp_path)
    assert said.startswith(f"the companion orders is mute at {url}; ")
    assert not runs(tmp_path)


async def test_an_address_that_somebody_else_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the bot would live on a service that ends with another program."""
    monkeypatch.setattr(module, "_FREE_WITHIN_SECONDS", 0.2)
    port = free_port()
    async with companions({"shop": serving(port)}, tmp_path):
        said = await refused(serving(port), tmp_path)
        assert await answers(port)
    assert said.startswith(
        f"another program answers at http://127.0.0.1:{port}/, where the companion orders should; "
    )


async def test_a_server_that_was_killed_may_start_again_while_its_companion_is_ending(
    tmp_path: Path,
) -> None:
    port = free_port()
    ending = asyncio.Event()

    async def served_before() -> None:
        async with companions({"shop": serving(port)}, tmp_path):
            ending.set()
            await asyncio.sleep(0.3)  # the time the old companion takes to notice

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(served_before())
        await ending.wait()
        async with companions({"shop": serving(port)}, tmp_path):
            assert await answers(port)


async def test_a_chat_beside_a_server_uses_what_runs_already(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    async with companions({"shop": serving(port)}, tmp_path):
        async with companions({"shop": serving(port)}, tmp_path, shared=True):
            assert await answers(port)
        assert await answers(port)
    assert caplog.messages == [
        f"shop answers at http://127.0.0.1:{port}/ already; not started again"
    ]


async def test_a_start_that_is_given_up_leaves_no_companion(tmp_path: Path) -> None:
    """The bot itself may fail while a companion is still getting ready."""
    mute = CompanionSettings(("{python}", "-c", MUTE), f"http://127.0.0.1:{free_port()}/")

    async def start() -> None:
        async with companions({"shop": mute}, tmp_path):
            pytest.fail("it was ready")

    starting = asyncio.create_task(start())
    while not (tmp_path / "pid").exists():  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.02)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not runs(tmp_path)
