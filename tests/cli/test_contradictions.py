"""Rules and stories that contradict each other, told before training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

TASKS = """
intents: [hi, bye]
responses: {utter_hi: [{text: Hi}], utter_hello: [{text: Hello}], utter_bye: [{text: Bye}]}
nlu:
- {intent: hi, examples: "- hi there"}
- {intent: bye, examples: "- bye bye"}
rules:
- rule: greet
  steps: [{intent: hi}, {action: utter_hi}]
stories:
- story: polite
  steps: [{intent: bye}, {action: utter_bye}, {intent: hi}, {action: utter_hello}]
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / "dialogs").mkdir()
    (tmp_path / "dialogs" / "domain.yml").write_text(TASKS, encoding="utf-8")
    (tmp_path / "bot.toml").touch()
    return tmp_path


def test_training_is_refused_with_both_places(run: Run, bot: Path) -> None:
    ran = run("train", "--bot", bot)
    assert ran.code == 2
    assert "dialogs/domain.yml:11: the story 'polite' goes on with 'utter_hello'" in ran.err
    assert "the rule 'greet' (dialogs/domain.yml:8) goes on with 'utter_hi'" in ran.err
    assert not (bot / "var").exists()


def test_doctor_names_them(run: Run, bot: Path) -> None:
    findings = json.loads(run("doctor", "--json", "--bot", bot).out)
    told = [one for one in findings if "goes on with" in one["what"]]
    assert [one["where"] for one in told] == ["dialogs/domain.yml:11"]
    assert told[0]["remedy"]
