"""docs/cli.md against the parsers: every command, verb, option and argument."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import cs_bot
from cs_bot.cli import COMMANDS
from cs_bot.retrieval.scoring import score

PAGE = (Path(cs_bot.__file__).parents[1] / "docs" / "cli.md").read_text()


def parser_of(command: str) -> argparse.ArgumentParser:
    """Return the parser of one command."""
    parser = argparse.ArgumentParser(command)
    import_module(f"cs_bot.cli.{command}").add_arguments(parser)
    return parser


def words_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield all that can be typed: options, verbs, and the names of arguments."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, inner in action.choices.items():
                yield verb
                yield from words_of(inner)
        elif action.option_strings:
            yield from action.option_strings
        else:
            yield str(action.metavar)


def section_of(command: str) -> str:
    """Return what the page says of one command."""
    return PAGE.split(f"\n## cs-bot {command}\n", 1)[1].split("\n## ", 1)[0]


def test_every_command_has_its_section() -> None:
    assert re.findall(r"^## cs-bot (\w+)$", PAGE, re.M) == list(COMMANDS)


def test_every_score_of_an_evaluation_is_documented() -> None:
    keys = (*score([]), "baseline", "contract", "cut", "list_cut", "labelled", "needed", "curve")
    section = section_of("evaluate")
    assert [key for key in keys if f"`{key}`" not in section] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_word_of_a_command_is_documented(command: str) -> None:
    section = section_of(command)
    general = {"-h", "--help"}
    lacking = [
        word
        for word in words_of(parser_of(command))
        if word not in general and not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", section)
    ]
    assert lacking == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_option_is_documented_that_is_not_there(command: str) -> None:
    told = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", section_of(command)))
    assert told - set(words_of(parser_of(command))) == set()


def test_what_every_command_has_is_told_once() -> None:
    assert all(f"`{word}`" in PAGE for word in ("--help", "-h", "--json", "--bot DIR"))
    assert "`cs-bot --version`" in PAGE


def test_every_environment_variable_is_documented() -> None:
    root = Path(cs_bot.__file__).parents[1]
    sources = [*root.glob("cs_bot/**/*.py"), *root.glob("dialogs/**/*.py")]
    read = {
        name for path in sources for name in re.findall(r'"(CS_BOT_[A-Z_]+)"', path.read_text())
    }
    assert [name for name in sorted(read) if f"| `{name}` |" not in PAGE] == []
