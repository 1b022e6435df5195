"""`cs-bot train --only nlu` on the starter bot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cs_bot.cli import main


def test_the_model_is_trained_and_kept_beside_its_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot = tmp_path / "bot"
    assert main(["init", str(bot)]) == 0
    capsys.readouterr()

    assert main(["train", "--only", "nlu", "--bot", str(bot), "--json"]) == 0
    trained = json.loads(capsys.readouterr().out)

    assert trained["examples"] > trained["intents"] > 0
    models = list((bot / "var").rglob("intents.npz"))
    assert len(models) == 1
    made = models[0].stat().st_mtime_ns
    assert main(["train", "--only", "nlu", "--bot", str(bot)]) == 0
    assert f"release {trained['release']}: {trained['intents']} intents" in capsys.readouterr().out
    assert models[0].stat().st_mtime_ns == made


def test_another_part_cannot_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--only", "everything"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
