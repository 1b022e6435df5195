"""`cs-bot doctor` and `cs-bot migrate`: how a bot is, and its database brought up to date."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cs_bot.testing.http_server import says, scripted_http_server

from .conftest import Run


def test_a_healthy_bot_has_nothing_wrong(run: Run, shared_bot: Path) -> None:
    ran = run("doctor", "--json", "--bot", shared_bot)
    findings = {finding["part"]: finding for finding in json.loads(ran.out)}
    assert ran.code == 0
    assert {"machine", "knowledge", "tasks", "store", "release", "llm"} <= findings.keys()
    assert findings["release"]["what"] == "r1 answers"
    assert findings["model"]["what"] == "m1 answers"
    assert findings["drafts"]["what"] == "changes to publish: 0"
    assert all(finding["state"] != "wrong" for finding in findings.values())


def test_all_that_is_wrong_is_named_at_once(run: Run, bot: Path) -> None:
    with (bot / "knowledge/pairs.jsonl").open("a", encoding="utf-8") as pairs:
        pairs.write("{\n")
    (bot / "dialogs/domain.yml").write_text("intents: [\n", encoding="utf-8")
    ran = run("doctor", "--bot", bot)
    assert ran.code == 2
    wrong = [line for line in ran.out.splitlines() if line.startswith("wrong")]
    assert "pairs.jsonl:63: not valid JSON" in wrong[0]
    assert "domain.yml:2" in wrong[1]


def test_a_rasa_project_is_a_bot_and_each_remark_says_where_and_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "domain.yml").write_text(
        "intents: [greet]\nresponses:\n  utter_hi:\n  - text: Hi\n"
    )
    (tmp_path / "config.yml").write_text("pipeline:\n- name: DIETClassifier\n- name: own.Guess\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hi\n")

    ran = run("doctor", "--json", "--bot", tmp_path)

    told = [finding for finding in json.loads(ran.out) if finding["where"]]
    assert ran.code == 0
    assert [(f["state"], f["where"].removeprefix(tmp_path.name)) for f in told] == [
        ("ok", "/config.yml:2"),
        ("note", "/config.yml:3"),
        ("note", "/domain.yml:1"),
        ("note", "/domain.yml:3"),
    ]
    assert all(f["effect"] and (f["remedy"] or f["state"] == "ok") for f in told)
    line = f"{told[1]['where']}: {told[1]['what']}; {told[1]['effect']}; {told[1]['remedy']}"
    assert f"note   tasks      {line}" in run("doctor", "--bot", tmp_path).out.splitlines()


@pytest.mark.parametrize(
    ("listed", "state", "what"),
    [
        ([{"name": "action_far"}], "ok", "has what is needed"),
        ([], "note", "lacks what the domain declares: action_far"),
        ({}, "note", "lists no actions"),
    ],
)
def test_an_action_server_is_asked_what_it_has(
    run: Run, tmp_path: Path, listed: object, state: str, what: str
) -> None:
    (tmp_path / "domain.yml").write_text("actions: [action_far]\n")
    with scripted_http_server(says(listed)) as server:
        (tmp_path / "endpoints.yml").write_text(f"action_endpoint: {{url: '{server.url}'}}\n")
        ran = run("doctor", "--json", "--bot", tmp_path)

    (finding,) = (f for f in json.loads(ran.out) if f["part"] == "actions")
    host = server.url.removeprefix("http://")
    assert (finding["state"], finding["what"]) == (state, f"the action server {host} {what}")


def test_drafts_that_cannot_be_published_are_named(run: Run, bot: Path, tmp_path: Path) -> None:
    pair = '{"id": "shop-1", "question": "如何申请退货", "answer": "点申请售后。"}\n'
    (tmp_path / "new.jsonl").write_text(pair, encoding="utf-8")
    run("knowledge", "import", tmp_path / "new.jsonl", "--draft", "--bot", bot)
    ran = run("doctor", "--bot", bot)
    assert ran.code == 2
    wrong = "wrong  drafts     cannot be published, see the console: ec-016, shop-1"
    assert wrong in ran.out.splitlines()


def test_migrating_makes_the_tables_and_does_no_harm_twice(run: Run, bot: Path) -> None:
    (bot / "var/cs_bot.db").unlink()
    for _ in range(2):
        ran = run("migrate", "--bot", bot)
        assert (ran.code, ran.out, ran.err) == (0, "The database is up to date.\n", "")
    with closing(sqlite3.connect(bot / "var/cs_bot.db")) as database:
        assert database.execute("SELECT count(*) FROM releases").fetchone() == (0,)
