"""`cs-bot benchmark --nlu` on sets small enough for a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cs_bot.cli import main

WORDS = {"refund": "give me back my money for", "status": "tell me where i can see", "bye": "bye"}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    things = ("the book", "the lamp", "a chair", "this table", "my phone", "that box")
    texts = [(f"{words} {thing}", name) for name, words in WORDS.items() for thing in things]
    for name in ("en-faq-banking77", "en-faq-clinc150"):
        faq = [{"id": name, "question": words, "similar": []} for name, words in WORDS.items()]
        queries = [{"query": text, "faq_id": intent} for text, intent in texts]
        write(tmp_path / name / "faq.jsonl", faq)
        write(tmp_path / name / "queries.jsonl", queries)
        outside = ("what is the capital of france", "sing a song about rain")
        write(tmp_path / name / "oos.jsonl", [{"query": text, "faq_id": None} for text in outside])
    marked = [
        {
            "text": text,
            "intent": intent,
            "slots": [
                {"slot": "thing", "value": text[-5:], "start": len(text) - 5, "end": len(text)}
            ],
        }
        for text, intent in texts
    ]
    write(tmp_path / "en-nlu-hwu64" / "train.jsonl", marked)
    write(tmp_path / "en-nlu-snips" / "train.jsonl", marked)
    acts = [
        {"text": text, "intents": [intent], "slots": [], "acts": [["Request", intent, "it", ""]]}
        for text, intent in texts
    ]
    write(tmp_path / "crosswoz" / "nlu.jsonl", acts)
    monkeypatch.setenv("CS_BOT_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("shared")
def test_every_set_is_held_out_and_scored_beside_what_is_plainer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["benchmark", "--nlu", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)

    banking = figures["en-faq-banking77"]
    assert banking.keys() == {"cs_bot", "tfidf", "encoder"}
    assert banking["cs_bot"]["intent_accuracy"] > 0.7
    assert banking["cs_bot"]["oos"] == 2
    assert figures["en-nlu-snips"]["cs_bot"]["messages"] < 18
    assert "slot_f1" in figures["en-nlu-snips"]["cs_bot"]
    assert "act_f1" in figures["crosswoz"]["cs_bot"]

    assert main(["benchmark", "--nlu"]) == 0
    shown = capsys.readouterr().out
    assert "en-faq-clinc150" in shown
    assert "0.97" in shown


def test_without_the_sets_it_says_where_they_are_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CS_BOT_DATA", raising=False)
    assert main(["benchmark", "--nlu"]) == 2
    assert "CS_BOT_DATA: the public data sets are not at hand; set it" in capsys.readouterr().err
