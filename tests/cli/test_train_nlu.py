"""`cs-bot train --only nlu` on the starter bot."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cs_bot.cli import main


def stored(bot: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(bot / "var" / "cs_bot.db")) as connection:
        return connection.execute("SELECT number, trained_by FROM models").fetchall()


def test_the_model_is_trained_and_kept_in_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = tmp_path / "bot"
    assert main(["init", str(bot)]) == 0
    capsys.readouterr()

    assert main(["train", "--only", "nlu", "--bot", str(bot), "--json"]) == 0
    trained = json.loads(capsys.readouterr().out)

    assert trained["examples"] > trained["intents"] > 0
    assert stored(bot) == [(1, "cs-bot train")]
    assert main(["train", "--only", "nlu", "--bot", str(bot)]) == 0
    assert f"release {trained['release']}: {trained['intents']} intents" in capsys.readouterr().out
    assert stored(bot) == [(1, "cs-bot train")]


def test_another_part_cannot_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--only", "everything"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
