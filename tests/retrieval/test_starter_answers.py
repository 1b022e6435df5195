"""What customers of the starter bot see, with the real encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from cs_bot.models.encoders import UniversalSentenceEncoder
from cs_bot.retrieval.decide import KbqaSettings, decide, listed
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.qa_files import read_pairs
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import read_synonyms

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
SETTINGS = KbqaSettings()


class Shop:
    def __init__(self) -> None:
        self.encoder = UniversalSentenceEncoder()
        self.snapshot = Snapshot.build(
            "r1",
            read_pairs(KNOWLEDGE / "pairs.jsonl"),
            self.encoder,
            synonyms=read_synonyms(KNOWLEDGE / "synonyms.txt"),
        )

    def ask(self, question: str) -> tuple[str, list[str]]:
        """Return the zone and the ids that a list would show."""
        text = self.snapshot.compared(normalized(question))
        candidates = self.snapshot.search(text, self.encoder.encode([text])[0])
        return decide(candidates, SETTINGS), [c.id for c in listed(candidates, SETTINGS)]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.mark.parametrize("question", ["东西不想要了能退吗", "Can I return this?"])
def test_a_wish_to_return_finds_returning_and_not_cancelling(question: str, shop: Shop) -> None:
    zone, ids = shop.ask(question)
    assert zone in {"answer", "suggest"}
    assert ids[0] == "ec-017" if zone == "answer" else {"ec-016", "ec-017"} <= set(ids)
    assert "ec-001" not in ids


@pytest.mark.parametrize(
    ("question", "pair_id"),
    [
        ("如何查询物流信息", "ec-008"),
        ("我的快递到哪了", "ec-008"),
        ("可以开专票不", "ec-047"),
        ("請問發票怎麼開？", "ec-046"),
        ("Where is my parcel?", "ec-008"),
        ("How do I get an invoice", "ec-046"),
    ],
)
def test_plain_questions_are_answered_directly(question: str, pair_id: str, shop: Shop) -> None:
    zone, ids = shop.ask(question)
    assert (zone, ids[0]) == ("answer", pair_id)


@pytest.mark.parametrize("question", ["今天天气怎么样", "tell me a joke", "你是谁", "asdf qwer"])
def test_what_has_no_answer_here_is_left_to_others(question: str, shop: Shop) -> None:
    assert shop.ask(question)[0] == "none"
