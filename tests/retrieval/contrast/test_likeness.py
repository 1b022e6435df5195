"""Words that stand in the place of others and say the same."""

from __future__ import annotations

import pytest

from cs_bot.retrieval.contrast import mismatch


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("在哪里购物", "在哪里买东西"),
        ("我讨厌下雨", "我厌恶下雨"),
        ("你们喜爱音乐么", "你们喜欢音乐么"),
        ("他们想出租房屋", "他们想租房屋"),
    ],
)
def test_words_of_one_meaning_exclude_nothing(one: str, other: str) -> None:
    assert mismatch(one, other) is None
    assert mismatch(other, one) is None


@pytest.mark.parametrize(
    ("one", "other"), [("我讨厌下雨", "我享受下雨"), ("你们厌恶音乐么", "你们喜欢音乐么")]
)
def test_words_of_two_meanings_do(one: str, other: str) -> None:
    found = mismatch(one, other)
    assert found is not None
    assert found.kind == "word"
