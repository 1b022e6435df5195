from __future__ import annotations

import pytest

from cs_bot.text.pinyin import ALIKE, OTHER_TONE, SAME, alike, apart, readings, sounds, splits


def test_a_character_has_its_usual_readings() -> None:
    assert readings()["退"] == ("tui4",)
    assert set(sounds("行")) == {"hang", "xing"}
    assert sounds("a") == ()


@pytest.mark.parametrize(
    ("written", "meant", "distance"),
    [
        ("或", "货", SAME),
        ("买", "卖", OTHER_TONE),
        ("资", "知", ALIKE),  # z, zh
        ("次", "吃", ALIKE),  # c, ch
        ("四", "是", ALIKE),  # s, sh
        ("男", "兰", ALIKE),  # n, l
        ("辛", "星", ALIKE),  # in, ing
        ("跟", "更", ALIKE),  # en, eng
        ("单", "当", ALIKE),  # an, ang
        ("飞", "灰", None),  # h and f, but with another final
        ("夫", "湖", ALIKE),  # h, f
        ("退", "货", None),
        ("退", "x", None),
    ],
)
def test_how_far_two_characters_sound_apart(
    written: str, meant: str, distance: float | None
) -> None:
    assert apart(written, meant) == distance == apart(meant, written)


def test_a_syllable_is_mixed_up_in_one_part_at_a_time() -> None:
    assert set(alike("zan")) == {"zhan", "zang"}


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("tuihuo", {("tui", "huo")}),
        ("xian", {("xian",), ("xi", "an")}),
        ("shoubudao", {("shou", "bu", "dao")}),
        ("return", set()),
        ("an" * 31, set()),
    ],
)
def test_typed_letters_are_cut_into_syllables(letters: str, ways: set[tuple[str, ...]]) -> None:
    assert set(splits(letters)) == ways
