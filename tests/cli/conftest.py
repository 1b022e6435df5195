"""Bot directories to run commands on, and commands run in this process or in one of their own."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.cli import main
from cs_bot.testing.ports import free_port

ORDERS_URL = "CS_BOT_ORDERS_URL"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, as its entry point does."""

    def ran(*words: str | Path) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:  # argparse's own way out
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture(scope="session")
def published(learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter bot with its knowledge published and indexed, on ports of its own; leave it be."""
    directory = _copied(learnt_starter, tmp_path_factory.mktemp("published") / "bot")
    settings = directory / "bot.toml"
    text = settings.read_text(encoding="utf-8").replace("port = 8000", f"port = {free_port()}")
    settings.write_text(text.replace("8001", str(free_port())), encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def shared_bot(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bot that the tests of one module share: they may talk to it, not change it."""
    return _copied(published, tmp_path_factory.mktemp("shared") / "bot")


@pytest.fixture
def bot(published: Path, tmp_path: Path) -> Path:
    """A bot of one's own."""
    return _copied(published, tmp_path / "bot")


@pytest.fixture
def orders_port(bot: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port on which the bot's order service is expected."""
    port = free_port()
    settings = bot / "bot.toml"
    lines = settings.read_text(encoding="utf-8").partition("[companions.orders]")[0]
    settings.write_text(
        f"{lines}[companions.orders]\n"
        f'command = ["{{python}}", "dialogs/order_service.py", "--port", "{port}"]\n'
        f'ready_url = "http://127.0.0.1:{port}/healthz"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv(ORDERS_URL, f"http://127.0.0.1:{port}")
    return port


def _copied(bot: Path, directory: Path) -> Path:
    # The database was closed, so that its file alone is all of it.
    assert not (bot / "var" / "cs_bot.db-wal").exists()
    shutil.copytree(bot, directory)
    return directory
