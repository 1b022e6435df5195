"""Numbers, times, money, phone and order numbers, as customers write them in two languages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_bot.stages.task.recognisers.numbers import number_of
from cs_bot.stages.task.recognisers.recognise import NAMES, recognised

NOW = datetime(2026, 3, 11, 10, 30, tzinfo=timezone(timedelta(hours=8)))
"""A Wednesday."""


def found(name: str, text: str) -> list[tuple[str, Any]]:
    return [(text[one.start : one.end], one.value) for one in recognised(text, [name], NOW)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a table for 6 people", [("6", 6)]),
        ("twenty-five of them", [("twenty-five", 25)]),
        ("a hundred and five boxes", [("a hundred and five", 105)]),
        ("1,200.5 or -3", [("1,200.5", 1200.5), ("-3", -3)]),
        ("我要两个", [("两", 2)]),
        ("一共二百零三件", [("二百零三", 203)]),
        ("大概3.5万", [("3.5万", 35000)]),
        ("一样的东西", []),
        ("第二个", []),
        ("abc123", []),
    ],
)
def test_numbers(text: str, expected: list[tuple[str, Any]]) -> None:
    assert found("number", text) == expected


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("十二", 12),
        ("二百五", 250),
        ("一千零一", 1001),
        ("两万三千零五", 23005),
        ("一亿二千万", 120_000_000),
        ("二零二六", 2026),
        ("三点一四", 3.14),
        ("three million two hundred thousand", 3_200_000),
        ("5k", 5000),
    ],
)
def test_numbers_in_words(said: str, value: float) -> None:
    assert number_of(said) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退我¥300", [("¥300", 300)]),
        ("it cost $1,200.50", [("$1,200.50", 1200.5)]),
        ("三百块钱", [("三百块钱", 300)]),
        ("两块五", [("两块五", 2.5)]),
        ("pay 50 dollars", [("50 dollars", 50)]),
        ("3万元", [("3万元", 30000)]),
        ("3 people", []),
    ],
)
def test_amounts_of_money(text: str, expected: list[tuple[str, Any]]) -> None:
    assert found("amount-of-money", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的电话13812345678", [("13812345678", "13812345678")]),
        ("call +86 138 1234 5678", [("+86 138 1234 5678", "+8613812345678")]),
        ("010-68473377", [("010-68473377", "01068473377")]),
        ("(555) 123-4567 please", [("(555) 123-4567", "5551234567")]),
        ("order 20240001", []),
    ],
)
def test_phone_numbers(text: str, expected: list[tuple[str, Any]]) -> None:
    assert found("phone-number", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单20240001到哪了", [("20240001", "20240001")]),
        ("parcel sf1234567890", [("sf1234567890", "SF1234567890")]),
        ("我的电话13812345678", []),
        ("in 2024", []),
    ],
)
def test_order_numbers(text: str, expected: list[tuple[str, Any]]) -> None:
    assert found("order-number", text) == expected


@pytest.mark.parametrize(
    ("text", "words", "moment"),
    [
        ("tomorrow at 5pm", "tomorrow at 5pm", "2026-03-12T17:00"),
        ("come today", "today", "2026-03-11T00:00"),
        ("next friday please", "next friday", "2026-03-20T00:00"),
        ("on March 3rd", "March 3rd", "2027-03-03T00:00"),
        ("3 April 2026", "3 April 2026", "2026-04-03T00:00"),
        ("earned in January 2019", "in January 2019", "2019-01-01T00:00"),
        ("may I ask in May", "in May", "2026-05-01T00:00"),
        ("2019年1月的账单", "2019年1月", "2019-01-01T00:00"),
        ("三月份花了多少", "三月份", "2026-03-01T00:00"),
        ("in two hours", "in two hours", "2026-03-11T12:30"),
        ("3 days ago", "3 days ago", "2026-03-08T00:00"),
        ("at 9:15", "9:15", "2026-03-12T09:15"),
        ("at noon", "noon", "2026-03-11T12:00"),
        ("next month", "next month", "2026-04-01T00:00"),
        ("明天下午三点半", "明天下午三点半", "2026-03-12T15:30"),
        ("后天送来", "后天", "2026-03-13T00:00"),
        ("下周五上午十点", "下周五上午十点", "2026-03-20T10:00"),
        ("3月5号寄的", "3月5号", "2027-03-05T00:00"),
        ("2026年4月1日", "2026年4月1日", "2026-04-01T00:00"),
        ("三天后", "三天后", "2026-03-14T00:00"),
        ("半个小时后", "半个小时后", "2026-03-11T11:00"),
        ("今晚8点", "今晚8点", "2026-03-11T20:00"),
        ("上个月", "上个月", "2026-02-01T00:00"),
        ("晚上八点一刻", "晚上八点一刻", "2026-03-11T20:15"),
    ],
)
def test_times(text: str, words: str, moment: str) -> None:
    assert found("time", text) == [(words, f"{moment}:00.000+08:00")]


@pytest.mark.parametrize("text", ["2026年2月31日", "周末愉快", "有时间吗", "1点都不好吃的味"])
def test_what_names_no_day_is_no_time_of_one(text: str) -> None:
    assert all("T" in value for _, value in found("time", text))


def test_a_number_inside_an_amount_is_not_found_twice() -> None:
    entities = recognised("pay 50 dollars for 2", ["number", "amount-of-money"], NOW)
    assert [(one.name, one.value) for one in entities] == [("amount-of-money", 50), ("number", 2)]


@settings(deadline=None)
@given(
    st.text(
        alphabet="0123456789.,-+点半月日号周下午天后前个十百千万零一二三 apmAPM:$¥kK元块",
        max_size=40,
    )
)
def test_no_text_makes_a_recogniser_fail(text: str) -> None:
    for one in recognised(text, NAMES, NOW):
        assert 0 <= one.start < one.end <= len(text)


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_digits_say_themselves(number: int) -> None:
    assert number_of(f"{number:,}") == number_of(str(number)) == number
