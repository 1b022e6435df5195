from __future__ import annotations

import pytest

from cs_bot.text.clauses import clauses, rambling


def test_a_story_is_cut_into_its_clauses() -> None:
    assert clauses("我上周买了件衣服,洗了一次就掉色,还能退吗?") == [
        "我上周买了件衣服",
        "洗了一次就掉色",
        "还能退吗",
    ]


def test_english_is_cut_at_marks_but_not_at_spaces() -> None:
    assert clauses("i bought a shirt last week, can i return it") == [
        "i bought a shirt last week",
        "can i return it",
    ]


@pytest.mark.parametrize("text", ["退货", "?", ""])
def test_what_has_no_clauses_is_one(text: str) -> None:
    assert clauses(text) == [text]


def test_only_so_many_clauses_are_looked_at() -> None:
    assert len(clauses("怎么退货呢," * 500)) == 24


def test_short_questions_do_not_ramble_and_long_ones_do() -> None:
    assert rambling("怎么退货") == 0
    assert rambling("how do i return the shirt that i bought") == 0
    assert 0 < rambling("我上周买了件衣服,洗了一次就掉色,还能退吗,在哪里申请") < 1
    assert rambling("怎么退货呢" * 20) == 1
