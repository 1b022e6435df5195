"""Counting opposite answers and lost right ones; the knowledge base is a function here."""

from __future__ import annotations

from collections.abc import Sequence

from cs_bot.retrieval.decide import Zone
from cs_bot.retrieval.evaluation import EvaluationQuery
from cs_bot.retrieval.minimal_pairs.asking import ask_all, loss, opposite_answers
from cs_bot.retrieval.minimal_pairs.variants import Variant
from cs_bot.types import Candidate


def ask(query: str) -> tuple[Zone, tuple[Candidate, ...]]:
    """Answer everything with the pair `a`, but what begins with `?`."""
    zone: Zone = "none" if query.startswith("?") else "answer"
    via = "exact" if "exact" in query else "dense"
    return zone, (Candidate("a", "A", 0.9, via),)


def guarded(query: str, found: Sequence[str]) -> bool:
    """Keep back what says so."""
    assert found == ["a"]
    return "not" in query


def test_an_opposite_answer_is_one_that_the_guard_let_pass() -> None:
    texts = ("x", "not x", "?x", "y")
    made = [Variant("b" if text == "y" else "a", "", text, "antonym", "test") for text in texts]
    asked = ask_all([(v.changed, v.changed, v.pair_id) for v in made], ask, guarded)
    counts = opposite_answers(made, asked)["test"]
    assert counts["antonym"] == counts["all"]
    assert counts["all"].as_dict() == {"asked": 4, "opposite": 0.25, "unguarded": 0.5}
    assert [one.prediction.zone for one in asked] == ["answer", "suggest", "none", "answer"]


def test_loss_counts_right_direct_answers_only_and_never_exact_ones() -> None:
    golds = {"x": "a", "not x": "a", "not exact": "a", "not wrong": "b", "not outside": None}
    queries = [EvaluationQuery(text, text, gold) for text, gold in golds.items()]
    asked = ask_all([(q.qid, q.query, q.gold) for q in queries], ask, guarded)
    counted = loss(queries, asked)
    assert counted == {
        "queries": 5,
        "right": 3,
        "lost": 1,
        "loss": 0.3333,
        "wrong": 2,
        "caught": 1.0,
    }


def test_nothing_is_a_share_of_nothing() -> None:
    assert loss([], [])["loss"] is None
