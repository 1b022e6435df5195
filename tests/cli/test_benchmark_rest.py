"""`cs-bot benchmark --rest` on a small Rasa project, beside another server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cs_bot.cli import main, rest_speed
from cs_bot.testing.http_server import says, scripted_http_server

DOMAIN = """
version: "3.1"
intents: [greet, bye]
responses:
  utter_greet: [{text: Hey!}]
  utter_bye: [{text: See you.}]
"""
NLU = """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - hi there
      - good morning
  - intent: bye
    examples: |
      - bye
      - see you later
      - good night
"""
RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: bye
    steps: [{intent: bye}, {action: utter_bye}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Rasa project, and enough of the public sets for one round of 30 messages."""
    monkeypatch.setattr(rest_speed, "_ROUNDS", 1)
    monkeypatch.setattr(rest_speed, "_PER_ROUND", 30)
    monkeypatch.setattr(rest_speed, "_WARM_UP", 5)
    for name in ("en-faq-clinc150", "en-faq-banking77"):
        rows = [json.dumps({"query": f"{name} {number}"}) for number in range(20)]
        (tmp_path / "sets" / name).mkdir(parents=True)
        (tmp_path / "sets" / name / "queries.jsonl").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setenv("CS_BOT_DATA", str(tmp_path / "sets"))
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (project / "data" / "nlu.yml").write_text(NLU, encoding="utf-8")
    (project / "data" / "rules.yml").write_text(RULES, encoding="utf-8")
    return project


def test_both_servers_get_the_same_messages(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted_http_server(says([{"text": "hi"}])) as peer:
        ran = ["benchmark", "--rest", "--beside", peer.url, "--bot", str(project), "--json"]
        assert main(ran) == 0
    figures = json.loads(capsys.readouterr().out)
    told = [asked.json["message"] for asked in peer.requests]
    assert len(told) == 5 + 30 + 30
    assert len(set(told[35:])) == 30
    assert set(told[5:35]) == set(rest_speed._REPEATS)
    assert 0 < figures["ready_seconds"] < 60
    assert 50 < figures["megabytes"] < 1000
    ratio = figures["repeated_per_second"] / figures["peer_repeated_per_second"]
    assert figures["repeated_by_peer"] == pytest.approx(ratio, abs=0.006)
    assert not (project / "var").exists()


def test_a_server_that_is_not_there_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = ["benchmark", "--rest", "--beside", "http://127.0.0.1:9", "--bot", str(project)]
    assert main(ran) == 2
    assert "http://127.0.0.1:9: " in capsys.readouterr().err


def test_without_the_sets_it_says_where_they_are_looked_for(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CS_BOT_DATA")
    assert main(["benchmark", "--rest", "--bot", str(project)]) == 2
    assert "CS_BOT_DATA: the distinct messages come from public data" in capsys.readouterr().err
