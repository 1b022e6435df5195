"""Bots to spoil, and commands that must say in one sentence what is wrong with them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.cli import main
from cs_bot.testing.served import copy_bot

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Refused = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, as its entry point does."""

    def ran(*words: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def refused(run: Run) -> Refused:
    """Run a command that must refuse its input, and return the one sentence it says."""

    def sentence(*words: str | Path) -> str:
        ran = run(*words)
        lines = ran.err.strip().splitlines()
        assert (ran.code, ran.out) == (2, "")
        assert [line.startswith("cs-bot: ") for line in lines] == [True], ran.err
        return lines[0].removeprefix("cs-bot: ")

    return sentence


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A copy of the starter bot without a database, for what fails before one is needed."""
    copy_bot(ROOT, tmp_path / "bot")
    return tmp_path / "bot"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter bot whose knowledge is published and indexed; leave it be."""
    directory = tmp_path_factory.mktemp("published") / "bot"
    for words in (["init", str(directory)], ["ask", "--bot", str(directory), "hi"]):
        command = [sys.executable, "-m", "cs_bot", *words]
        subprocess.run(command, check=True, capture_output=True)
    return directory


@pytest.fixture
def published_bot(published: Path, tmp_path: Path) -> Path:
    """A bot of one's own, its knowledge published."""
    shutil.copytree(published, tmp_path / "published")
    return tmp_path / "published"
