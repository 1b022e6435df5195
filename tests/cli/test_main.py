"""The command line as a whole: help, what it refuses, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cs_bot import __version__
from cs_bot.cli import COMMANDS

from .conftest import Run

HEAVY = ["torch", "transformers", "sklearn", "faiss", "rasa_sdk", "numpy", "sqlalchemy", "fastapi"]
VERBS = ["import", "export", "publish", "rollback", "releases", "diff"]


@pytest.mark.parametrize("command", [*COMMANDS, *(f"knowledge {verb}" for verb in VERBS)])
def test_every_command_has_help_that_says_what_it_does(command: str, run: Run) -> None:
    ran = run(*command.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: cs-bot {command} ")
    about = ran.out.split("\n\n")[1]
    assert about.endswith(".")
    assert len(about.split()) >= 3


def test_the_help_of_a_command_loads_nothing_heavy() -> None:
    code = f"""
import sys
from cs_bot.cli import COMMANDS, main
for command in COMMANDS:
    try:
        main([command, "--help"])
    except SystemExit:
        pass
print("loaded:", *(name for name in {HEAVY!r} if name in sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "loaded:"


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"cs-bot {__version__}\n"


def test_without_a_command_the_commands_are_listed(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert all(f"  {command}" in ran.out for command in COMMANDS)


def test_an_unknown_command_is_refused_with_those_there_are(run: Run) -> None:
    ran = run("asks", "hi")
    assert ran.code == 2
    assert "invalid choice: 'asks'" in ran.err
    assert "'ask'" in ran.err


@pytest.mark.parametrize(
    ("words", "usage", "unknown"),
    [
        ("ask hi there", "usage: cs-bot ask ", "there"),
        ("evaluate kbqa --querys x", "usage: cs-bot evaluate kbqa ", "--querys x"),
        ("knowledge publish now", "usage: cs-bot knowledge publish ", "now"),
        ("ask hi --js", "usage: cs-bot ask ", "--js"),
    ],
)
def test_an_unknown_argument_is_refused_with_the_usage_of_its_command(
    words: str, usage: str, unknown: str, run: Run
) -> None:
    ran = run(*words.split())
    assert ran.code == 2
    assert ran.err.startswith(usage)
    assert ran.err.endswith(f"unrecognized arguments: {unknown}\n")


def test_a_directory_without_a_bot_is_refused_with_how_to_make_one(
    tmp_path: Path, run: Run
) -> None:
    ran = run("ask", "hi", "--bot", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err == f"cs-bot: {tmp_path}: there is no bot.toml; make a bot with: cs-bot init DIR\n"
    )


def test_a_reader_that_leaves_early_is_no_error_to_speak_of(shared_bot: Path) -> None:
    """What `cs-bot ... | head -1` does, made certain: nobody reads at all."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cs_bot", "knowledge", "releases", "--bot", str(shared_bot)]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (1, b"")
