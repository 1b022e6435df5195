"""`cs-bot train` and `cs-bot models` on a small Rasa project."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cs_bot.cli import main

FILES = """
intents: [order_status, refund]
responses:
  utter_order: [{text: On its way.}]
  utter_refund: [{text: Paid back.}]
rules:
- rule: order
  steps: [{intent: order_status}, {action: utter_order}]
- rule: refund
  steps: [{intent: refund}, {action: utter_refund}]
nlu:
- intent: order_status
  examples: |
    - where is my order
    - has my parcel been sent
    - when does it arrive
    - i want to track my package
    - is my delivery on its way
- intent: refund
  examples: |
    - i want my money back
    - pay me back please
    - how do i get a refund
    - return the amount to my card
    - can i have my payment back
"""
MISLABELLED = FILES.replace(
    "examples: |\n    - i want my money back",
    "examples: |\n    - where is the parcel\n    - track it for me\n    - i want my money back",
)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    directory = tmp_path / "bot"
    (directory / "dialogs").mkdir(parents=True)
    (directory / "knowledge").mkdir()
    (directory / "bot.toml").write_text('[models]\nsecond_encoder = ""\n')
    (directory / "dialogs" / "domain.yml").write_text(FILES)
    return directory


@pytest.fixture
def ran(bot: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command on the bot; returns its output, JSON as values."""

    def run(*words: str) -> Any:
        capsys.readouterr()
        assert main([*words, "--bot", str(bot)]) == 0
        said = capsys.readouterr().out
        return json.loads(said) if "--json" in words else said

    return run


def test_versions_are_listed_compared_rolled_back_and_removed(bot: Path, ran: Any) -> None:
    assert ran("models", "list") == "No model is stored: `cs-bot train` makes the first.\n"
    first = ran("train", "--only", "nlu", "--json")["model"]
    assert (first["id"], first["active"], first["trained_by"]) == ("m1", True, "cs-bot train")
    assert first["scores"]["examples"] == 10

    (bot / "dialogs" / "domain.yml").write_text(MISLABELLED)
    said = ran("train", "--only", "nlu", "--force")
    assert "model m2: intent accuracy " in said
    assert "model m2 answers now, instead of m1" in said
    listed = ran("models", "list").splitlines()
    assert [line[:4] for line in listed] == ["* m2", "  m1"]
    assert "(12 held out)" in listed[0]

    compared = ran("models", "compare", "m1", "m2", "--json")
    assert compared["asked"] == 12
    assert {"text": "where is the parcel", "before": "order_status", "after": "refund"} in (
        compared["changes"]
    )
    assert [score["cases"] for score in compared["scores"]] == [10]
    assert "  where is the parcel: order_status -> refund\n" in ran("models", "compare", "m1", "m2")

    assert ran("models", "rollback", "m1") == (
        "model m1 answers now, until the project's files change or `cs-bot train`\n"
    )
    findings = {one["part"]: one for one in ran("doctor", "--json")}
    assert findings["model"]["what"] == "m1 is held by a roll-back"
    assert ran("models", "prune", "--keep", "1") == "0 versions removed\n"
    assert ran("ask", "where is the parcel", "--json")["model"] == {
        "id": "m1",
        "digest": first["digest"],
    }


def test_a_model_that_does_not_fit_the_files_is_refused(
    bot: Path, ran: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ran("train", "--only", "nlu")
    (bot / "dialogs" / "domain.yml").write_text(FILES.replace("refund", "give_back"))
    assert main(["models", "rollback", "m1", "--bot", str(bot)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "cs-bot: model m1 cannot answer for this project: it knows the intent 'refund', which the "
        "project's files lack; put the files back that it was trained on, or choose "
        "another version"
    )
    with closing(sqlite3.connect(bot / "var" / "cs_bot.db")) as connection, connection:
        connection.execute("UPDATE models SET weights = x'00'")
    assert main(["models", "compare", "m1", "m1", "--bot", str(bot)]) == 2
    assert capsys.readouterr().err == (
        "cs-bot: model m1: its weights are damaged, or of another release of cs_bot; "
        "choose another version\n"
    )


@pytest.mark.parametrize("words", [("rollback", "m1"), ("compare", "m1", "m2"), ("rollback", "r1")])
def test_an_unknown_version_is_refused(
    bot: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(["models", *words, "--bot", str(bot)]) == 2
    said = f"cs-bot: no model {words[1]!r}; see `cs-bot models list`\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_at_least_one_version_stays(
    bot: Path, capsys: pytest.CaptureFixture[str], count: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["models", "prune", f"--keep={count}", "--bot", str(bot)])
    assert ended.value.code == 2
    assert f"{count!r} is no number from 1" in capsys.readouterr().err
