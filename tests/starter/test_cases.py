"""The starter's own test cases, as `cs-bot test` plays them with the order service."""

from __future__ import annotations

from pathlib import Path

import pytest

from cs_bot.cli import main
from cs_bot.testing.served import copy_bot

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bot(learnt_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter, which does not start the order service itself."""
    directory = tmp_path_factory.mktemp("bot")
    copy_bot(ROOT, directory, learnt=learnt_starter)
    settings = directory / "bot.toml"
    text = settings.read_text(encoding="utf-8").partition("[companions.")[0]
    settings.write_text(text, encoding="utf-8")
    return directory


def test_they_pass(
    bot: Path,
    order_service: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CS_BOT_ORDERS_URL", order_service)
    code = main(["test", "--bot", str(bot)])
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.endswith(" test cases passed\n")


def test_they_fail_without_the_order_service(
    bot: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CS_BOT_ORDERS_URL", "http://127.0.0.1:9")
    file = bot / "dialogs" / "tests" / "order_status.yml"
    one = f"{file}::a number that comes with the question is not asked for"
    assert main(["test", one, "--bot", str(bot)]) == 1
    assert "(utter_task_failed)" in capsys.readouterr().out
