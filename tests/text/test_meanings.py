"""Words that have a meaning in common by the dictionary."""

from __future__ import annotations

import pytest

from cs_bot.text.meanings import same_meaning


@pytest.mark.parametrize(
    ("one", "other"), [("喜欢", "喜爱"), ("登录", "登入"), ("买", "购买"), ("借", "贷")]
)
def test_words_of_one_meaning(one: str, other: str) -> None:
    assert same_meaning(one, other)
    assert same_meaning(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("买", "卖"),
        ("上升", "下降"),
        ("早", "晚"),
        ("开通", "取消"),
        ("男", "女"),
        ("儿子", "女儿"),
    ],
)
def test_opposites_have_none(one: str, other: str) -> None:
    assert not same_meaning(one, other)


@pytest.mark.parametrize("word", ["", "a", "五个字的词", "𠮷𠮷𠮷", "撒地方"])
def test_what_is_no_word_means_nothing(word: str) -> None:
    assert not same_meaning(word, word)


def test_what_is_only_counted_alike_means_nothing_alike() -> None:
    assert not same_meaning("狗", "猫")  # both are counted by 隻
