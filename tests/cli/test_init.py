"""`cs-bot init`: a whole bot, or nothing."""

import json
from pathlib import Path

import pytest

from cs_bot.starter import copy_starter

from .conftest import Run


def test_a_new_bot_has_its_files_and_a_first_release(tmp_path: Path, run: Run) -> None:
    ran = run("init", tmp_path / "bot")
    pairs = len((tmp_path / "bot/knowledge/pairs.jsonl").read_text("utf-8").splitlines())
    assert ran.code == 0
    assert f"{tmp_path / 'bot'} holds a bot with {pairs} published pairs." in ran.out
    (release,) = json.loads(run("knowledge", "releases", "--json", "--bot", tmp_path / "bot").out)
    assert (release["id"], release["pairs"], release["current"]) == ("r1", pairs, True)


def test_a_bot_that_is_there_is_left_alone(tmp_path: Path, run: Run) -> None:
    (tmp_path / "bot.toml").write_text("# mine")
    ran = run("init", tmp_path)
    assert ran.code == 2
    assert (
        ran.err == f"cs-bot: {tmp_path}: there is a bot here already; choose an empty directory\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["bot.toml"]
    assert (tmp_path / "bot.toml").read_text() == "# mine"


@pytest.mark.parametrize("target", ["file", "file/bot"])
def test_a_place_that_cannot_be_written_is_named(target: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    ran = run("init", tmp_path / target)
    assert ran.code == 2
    assert ran.err.startswith(f"cs-bot: {tmp_path / target}: the starter bot cannot be copied: ")
    assert ran.err.endswith("; choose a directory you may write to\n")


def test_a_copy_that_fails_half_way_leaves_nothing(tmp_path: Path, run: Run) -> None:
    # A link to nowhere is in the way of the last part; the check for a bot does not see it.
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/dialogs").symlink_to(tmp_path / "nowhere" / "at" / "all")
    ran = run("init", tmp_path / "bot")
    assert ran.code == 2
    assert "the starter bot cannot be copied" in ran.err
    assert not (tmp_path / "bot/bot.toml").exists()
    assert not (tmp_path / "bot/knowledge").exists()


def test_the_database_stays_out_of_version_control(tmp_path: Path) -> None:
    copy_starter(tmp_path / "bot")
    assert (tmp_path / "bot" / ".gitignore").read_text(encoding="utf-8") == "var/\n"


def test_a_gitignore_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.log\n", encoding="utf-8")
    copy_starter(tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*.log\n"
