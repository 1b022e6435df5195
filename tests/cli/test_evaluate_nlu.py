"""`cs-bot evaluate nlu` on a few messages: what it writes, what it prints, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cs_bot.cli import main

RASA = """\
version: "3.1"
nlu:
  - intent: order_status
    examples: |
      - where is my order [20240001](order_id)
      - track parcel [20240002](order_id)
      - when does order [20240003](order_id) arrive
      - where is parcel [20240004](order_id)
  - intent: refund
    examples: |
      - i want my money back
      - give me a refund please
      - refund this purchase
      - i would like my money back for this
"""


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def evaluated(
    folder: Path, capsys: pytest.CaptureFixture[str], train: Path, test: Path
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    made = folder / "predictions.jsonl"
    files = ["--train", str(train), "--test", str(test), "--predictions", str(made)]
    assert main(["evaluate", "nlu", *files, "--json"]) == 0
    lines = made.read_text(encoding="utf-8").splitlines()
    return json.loads(capsys.readouterr().out), [json.loads(line) for line in lines]


@pytest.fixture
def rasa(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.yml"
    path.write_text(RASA, encoding="utf-8")
    return path


def test_intents_and_slots_learnt_from_rasa_examples_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rasa: Path
) -> None:
    slot = {"slot": "order_id", "value": "20240009", "start": 18, "end": 26}
    test = write(
        tmp_path / "test.jsonl",
        {"text": "where is my order 20240009", "intent": "order_status", "slots": [slot]},
        {"text": "refund my money", "intent": "refund", "slots": []},
        {"text": "tell me a joke about penguins", "intent": None, "slots": []},
    )
    scores, rows = evaluated(tmp_path, capsys, rasa, test)
    assert scores["messages"] == 3
    assert scores["intent_accuracy"] == 1.0
    assert scores["oos"] == 1
    assert scores["oos_auroc"] == 1.0
    assert scores["slot_f1"] == 1.0
    assert [row["intent"] for row in rows][:2] == ["order_status", "refund"]
    assert rows[0]["slots"] == [slot]
    assert rows[0]["confidence"] > rows[2]["confidence"]


def test_messages_without_labels_are_read_and_not_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rasa: Path
) -> None:
    test = write(tmp_path / "test.jsonl", {"text": "give my money back"}, {"text": ""})
    scores, rows = evaluated(tmp_path, capsys, rasa, test)
    assert scores.keys() == {
        "messages",
        "train_seconds",
        "train_cpu_seconds",
        "ms_p50",
        "ms_p95",
    }
    assert [row["text"] for row in rows] == ["give my money back", ""]
    assert rows[0].keys() == {"text", "intent", "confidence", "intents", "slots", "acts"}
    assert rows[0]["intent"] == "refund"


def test_several_intents_and_dialogue_acts_of_one_message_are_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slot = {"slot": "hotel-price", "value": "300", "start": 8, "end": 11}
    price = ["Inform", "hotel", "price", "300"]
    address, thanks = ["Request", "hotel", "address", ""], ["General", "thank", "none", "none"]
    kinds: list[dict[str, Any]] = [
        {"text": "a hotel 300", "intents": ["Inform+hotel"], "slots": [slot], "acts": [price]},
        {
            "text": "what is its address",
            "intents": ["Request+hotel+address"],
            "slots": [],
            "acts": [address],
        },
        {"text": "thanks", "intents": ["General+thank"], "slots": [], "acts": [thanks]},
        {
            "text": "thanks what is its address",
            "intents": ["General+thank", "Request+hotel+address"],
            "slots": [],
            "acts": [thanks, address],
        },
    ]
    train = write(tmp_path / "train.jsonl", *(kinds * 5))
    scores, rows = evaluated(tmp_path, capsys, train, write(tmp_path / "test.jsonl", *kinds))
    assert scores["intents_exact"] == scores["intents_f1"] == scores["act_f1"] == 1.0
    assert rows[0]["acts"] == [price]
    assert set(rows[3]["intents"]) == {"General+thank", "Request+hotel+address"}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"text": "a", "intent": 3}', "train.jsonl:2: the field `intent` is no text; write a"),
        ('{"intent": "a"}', "train.jsonl:2: the field `text` is missing"),
        ('{"text": "a", "slots": {}}', "train.jsonl:2: the field `slots` is no list"),
        (
            '{"text": "a", "slots": [{"slot": "b", "start": 0, "end": 9}]}',
            "train.jsonl:2: the field `slots` has no place in the text for 'b'",
        ),
        ('{"text": "a", "acts": [["Inform"]]}', "train.jsonl:2: the field `acts` holds what is"),
        ('{"text": "a", "intents": [1]}', "train.jsonl:2: the field `intents` holds what is no"),
        ("[1]", "train.jsonl:2: not a JSON object"),
        ("{", "train.jsonl:2: not valid JSON"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_place_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, complaint: str
) -> None:
    train = tmp_path / "train.jsonl"
    train.write_text('{"text": "hello", "intent": "greet"}\n' + line + "\n", encoding="utf-8")
    files = ["--train", str(train), "--test", str(train), "--predictions", str(tmp_path / "p")]
    assert main(["evaluate", "nlu", *files]) == 2
    assert complaint in capsys.readouterr().err


def test_training_rows_without_any_label_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write(tmp_path / "rows.jsonl", {"text": "hello"})
    files = ["--train", str(rows), "--test", str(rows), "--predictions", str(tmp_path / "p")]
    assert main(["evaluate", "nlu", *files]) == 2
    assert "the training files label nothing; write `intent`" in capsys.readouterr().err


def test_a_yaml_file_without_examples_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "domain.yml"
    path.write_text("intents:\n  - greet\n", encoding="utf-8")
    files = ["--train", str(path), "--test", str(path), "--predictions", str(tmp_path / "p")]
    assert main(["evaluate", "nlu", *files]) == 2
    assert "domain.yml: there is no `nlu` key" in capsys.readouterr().err
