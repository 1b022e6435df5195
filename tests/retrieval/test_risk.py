from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.risk import (
    Contract,
    LabelledRow,
    choose,
    least_rows,
    recalibrated,
    upper_bound,
)

CONTRACT = Contract(risk=0.05)


def drawn(
    random: np.random.Generator, size: int, *, unanswerable: float = 0.2
) -> list[LabelledRow]:
    """Return questions of which the nearer are the likelier right; those without answer lie far."""
    near = random.random(size) ** 0.3
    answerable = random.random(size) >= unanswerable
    right = answerable & (random.random(size) < near**0.25)
    scores = np.where(answerable, near, 0.9 * near)
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
    assert choice.needed == least_rows(Contract(risk=0.02)) == 183


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


@pytest.mark.parametrize(("wrong", "answers", "bound"), [(0, 59, 0.0495), (1, 93, 0.05)])
def test_the_bound_is_that_of_clopper_and_pearson(wrong: int, answers: int, bound: float) -> None:
    assert upper_bound(wrong, answers, 0.05) == pytest.approx(bound, abs=3e-4)


@pytest.mark.parametrize("growth", [1.0, 2.0])
def test_the_stated_risk_is_kept_nine_times_in_ten(growth: float) -> None:
    """On questions drawn anew, also when twice as many of them have no answer."""
    random = np.random.default_rng(11)
    share = 0.2 * growth / (0.8 + 0.2 * growth)
    cuts = [choose(drawn(random, 600), CONTRACT).cut for _ in range(100)]
    live = [(cut, drawn(random, 4000, unanswerable=share)) for cut in cuts if cut is not None]
    assert len(live) > 60
    assert np.mean([risk_of(rows, cut) <= CONTRACT.risk for cut, rows in live]) >= 0.9


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


def test_probabilities_come_to_what_was_observed() -> None:
    random = np.random.default_rng(2)
    stated = random.random(2000)
    rows = [LabelledRow(float(s), bool(random.random() < s**3), answerable=True) for s in stated]
    mapped = recalibrated(rows)
    near = [row.right for row in rows if 0.75 < row.score < 0.85]
    assert mapped(0.8) == pytest.approx(np.mean(near), abs=0.06)
    assert mapped(0.3) < mapped(0.6) < mapped(0.9)


def test_without_labelled_questions_probabilities_stay_as_stated() -> None:
    assert recalibrated([])(0.7) == pytest.approx(0.7)


def test_a_handful_of_questions_moves_them_a_little() -> None:
    rows = [LabelledRow(0.9, right=False, answerable=True)] * 2
    assert 0.5 < recalibrated(rows)(0.9) < 0.9


@pytest.mark.parametrize(
    ("stated", "right"), [(0.999, False), (0.9999, False), (0.97, False), (0.0001, True)]
)
def test_probabilities_that_are_far_off_are_turned_to_what_was_observed(
    stated: float, right: bool
) -> None:
    rows = [LabelledRow(stated, right, answerable=True)] * 500
    rows += [LabelledRow(0.5, not right, answerable=True)] * 3
    assert abs(recalibrated(rows)(stated) - right) < 0.1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60),
)
def test_any_labelled_questions_give_a_map_that_keeps_the_order(
    found: list[tuple[float, bool]],
) -> None:
    mapped = recalibrated([LabelledRow(score, right, answerable=True) for score, right in found])
    stated = [mapped(score / 20) for score in range(21)]
    assert stated == sorted(stated)
    assert all(0 <= probability <= 1 for probability in stated)
