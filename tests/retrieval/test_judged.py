from __future__ import annotations

import json

from cs_bot.retrieval.judged import Judged, judged
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.risk import Contract
from cs_bot.types import QAPair

PAIRS = {"refund": QAPair("refund", "怎么退款", ("退钱",), "原路退回。")}


def row(number: int) -> LabelledRow:
    right = number % 50 > 0
    best = "refund" if right else "other"
    return LabelledRow(
        0.5 + number / 1000,
        right,
        answerable=True,
        likely=0.9,
        holds=right,
        gold="refund",
        best=best,
    )


def test_what_came_of_the_labels_survives_the_store() -> None:
    found = judged([row(n) for n in range(400)], Contract(risk=0.05), PAIRS, stale=2, exact=3)
    assert found.terms.choice.cut is not None
    assert (found.answerable, found.right_first, found.right_listed) == (400, 392, 392)
    assert found.advice[0].confused_with == "other"
    shown = [point.cut for point in found.terms.choice.curve]
    assert len(shown) in (100, 101)
    assert found.terms.choice.cut in shown
    assert Judged.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_what_is_answered_while_nothing_is_proven_needs_no_advice() -> None:
    rows = [LabelledRow(0.85, True, answerable=True, gold="refund", best="refund")] * 5
    assert judged(rows, Contract(), PAIRS, unproven_cut=0.8).advice == ()
    (told,) = judged(rows, Contract(), PAIRS).advice
    assert (told.labelled, told.direct) == (5, 0)


def test_without_labels_there_is_a_number_to_reach() -> None:
    found = judged([], Contract(), PAIRS)
    assert (found.terms.choice.cut, found.terms.choice.labelled) == (None, 0)
    assert found.terms.choice.needed == 196
    assert Judged.from_json(json.loads(json.dumps(found.as_json()))) == found
