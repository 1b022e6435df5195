from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.spelling.latin import distance

WORDS = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("order", "order", 0),
        ("oder", "order", 1),
        ("retrun", "return", 1),
        ("acount", "account", 1),
        ("recieved", "received", 1),
        ("delivry", "delivered", 3),
        ("cat", "dog", 3),
    ],
)
def test_slips_between_two_words(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 3) == slips


@given(WORDS, WORDS, st.integers(0, 2))
def test_more_slips_than_asked_for_are_not_counted(one: str, other: str, most: int) -> None:
    full = distance(one, other, 12)
    assert distance(one, other, most) == min(full, most + 1) == distance(other, one, most)
