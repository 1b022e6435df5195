from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.boundary import boundary, leaving, next_errors


@pytest.mark.parametrize(("seen", "most"), [(0, 3), (1, 5), (2, 6), (10, 17)])
def test_one_cut_alone_is_bounded_by_the_negative_binomial(seen: int, most: int) -> None:
    assert next_errors(seen, 0.1) == most


def test_without_an_error_four_more_are_as_rare_as_five_heads_in_a_row() -> None:
    """The next errors exceed n when the first n + 1 tosses all go their way."""
    assert leaving(0, 0, 0.5 ** (next_errors(0, 0.06) + 1)) == pytest.approx(0.5**5)


@pytest.mark.parametrize(("first", "last"), [(0, 2), (0, 12), (3, 15), (8, 40)])
def test_all_cuts_together_miss_no_more_often_than_was_allowed(first: int, last: int) -> None:
    held = boundary(first, last, 0.1)
    bounds = [held(count) for count in range(last + 1)]
    random = np.random.default_rng(5)
    tosses = random.random((20_000, 4 * last + 40)) < 0.5
    seen, coming = tosses.cumsum(axis=1), (~tosses).cumsum(axis=1)
    looked = (seen >= first) & (seen <= last)
    left = looked & (coming > np.array([*bounds, math.inf])[np.minimum(seen, last + 1)])
    missed = left.any(axis=1).mean()
    assert missed == pytest.approx(leaving(first, last, held.doubt), abs=0.01)
    assert missed <= 0.11


def test_a_long_walk_is_bounded_like_a_shorter_one_of_the_same_shape() -> None:
    assert boundary(200, 1000, 0.1).doubt == boundary(40, 200, 0.1).doubt


@given(st.integers(0, 30), st.integers(0, 60), st.floats(0.01, 0.3))
def test_more_errors_are_never_followed_by_fewer(first: int, more: int, doubt: float) -> None:
    held = boundary(first, first + more, doubt)
    bounds = [held(count / 2) for count in range(2 * (first + more) + 1)]
    assert bounds == sorted(bounds)
    assert all(bound >= count / 2 for count, bound in enumerate(bounds))
    assert held(first + more + 1) == math.inf
