"""`cs-bot test`: test stories, played."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

DOMAIN = """
version: "3.1"
intents: [greet, thank, order]
entities: [size]
responses:
  utter_hello: [{text: Hello!}]
  utter_welcome: [{text: You are welcome.}]
  utter_made: [{text: It is being made.}]
"""
DATA = """
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
    - hi there
- intent: thank
  examples: |
    - thank you
    - thanks a lot
    - many thanks
- intent: order
  examples: |
    - a [large](size) pizza please
    - I want a [small](size) pizza
    - one [large](size) pizza
- lookup: size
  examples: |
    - large
    - small
rules:
- rule: hello
  steps: [{intent: greet}, {action: utter_hello}]
stories:
- story: order
  steps:
  - {intent: order, entities: [size]}
  - action: utter_made
  - intent: thank
  - action: utter_welcome
"""
RIGHT = """
stories:
- story: a pizza
  steps:
  - {user: "hi there", intent: greet}
  - action: utter_hello
  - {user: "a [small](size) pizza please", intent: order}
  - action: utter_made
  - {user: "thanks", intent: thank}
  - action: utter_welcome
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    for file, text in (("domain.yml", DOMAIN), ("data/data.yml", DATA), ("bot.toml", "")):
        path = tmp_path / "bot" / ("" if file == "bot.toml" else "dialogs") / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "bot"


def write(bot: Path, text: str) -> Path:
    file = bot / "dialogs" / "tests" / "test_stories.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_stories_that_the_bot_follows_pass(run: Run, bot: Path) -> None:
    write(bot, RIGHT)
    ran = run("test", "--bot", bot)
    assert (ran.code, ran.out) == (0, "1 of 1 stories passed\n")


def test_what_the_bot_does_otherwise_is_named_with_its_place(run: Run, bot: Path) -> None:
    wrong = RIGHT.replace("utter_made", "utter_hello").replace("[small](size)", "small")
    file = write(bot, wrong.replace('"thanks", intent: thank', '"thanks", intent: greet'))
    ran = run("test", "--json", "--bot", bot)
    report = json.loads(ran.out)
    (story,) = report["failed"]

    assert (ran.code, report["stories"], report["passed"]) == (1, 1, 0)
    assert (story["story"], story["where"]) == ("a pizza", f"{file}:3")
    assert [(m["what"], m["told"], m["where"]) for m in story["mismatches"][:3]] == [
        ("entities", "none", f"{file}:7"),
        ("action", "utter_hello", f"{file}:8"),
        ("intent", "greet", f"{file}:9"),
    ]


def test_a_file_may_be_named(run: Run, bot: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(RIGHT, encoding="utf-8")
    assert run("test", file, "--bot", bot).code == 0


def test_no_story_is_bad_input(run: Run, bot: Path) -> None:
    ran = run("test", "--bot", bot)
    assert ran.code == 2
    assert "there is no test story" in ran.err
    assert run("test", bot / "none.yml", "--bot", bot).code == 2


@pytest.mark.parametrize("name", ["rasa3-initial-project", "formbot", "financial-demo"])
def test_rasas_own_test_stories_pass(run: Run, tmp_path: Path, rasa_bots: Path, name: str) -> None:
    (tmp_path / "dialogs").symlink_to(rasa_bots / name)
    (tmp_path / "bot.toml").touch()
    assert run("test", "--bot", tmp_path).code == 0
