"""What all tests share: no network but loopback, and real servers for those who ask."""

import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from cs_bot.models.lane import Lane

# Before anything imports it: its assertions explain themselves like those of a test.
pytest.register_assert_rewrite("cs_bot.testing.store_contract")

from cs_bot.testing.served import copy_bot  # noqa: E402 - after the line above
from cs_bot.testing.servers import (  # noqa: E402 - likewise
    MissingProgram,
    postgres_server,
    redis_server,
)

# How long one example takes says how busy the machine is, not whether the code is right.
# `make soak` tries a hundred times as many; `make test` always the same ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=10_000)
settings.load_profile("soak" if os.environ.get("CS_BOT_SOAK") == "1" else "house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count every property-based test among the long runs."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("soak")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let no skip pass where everything must run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CS_BOT_REQUIRE_ALL") == "1" and skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def public_data() -> Path:
    """The folder of public data sets that `CS_BOT_DATA` names; too large and not ours to ship."""
    folder = os.environ.get("CS_BOT_DATA")
    if not folder:
        pytest.skip("CS_BOT_DATA is not set: the public data sets are not at hand")
    return Path(folder)


@pytest.fixture
def rasa_bots(public_data: Path) -> Path:
    """The example bots made for Rasa."""
    return public_data / "rasa-bots"


@pytest.fixture(scope="session")
def learnt_starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter bot, its knowledge published and read by both encoders; leave it be.

    Made once for all tests: reading the knowledge takes some ten seconds of a processor.
    """
    directory = tmp_path_factory.mktemp("learnt") / "bot"
    copy_bot(Path(__file__).parents[1], directory)
    command = [sys.executable, "-m", "cs_bot", "ask", "--bot", str(directory), "hi"]
    subprocess.run(command, check=True, capture_output=True)
    return directory


@pytest.fixture(scope="module")
def order_service() -> Iterator[str]:
    """The address of the starter's order service, running in a process of its own."""
    script = Path(__file__).parents[1] / "dialogs" / "order_service.py"
    command = [sys.executable, str(script), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        yield process.stderr.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine, naming where it wanted to go."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(real: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def open_connection(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
                pytest.fail(f"this test tried to connect to {address}")
            return real(self, address)

        return open_connection

    monkeypatch.setattr(socket.socket, "connect", checked(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", checked(connect_ex))


@pytest.fixture
def lane() -> Iterator[Lane]:
    """One thread for models."""
    lane = Lane("test")
    yield lane
    lane.close()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis that the tests of this run share."""
    yield from _server(redis_server())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL that the tests of this run share."""
    yield from _server(postgres_server())


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _server(starting: AbstractContextManager[str]) -> Iterator[str]:
    try:
        url = starting.__enter__()
    except MissingProgram as missing:
        if os.environ.get("CS_BOT_REQUIRE_ALL") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield url
    finally:
        starting.__exit__(None, None, None)
