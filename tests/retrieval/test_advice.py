from __future__ import annotations

from cs_bot.retrieval.advice import PairAdvice, advice
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.types import QAPair

PAIRS = {
    "refund": QAPair("refund", "怎么退款", ("退钱",), "原路退回。"),
    "track": QAPair("track", "快递到哪了", (), "看物流。"),
}


def row(gold: str, best: str, score: float = 0.95, *, held: bool = False) -> LabelledRow:
    right = gold == best
    return LabelledRow(score, right, answerable=True, holds=True, held=held, gold=gold, best=best)


def test_pairs_are_named_whose_questions_miss_a_direct_answer() -> None:
    rows = [row("refund", "refund"), row("refund", "refund", 0.5), row("refund", "track")]
    rows += [row("track", "track", held=True)]
    assert advice(rows, 0.9, PAIRS) == (
        PairAdvice("refund", 3, direct=1, listed=2, wordings=2, confused_with="track"),
        PairAdvice("track", 1, direct=0, listed=1, wordings=1, confused_with=None),
    )


def test_a_pair_that_is_always_answered_needs_nothing() -> None:
    assert advice([row("track", "track")], 0.9, PAIRS) == ()


def test_questions_without_an_answer_and_pairs_that_are_gone_are_nobodys() -> None:
    lacking = LabelledRow(0.9, right=False, answerable=False, best="track")
    assert advice([lacking, row("gone", "track")], 0.9, PAIRS) == ()
