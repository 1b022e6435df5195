"""The starter content is what the product stands on: read here as the product reads it."""

from __future__ import annotations

from pathlib import Path

from cs_bot.retrieval.evaluation import read_queries
from cs_bot.stores.qa_files import read_pairs
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import read_synonyms

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
PAIRS = {pair.id: pair for pair in read_pairs(KNOWLEDGE / "pairs.jsonl")}


def test_every_pair_speaks_both_languages() -> None:
    assert len(PAIRS) == 62
    for pair in PAIRS.values():
        assert pair.locale == "zh"
        assert len(pair.similar) >= 2, pair.id
        assert len(pair.translations["en"].similar) >= 2, pair.id


def test_pairs_carry_the_tasks() -> None:
    assert {pair.id: pair.task for pair in PAIRS.values() if pair.task} == {
        "ec-008": "order_status",
        "ec-016": "refund",
        "ec-046": "invoice",
    }


def test_no_wording_belongs_to_two_pairs() -> None:
    wordings = [normalized(q) for pair in PAIRS.values() for q in set(pair.questions())]
    assert len(wordings) == len(set(wordings))


def test_evaluation_questions_are_labelled_and_are_no_wordings() -> None:
    queries = read_queries(KNOWLEDGE / "evaluation.jsonl")
    wordings = {normalized(q) for pair in PAIRS.values() for q in pair.questions()}
    assert len(queries) >= 120
    assert sum(query.gold is None for query in queries) >= 30
    assert {query.gold for query in queries if query.gold} <= PAIRS.keys()
    assert not wordings & {normalized(query.query) for query in queries}


def test_synonyms_are_readable() -> None:
    assert read_synonyms(KNOWLEDGE / "synonyms.txt").folded("邮费") == "运费"
