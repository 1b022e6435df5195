from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.risk import (
    Contract,
    CurvePoint,
    choose,
    choose_list,
    least_rows,
    thinned,
)

CONTRACT = Contract(risk=0.05)


def drawn(
    random: np.random.Generator, size: int, *, unanswerable: float = 0.2
) -> list[LabelledRow]:
    """Return questions of which the nearer are the likelier right; those without answer lie far."""
    near = random.random(size) ** 0.3
    answerable = random.random(size) >= unanswerable
    right = answerable & (random.random(size) < near**0.1)
    scores = np.where(answerable, near, 0.8 * near)
    rows = zip(scores.tolist(), right.tolist(), answerable.tolist(), strict=True)
    return [LabelledRow(score, bool(was), bool(could)) for score, was, could in rows]


def risk_of(rows: list[LabelledRow], cut: float) -> float:
    through = [row.right for row in rows if row.score >= cut]
    return 1 - sum(through) / len(through) if through else 0.0


def test_right_answers_all_the_way_let_everything_through() -> None:
    rows = [LabelledRow(score / 200, right=True, answerable=True) for score in range(200)]
    choice = choose(rows, CONTRACT)
    assert choice.cut == 0.0
    assert choice.curve[-1].coverage == 1.0
    assert str(choice) == "direct answers from a probability of 0.000 on"


def test_errors_below_a_cut_are_kept_below_it() -> None:
    rows = [LabelledRow(0.9, right=True, answerable=True)] * 200
    rows += [LabelledRow(0.3, right=False, answerable=True)] * 100
    assert choose(rows, CONTRACT).cut == 0.9


def test_too_few_labelled_questions_are_counted() -> None:
    rows = [LabelledRow(0.99, right=True, answerable=True)] * 20
    choice = choose(rows, Contract(risk=0.02))
    assert choice.cut is None
    assert str(choice) == f"not enough labelled questions: 20 of {choice.needed}; lists instead"
    assert choice.needed == least_rows(Contract(risk=0.02)) == 196


def test_a_long_curve_is_thinned_but_keeps_the_chosen_cut() -> None:
    curve = [CurvePoint(1 - n / 500, n / 500, 0.0, 0.0) for n in range(500)]
    chosen = curve[251].cut
    cuts = [point.cut for point in thinned(curve, cut=chosen)]
    assert (cuts[0], cuts[-1], len(cuts)) == (curve[0].cut, curve[-1].cut, 101)
    assert chosen in cuts
    assert cuts == sorted(cuts, reverse=True)


def test_where_the_best_are_often_wrong_nothing_is_answered_directly() -> None:
    rows = [LabelledRow(n / 400, right=n % 3 > 0, answerable=True) for n in range(400)]
    choice = choose(rows, CONTRACT)
    assert choice.cut is None
    assert "no cut keeps the stated risk" in str(choice)


def test_equal_scores_are_cut_off_together() -> None:
    rows = [LabelledRow(0.9, right=n > 40, answerable=True) for n in range(150)]
    assert choose(rows, CONTRACT).cut is None


def test_more_unanswerable_questions_than_labelled_are_expected() -> None:
    rows = [LabelledRow(0.9, right=True, answerable=True)] * 196
    rows += [LabelledRow(0.9, right=False, answerable=False)] * 3
    assert choose(rows, replace(CONTRACT, growth=1.0)).cut == 0.9
    assert choose(rows, replace(CONTRACT, growth=4.0)).cut is None


def test_what_the_guard_holds_back_counts_for_no_cut() -> None:
    held = LabelledRow(0.99, right=False, answerable=True, held=True)
    rows = [LabelledRow(0.9, right=True, answerable=True)] * 200 + [held] * 100
    choice = choose(rows, CONTRACT)
    assert choice.cut == 0.9
    assert choice.curve[-1].coverage == pytest.approx(2 / 3)


def test_lists_are_cut_where_they_hold_the_right_question_often_enough() -> None:
    listed = [LabelledRow(0.3, False, answerable=True, likely=0.9, holds=True)] * 200
    listed += [LabelledRow(0.3, False, answerable=True, likely=0.4, holds=False)] * 100
    assert choose_list(listed, 0.8, CONTRACT) == 0.9


def test_neither_direct_answers_nor_what_has_no_answer_count_for_lists() -> None:
    direct = [LabelledRow(0.9, True, answerable=True, likely=0.95, holds=True)] * 200
    lacking = [LabelledRow(0.3, False, answerable=False, likely=0.95)] * 200
    assert choose_list(direct + lacking, 0.8, CONTRACT) is None


@pytest.mark.parametrize("growth", [1.0, 2.0])
def test_the_stated_risk_is_kept_nine_times_in_ten(growth: float) -> None:
    """Among as many questions to come, also when twice the share of them has no answer."""
    random = np.random.default_rng(11)
    kept = answered = 0
    for _ in range(100):
        cut = choose(drawn(random, 600), CONTRACT).cut
        live = drawn(random, 600, unanswerable=0.2 * growth)
        answered += cut is not None
        kept += cut is None or risk_of(live, cut) <= CONTRACT.risk
    assert answered > 60
    assert kept >= 90


@given(
    st.lists(
        st.tuples(st.sampled_from([0.2, 0.5, 0.8, 0.95]), st.booleans()), min_size=80, max_size=300
    ),
    st.data(),
)
def test_an_error_more_never_lowers_the_cut(
    found: list[tuple[float, bool]], data: st.DataObject
) -> None:
    rows = [LabelledRow(score, right, answerable=True) for score, right in found]
    at = data.draw(st.integers(0, len(rows) - 1))
    worse = [replace(row, right=False) if n == at else row for n, row in enumerate(rows)]
    before, after = choose(rows, CONTRACT).cut, choose(worse, CONTRACT).cut
    assert after is None or (before is not None and after >= before)


@given(st.permutations([LabelledRow(n / 100, n % 9 > 0, n % 4 > 0) for n in range(100)]))
def test_the_order_of_the_questions_does_not_matter(rows: list[LabelledRow]) -> None:
    ordered = sorted(rows, key=lambda row: row.score)
    assert choose(rows, CONTRACT) == choose(ordered, CONTRACT)
