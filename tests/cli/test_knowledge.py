"""`cs-bot knowledge`: pairs in and out, releases forth and back."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .conftest import Ran, Run

PARKING: Mapping[str, Any] = {
    "id": "shop-1",
    "question": "门店有停车位吗？",
    "similar": ["开车来停哪里"],
    "answer": "门店地下二层有免费停车位。",
}


def written(path: Path, *pairs: Mapping[str, Any]) -> Path:
    lines = (json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def releases(run: Run, bot: Path) -> list[str]:
    """Return the ids, newest first, the current one with a star."""
    rows = json.loads(run("knowledge", "releases", "--json", "--bot", bot).out)
    return [row["id"] + "*" * row["current"] for row in rows]


def parsed(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_an_imported_pair_answers_at_once(run: Run, bot: Path, tmp_path: Path) -> None:
    ran = run("knowledge", "import", written(tmp_path / "new.jsonl", PARKING), "--bot", bot)
    assert ran.code == 0
    assert ran.out == "1 added, 0 changed, 0 unchanged; release r2 with 63 pairs answers now\n"
    answer = parsed(run("ask", "门店有停车位吗", "--json", "--bot", bot))
    assert answer["reply"]["ref"] == "shop-1"
    assert answer["reply"]["text"] == PARKING["answer"]


def test_progress_is_shown_on_standard_error_alone(run: Run, bot: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "new.jsonl", PARKING)
    ran = run("knowledge", "import", file, "--json", "--bot", bot)
    answer = parsed(ran)
    assert (answer["added"], answer["changed"], answer["unchanged"]) == (1, 0, 0)
    assert answer["release"]["id"] == "r2"
    assert answer["release"]["note"] == "import of new.jsonl"
    assert "importing" in ran.err
    assert "indexing" in ran.err


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.csv"])
def test_what_is_exported_comes_back_unchanged(
    name: str, run: Run, bot: Path, tmp_path: Path
) -> None:
    file = tmp_path / name
    assert parsed(run("knowledge", "export", file, "--json", "--bot", bot)) == {
        "pairs": 62,
        "file": str(file),
    }
    answer = parsed(run("knowledge", "import", file, "--json", "--bot", bot))
    assert answer == {"added": 0, "changed": 0, "unchanged": 62, "release": None}
    assert releases(run, bot) == ["r1*"]


def test_drafts_wait_until_they_are_published(run: Run, bot: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "new.jsonl", PARKING)
    ran = run("knowledge", "import", file, "--draft", "--bot", bot)
    assert ran.out == (
        "1 added, 0 changed, 0 unchanged; "
        "nothing published; waiting for `cs-bot knowledge publish`: 1\n"
    )
    assert releases(run, bot) == ["r1*"]
    diff = parsed(run("knowledge", "diff", "--json", "--bot", bot))
    assert diff == {"added": {"shop-1": PARKING["question"]}, "changed": {}, "removed": {}}
    assert run("knowledge", "diff", "--bot", bot).out.split() == [
        "added",
        "shop-1",
        PARKING["question"],
    ]
    release = parsed(run("knowledge", "publish", "--note", "停车", "--json", "--bot", bot))
    assert (release["id"], release["pairs"], release["note"]) == ("r2", 63, "停车")
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"


def test_an_import_of_what_is_published_takes_drafts_back(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    file = tmp_path / "published.jsonl"
    run("knowledge", "export", file, "--bot", bot)
    (first, *others) = map(json.loads, file.read_text("utf-8").splitlines())
    edited = written(tmp_path / "edited.jsonl", {**first, "answer": "改过的回答。"}, *others)
    run("knowledge", "import", edited, "--draft", "--bot", bot)
    ran = run("knowledge", "import", file, "--bot", bot)
    assert (ran.code, ran.out) == (0, "0 added, 1 changed, 61 unchanged; nothing published\n")
    assert releases(run, bot) == ["r1*"]


def test_an_earlier_release_answers_again(run: Run, bot: Path, tmp_path: Path) -> None:
    run("knowledge", "import", written(tmp_path / "new.jsonl", PARKING), "--bot", bot)
    ran = run("knowledge", "rollback", "r1", "--bot", bot)
    assert (ran.code, ran.out) == (0, "release r1 with 62 pairs answers now\n")
    assert releases(run, bot) == ["r2", "r1*"]
    assert parsed(run("ask", "门店有停车位吗", "--json", "--bot", bot))["reply"]["ref"] != "shop-1"
    assert parsed(run("knowledge", "rollback", "r2", "--json", "--bot", bot))["current"] is True


def test_releases_are_listed_for_people_too(run: Run, shared_bot: Path) -> None:
    (line,) = run("knowledge", "releases", "--bot", shared_bot).out.splitlines()
    assert line.startswith("* r1 ")
    assert line.endswith("62 pairs  pairs.jsonl")


@pytest.mark.parametrize("release", ["r9", "9", "newest"])
def test_a_release_that_is_not_there_is_refused(release: str, run: Run, shared_bot: Path) -> None:
    ran = run("knowledge", "rollback", release, "--bot", shared_bot)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"cs-bot: no release '{release}'; see `cs-bot knowledge releases`\n"


def test_nothing_to_publish_is_said_and_makes_no_release(run: Run, bot: Path) -> None:
    ran = run("knowledge", "publish", "--bot", bot)
    assert (ran.code, ran.out) == (1, "")
    assert "cs-bot: nothing to publish: the drafts equal the current release" in ran.err
    assert releases(run, bot) == ["r1*"]


def test_an_import_the_console_would_not_publish_stores_nothing(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "new.jsonl", PARKING, {**PARKING, "id": "shop-2"})
    ran = run("knowledge", "import", file, "--bot", bot)
    assert (ran.code, ran.out) == (2, "")
    head, first, *_ = ran.err.splitlines()
    assert head == (
        f"cs-bot: {file}: 4 problems to put right before publishing; "
        "nothing was imported; correct the file, or import it with --draft"
    )
    assert first.startswith(
        "  shop-1, question: '门店有停车位吗？' equals '门店有停车位吗？' of shop-2"
    )
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"
    assert releases(run, bot) == ["r1*"]


def test_an_import_that_equals_a_published_question_names_both_pairs(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "new.jsonl", {**PARKING, "question": "如何申请退货"})
    ran = run("knowledge", "import", file, "--bot", bot)
    assert ran.code == 2
    assert "ec-016, question: " in ran.err
    assert "shop-1, question: " in ran.err


def test_drafts_the_console_would_not_publish_are_not_published(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "new.jsonl", PARKING, {**PARKING, "id": "shop-2"})
    assert run("knowledge", "import", file, "--draft", "--bot", bot).code == 0
    ran = run("knowledge", "publish", "--bot", bot)
    assert ran.code == 2
    assert ran.err.startswith("cs-bot: the drafts: 4 problems to put right before publishing")
    assert releases(run, bot) == ["r1*"]


def test_an_encoder_that_is_not_there_is_said_before_anything_is_imported(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    with (bot / "bot.toml").open("a", encoding="utf-8") as settings:
        settings.write('[models]\nencoder = "usee"\n')
    file = written(tmp_path / "new.jsonl", PARKING)
    ran = run("knowledge", "import", file, "--bot", bot)
    assert ran.code == 2
    assert "unknown encoder 'usee'; did you mean 'use'?" in ran.err
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"


def test_a_long_list_may_be_cut_off_by_its_reader(bot: Path, tmp_path: Path) -> None:
    pairs = ({**PARKING, "id": f"p{number}"} for number in range(2_000))
    file = written(tmp_path / "new.jsonl", *pairs)
    knowledge = [sys.executable, "-m", "cs_bot", "knowledge"]
    subprocess.run(
        [*knowledge, "import", file, "--draft", "--bot", bot], check=True, capture_output=True
    )
    with subprocess.Popen(
        [*knowledge, "diff", "--bot", str(bot)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as diff:
        assert diff.stdout is not None
        assert diff.stderr is not None
        assert diff.stdout.readline().startswith("added ")
        diff.stdout.close()
        assert diff.stderr.read() == ""
    assert diff.returncode == 1


def test_an_interrupt_while_it_encodes_leaves_nothing_half_done(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    pairs = (
        {**PARKING, "id": f"p{n}", "question": f"{n} 号柜台在哪里？", "similar": []}
        for n in range(2_000)
    )
    file = written(tmp_path / "new.jsonl", *pairs)
    command = [sys.executable, "-m", "cs_bot", "knowledge", "import", str(file)]
    terminal, theirs = pty.openpty()  # only at a terminal is the bar drawn as it goes
    process = subprocess.Popen([*command, "--bot", str(bot)], stdout=-1, stderr=theirs)
    shown = b""
    while b"indexing" not in shown:
        shown += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    os.close(terminal)
    os.close(theirs)
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"
