"""`cs-bot serve` where it cannot: a port that is taken, a companion that will not start."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from cs_bot.testing.ports import free_port
from cs_bot.testing.served import ServedBot

PATIENCE_SECONDS = 60.0


def refusal(bot: Path, *options: str) -> str:
    """Serve, expect an end with code 2 and a sentence, and return it."""
    command = [sys.executable, "-m", "cs_bot", "serve", "--bot", str(bot), *options]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    assert (ran.returncode, ran.stdout) == (2, ""), ran.stderr
    return ran.stderr.splitlines()[-1].removeprefix("cs-bot: ")


def write_companion(bot: Path, *command: str, ready_url: str = "") -> None:
    (bot / "bot.toml").write_text(
        f"[server]\nport = 0\n[companions.orders]\ncommand = {json.dumps(command)}\n"
        f'ready_url = "{ready_url}"\n',
        encoding="utf-8",
    )


@contextmanager
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_port_in_use_is_named_with_what_to_do(published_bot: Path) -> None:
    with listening() as port:
        assert refusal(published_bot, "--port", str(port)) == (
            f"127.0.0.1:{port} cannot be listened on: Address already in use; "
            "stop what uses it or choose another port in bot.toml [server] port"
        )


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_does_not_exist_is_named(port: str, published_bot: Path) -> None:
    assert refusal(published_bot, f"--port={port}").startswith(
        f"127.0.0.1:{port} cannot be listened on: a port is from 0 to 65535; "
    )


def test_a_host_that_does_not_exist_is_named(published_bot: Path) -> None:
    said = refusal(published_bot, "--host", "203.0.113.9", "--port", "0")
    assert said.startswith("203.0.113.9:0 cannot be listened on: Cannot assign requested address")


def test_a_companion_that_cannot_start_is_named(published_bot: Path) -> None:
    write_companion(published_bot, "./orders.sh")
    assert refusal(published_bot) == (
        "bot.toml [companions.orders]: './orders.sh' cannot be started: "
        "No such file or directory; correct `command`"
    )


def test_a_companion_whose_port_is_taken_is_named(published_bot: Path) -> None:
    """Something listens there which is no order service."""
    with listening() as port:
        write_companion(
            published_bot,
            *("{python}", "dialogs/order_service.py", "--port", str(port)),
            ready_url=f"http://127.0.0.1:{port}/healthz",
        )
        assert refusal(published_bot) == (
            "the companion orders ended with exit code 2; "
            "see its message above, or correct bot.toml [companions.orders]"
        )


def test_a_bot_that_fails_takes_its_companion_along(published_bot: Path) -> None:
    note = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    write_companion(published_bot, "{python}", "-c", note, ready_url="http://127.0.0.1:1/")
    (published_bot / "knowledge/synonyms.txt").write_text("退货\n", encoding="utf-8")
    assert "synonyms.txt:1: a group has two words" in refusal(published_bot)
    started = published_bot / "pid"
    if started.exists():  # it may have failed before the companion wrote its note
        assert not Path(f"/proc/{started.read_text()}").exists()


def test_a_second_server_beside_the_first_is_refused_and_the_first_goes_on(
    published_bot: Path,
) -> None:
    write_companion(published_bot, "{python}", "-c", "import time; time.sleep(60)")
    port = free_port()
    text = (published_bot / "bot.toml").read_text("utf-8").replace("port = 0", f"port = {port}")
    (published_bot / "bot.toml").write_text(text, encoding="utf-8")
    first = ServedBot(published_bot, port)
    first.start(within_seconds=PATIENCE_SECONDS)
    try:
        assert "Address already in use" in refusal(published_bot)
        with urlopen(f"{first.url}/readyz", timeout=5) as answer:
            assert json.load(answer)["ready"] is True
    finally:
        first.stop()


def test_an_interrupt_ends_the_server_in_good_order(published_bot: Path) -> None:
    port = free_port()
    write_companion(
        published_bot,
        *("{python}", "dialogs/order_service.py", "--port", str(port)),
        ready_url=f"http://127.0.0.1:{port}/healthz",
    )
    command = [sys.executable, "-m", "cs_bot", "serve", "--bot", str(published_bot)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=environment) as server:
        assert server.stdout is not None
        assert "cs_bot answers at" in server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=PATIENCE_SECONDS)
    assert "Traceback" not in err
    assert server.returncode == 0
    with pytest.raises(OSError, match="refused"):
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
