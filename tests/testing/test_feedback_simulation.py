from __future__ import annotations

import json
from pathlib import Path

import pytest

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.feedback_simulation import Base, Labelled, question_sets, simulated
from cs_bot.types import QAPair

CARDS = [
    QAPair("paper", "怎么换纸质卡券？", (), "寄回换。"),
    QAPair("electronic", "怎么换电子卡券？", (), "在线换。"),
    QAPair("return", "怎么退货？", (), "点申请售后。"),
]
ASKED: Labelled = [
    (f"{before}卡券怎么换{after}", "electronic")
    for before in ("", "我", "这张", "旧", "新")
    for after in ("", "的", "一换")
]


@pytest.fixture(scope="module")
def base() -> Base:
    encoder = WordEncoder()
    return Base(Snapshot.build("r1", CARDS, encoder), encoder)


def test_votes_of_customers_help_where_they_were_given(base: Base) -> None:
    report = simulated(base, ASKED)
    repeated = report["customers"]["repeated"]
    assert report["repeated"] + report["unheard"] == len(ASKED)
    assert repeated["after"]["r1"] > repeated["before"]["r1"]


def test_vandals_make_no_wrong_answer(base: Base) -> None:
    for part in simulated(base, ASKED)["vandals"].values():
        assert part["after"]["answered"] <= part["before"]["answered"]


def test_sets_of_pairs_and_sets_of_intents_are_read(tmp_path: Path) -> None:
    rows: dict[str, list[dict[str, object]]] = {
        "faq.jsonl": [{"id": "a", "question": "A?", "similar": ["A!"]}],
        "queries.jsonl": [{"qid": "1", "query": "a", "faq_id": "a"}],
        "shop_train.jsonl": [
            {"text": "hi", "intent": "GREET"},
            {"text": "hello", "intent": "GREET"},
        ],
        "shop_test.jsonl": [{"text": "hey", "intent": "GREET"}, {"text": "rain", "intent": None}],
    }
    for name, lines in rows.items():
        (tmp_path / name).write_text(
            "\n".join(json.dumps(line) for line in lines), encoding="utf-8"
        )
    assert list(question_sets(tmp_path)) == [
        (tmp_path.name, [QAPair("a", "A?", ("A!",), "")], [("a", "a")]),
        ("shop", [QAPair("GREET", "hi", ("hello",), "")], [("hey", "GREET"), ("rain", None)]),
    ]
