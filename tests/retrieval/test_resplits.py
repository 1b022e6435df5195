from __future__ import annotations

import pytest

from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.resplits import resplit
from cs_bot.retrieval.risk import Contract

CONTRACT = Contract(risk=0.05)
RIGHT = [LabelledRow(0.9, right=True, answerable=True)] * 300
WRONG = [LabelledRow(0.4, right=False, answerable=True)] * 100
LACKING = [LabelledRow(0.9, right=False, answerable=False)] * 8


def test_where_a_cut_parts_right_from_wrong_all_of_it_is_reached() -> None:
    kept = resplit(RIGHT + WRONG, CONTRACT, share=0.0, splits=20)
    assert (kept.kept, kept.reached, kept.silent) == (1.0, 1.0, 0.0)


def test_too_few_questions_keep_every_promise_by_silence() -> None:
    kept = resplit(RIGHT[:40], CONTRACT, share=0.0, splits=20)
    assert (kept.kept, kept.reached, kept.silent) == (1.0, 0.0, 1.0)


def test_where_no_cut_is_good_hindsight_has_none_either() -> None:
    assert resplit(WRONG, CONTRACT, share=0.0, splits=5).reached is None


def test_a_cut_that_many_questions_without_an_answer_pass_breaks_the_promise() -> None:
    careless = Contract(risk=0.05, growth=1.0)
    rows = 3 * RIGHT + LACKING
    share = len(LACKING) / len(rows)
    as_labelled, many_more = (resplit(rows, careless, share=n * share, splits=50) for n in (1, 20))
    assert as_labelled.silent == many_more.silent == 0.0
    assert as_labelled.kept == 1.0
    assert many_more.kept < 0.2


def test_what_the_guard_holds_back_is_answered_in_neither_half() -> None:
    held = [LabelledRow(0.95, right=True, answerable=True, held=True)] * 300
    assert resplit(RIGHT + held, CONTRACT, share=0.0, splits=5).reached == pytest.approx(1.0)
