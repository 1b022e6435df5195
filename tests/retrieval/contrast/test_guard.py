"""The guard of a pair: its wordings together."""

from __future__ import annotations

import time

from cs_bot.retrieval.contrast import Guard, excluded
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair


def test_a_pairs_own_wording_is_never_excluded() -> None:
    guard = Guard.of(["怎么开通会员", "怎么取消会员"])
    assert guard.mismatch("怎么取消会员?") is None
    assert guard.mismatch("怎么开通会员") is None


def test_the_nearest_wording_decides() -> None:
    guard = Guard.of(["怎么开通会员", "会员有什么用"])
    assert guard.mismatch("怎么取消会员") is not None


def test_another_wording_that_names_the_word_agrees() -> None:
    assert Guard.of(["可以换颜色吗", "想换个尺码"]).mismatch("可以换尺码吗") is None


def test_what_most_wordings_do_without_is_an_example() -> None:
    towns = ("denmark", "vietnam", "brazil", "kenya", "norway", "peru", "chile", "ghana", "malta")
    guard = Guard.of([f"do i need a visa for {town}" for town in towns])
    assert guard.mismatch("do i need a visa for iceland") is None


def test_one_more_other_word_is_nothing_unless_another_pair_is_about_it() -> None:
    guard = Guard.of(["怎么更改蜡烛的颜色"])
    assert guard.mismatch("怎么修改风筝的颜色") is None
    assert guard.mismatch("怎么修改风筝的颜色", ["风筝怎么修"]) is not None
    assert guard.mismatch("怎么更改风筝的颜色") is not None


def test_how_a_question_asks_is_no_other_word() -> None:
    assert Guard.of(["如何给蜡烛加香"]).mismatch("怎么给风筝加香") is not None


def test_a_pair_without_wordings_excludes_nothing() -> None:
    assert Guard.of([]).mismatch("怎么退货") is None


def test_operator_synonyms_are_folded_first() -> None:
    pair = QAPair("a", "怎么买蜡烛", (), "")
    folded = Synonyms([["蜡烛", "香烛"]]).folded
    assert excluded("怎么买香烛", pair, folded) is None
    assert excluded("怎么买风筝", pair, folded) is not None


def test_a_character_that_may_be_short_for_a_word_needs_a_pair_that_is_about_it() -> None:
    guard = Guard.of(["在哪里修补蜡烛"])
    assert guard.mismatch("在哪里熔蜡烛") is None
    assert guard.mismatch("在哪里熔蜡烛", ["怎么熔蜡"]) is not None


def test_the_pairs_that_came_next_are_asked_in_the_form_of_the_base() -> None:
    pair, other = QAPair("a", "怎么购买蜡烛", (), ""), QAPair("b", "纸鸢怎么修", (), "")
    folded = Synonyms([["风筝", "纸鸢"]]).folded
    assert excluded("怎么买风筝", pair, folded) is None
    assert excluded("怎么买风筝", pair, folded, [other]) is not None


def test_thousands_of_wordings_and_long_questions_take_no_seconds() -> None:
    guard = Guard.of([f"第{number}个问题怎么办" for number in range(5000)])
    started = time.perf_counter()
    guard.mismatch("我想问" * 7000)
    assert time.perf_counter() - started < 1
