"""What the guard sees in two texts, rule by rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.contrast import mismatch
from cs_bot.text.normalize import normalized


def kind_of(one: str, other: str) -> str | None:
    """Return the kind of mismatch between two questions as customers write them."""
    found = mismatch(normalized(one), normalized(other))
    return found.kind if found else None


def test_a_mismatch_names_the_words_on_both_sides() -> None:
    found = mismatch("怎么解绑银行卡", "怎么绑定银行卡")
    assert found is not None
    assert (found.asked, found.known) == ("解绑", "绑定")
    assert found.as_detail() == {"kind": found.kind, "asked": "解绑", "known": "绑定"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("能不能退款", "能退款吗"),
        ("支持不支持货到付款", "支持货到付款吗"),
        ("到货了没有", "到货了吗"),
        ("能换货不", "能换货吗"),
        ("不锈钢杯子怎么清洗", "不锈钢的杯子怎么清洗"),
        ("收不到短信", "没收到短信"),
        ("I can't log in", "I cannot log in"),
        ("No problem, where is my order?", "Where is my order?"),
        ("Can't I pay by card?", "Can I pay by card?"),
        ("It is refundable, isn't it?", "It is refundable, is it?"),
    ],
)
def test_what_only_looks_like_a_denial_is_none(one: str, other: str) -> None:
    assert kind_of(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("连得上网络", "连不上网络"),
        ("可以退款吗", "不可以退款吗"),
        ("我能走", "我不能走"),
        ("Is it refundable?", "Is it non-refundable?"),
        ("Why did my payment go through?", "Why didn't my payment go through?"),
    ],
)
def test_a_denial_is_seen_wherever_it_stands(one: str, other: str) -> None:
    assert kind_of(one, other) == "negation"


def test_not_yet_asks_when() -> None:
    assert kind_of("退款怎么还没到账", "退款多久到账") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7天内可以退货吗", "一周内可以退货吗"),
        ("运费十二元", "运费12元"),
        ("1500克的包裹多少钱", "1.5kg的包裹多少钱"),
        ("within two weeks", "within 14 days"),
    ],
)
def test_equal_amounts_are_equal_however_they_are_written(one: str, other: str) -> None:
    assert kind_of(one, other) is None


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("7天内可以退货吗", "15天内可以退货吗", "number"),
        ("9点开门吗", "10点开门吗", "date"),
        ("Open at 8 am?", "Open at 8 pm?", "date"),
        ("2023年的账单", "2024年的账单", "date"),
        ("周一上班吗", "周日上班吗", "date"),
        ("下周三会发货吗", "下周五会发货吗", "date"),
        ("每星期二送货吗", "每星期日送货吗", "date"),
        ("1000元以上的酒店", "2000元以上的酒店", "number"),
        ("Will it snow this week?", "Will it snow next week?", "date"),
        ("iPhone 13怎么换屏", "iPhone14怎么换屏", "name"),
        ("P40保修吗", "P50保修吗", "name"),
    ],
)
def test_other_amounts_dates_and_models_are_told_apart(one: str, other: str, kind: str) -> None:
    assert kind_of(one, other) == kind


def test_a_longer_question_may_say_more() -> None:
    assert kind_of("我3天前买的iPhone 13想退货", "我想退货") is None


def test_opposites_count_by_their_shape_without_a_list() -> None:
    assert kind_of("How do I bookmark a shop?", "How do I unbookmark a shop?") == "antonym"


def test_a_verb_that_goes_the_other_way_is_an_opposite() -> None:
    assert kind_of("How do I scroll up?", "How do I scroll down?") == "antonym"
    assert kind_of("Is it in the shop?", "Is it on the shop?") is None


def test_a_function_word_may_be_half_of_another_word() -> None:
    assert kind_of("在哪里还书", "在哪里借书") == "word"
    assert kind_of("还要多久", "要多久") is None


def test_a_word_on_no_list_in_the_place_of_another_is_suspicious() -> None:
    assert kind_of("怎么给蜡烛加香", "怎么给风筝加香") == "word"


def test_two_english_words_stand_in_the_place_of_one_where_far_more_is_the_same() -> None:
    asked = "Where in the old town can I repair a"
    assert kind_of(f"{asked} candle", f"{asked} paper kite") == "word"
    assert kind_of("Repair a candle", "Repair a paper kite") is None


def test_words_that_are_alike_may_stand_for_each_other() -> None:
    assert kind_of("怎么修改密码", "怎么更改密码") is None
    assert kind_of("Where is my parcel?", "Where is my package?") is None


def test_taiwans_words_are_the_mainlands() -> None:
    assert kind_of("印表机怎么连上电脑", "打印机怎么连上电脑") is None
    assert kind_of("记忆体怎么升级", "内存怎么降级") == "antonym"


def test_across_languages_only_numbers_are_compared() -> None:
    assert kind_of("How do I cancel it?", "怎么下单") is None
    assert kind_of("iPhone 14 battery", "iPhone 13 电池") == "name"


WORDS = """
怎么 不 没有 退货 换货 7天 一周 3个 iphone 13 开通 取消 买家 周一
can i not return within 14 days ? ,
"""
questions = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=8).map(" ".join)


@given(st.one_of(st.text(max_size=60), questions))
def test_a_text_never_excludes_itself(text: str) -> None:
    assert mismatch(text, text) is None
    assert mismatch(normalized(text), normalized(f" {text} ")) is None


@given(questions, questions)
def test_two_texts_exclude_each_other_or_neither_does(one: str, other: str) -> None:
    one, other = normalized(one), normalized(other)
    there, back = mismatch(one, other), mismatch(other, one)
    assert (there is None) == (back is None)
