"""Taiwan's words in simplified characters."""

from __future__ import annotations

from cs_bot.text.regional import mainland_words


def test_taiwans_words_are_known_by_the_mainlands() -> None:
    words = mainland_words()
    assert words["印表机"] == "打印机"
    assert words["随身碟"] == "u盘"


def test_a_word_that_the_mainland_uses_for_something_else_is_left_out() -> None:
    assert "程序" not in mainland_words()


def test_single_characters_are_left_out() -> None:
    assert all(min(map(len, row)) > 1 for row in mainland_words().items())
