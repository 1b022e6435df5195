from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.text.language import language_of


@pytest.mark.parametrize(
    "text", ["怎么退货", "我的iPhone坏了", "訂單", "能发DHL吗", "my order 还没到啊怎么办", "OK的"]
)
def test_chinese_is_told_although_latin_words_stand_in_it(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "tui kuan duo jiu dao zhang",
        "zen me qu xiao ding dan?",
        "wo de kuai di dao na le",
        "fapiao zenme kai",
    ],
)
def test_typed_pinyin_is_chinese(text: str) -> None:
    assert language_of(text) == "zh"


@pytest.mark.parametrize("text", ["pin change", "delete meeting", "age range", "can he change pin"])
def test_english_words_that_could_be_syllables_are_english(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Can I return this?",
        "refund",
        "return policy",
        "What does 退货 mean in this app",
        "I’ve lost it",
    ],
)
def test_english_is_told(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    ["", "12345", "A20240601001", "ok", "iPhone", "a@b.example", "😀", "Привет", "ありがとう"],
)
def test_what_tells_no_language_leaves_it_open(text: str) -> None:
    assert language_of(text) is None


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    assert language_of(text) in {"zh", "en", None}


@pytest.mark.parametrize("text", ["我想退货" * 1000, "a" * 4000, "a." * 2000, "!" * 3999 + "a"])
def test_the_longest_message_is_read_in_a_blink(text: str) -> None:
    started = time.process_time()
    language_of(text)
    assert time.process_time() - started < 0.1
