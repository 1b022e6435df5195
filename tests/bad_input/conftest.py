"""Bots to spoil, and commands that must say in one sentence what is wrong with them."""

import shutil
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


@pytest.fixture
def unpublished_bot(learnt_starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter bot without a database, whose first start is a short one."""
    copy_bot(ROOT, tmp_path / "bot", learnt=learnt_starter)
    return tmp_path / "bot"


@pytest.fixture
def published_bot(learnt_starter: Path, tmp_path: Path) -> Path:
    """A bot of one's own, its knowledge published."""
    shutil.copytree(learnt_starter, tmp_path / "published")
    return tmp_path / "published"
