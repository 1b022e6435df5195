from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cs_bot.text.tokenize import tokens


def test_chinese_is_cut_into_characters_and_pairs() -> None:
    assert tokens("退货款") == ["退", "货", "款", "退货", "货款"]


def test_latin_words_stay_whole_and_give_their_pieces() -> None:
    assert tokens("card") == ["card", "~#ca", "~car", "~ard", "~rd#"]
    assert tokens("my id") == ["my", "id"]


def test_mixed_text_is_cut_where_the_script_changes() -> None:
    assert tokens("用vip卡3张") == ["用", "vip", "卡", "3", "张"]


def test_marks_give_no_tokens() -> None:
    assert tokens("?! ... _") == []


@given(st.text())
def test_any_text_is_cut_without_error(text: str) -> None:
    assert all(tokens(text))
