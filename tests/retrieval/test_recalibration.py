from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.recalibration import recalibrated


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
