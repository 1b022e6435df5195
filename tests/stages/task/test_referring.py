"""Whether words point back at something named, or at something else."""

import pytest

from cs_bot.stages.task.referring import refers_back, wants_another


@pytest.mark.parametrize(
    "words",
    [
        "它到哪了",
        "这个订单能退吗",
        "那单我要退",
        "把刚才的订单退了",
        "我想退掉这件",
        "I want to return it",
        "Send that order back, please",
        "an invoice for the order",
        "same as before",
    ],
)
def test_words_that_point_back(words: str) -> None:
    assert refers_back(words)
    assert not wants_another(words)


@pytest.mark.parametrize(
    "words",
    [
        "我要退另一个订单",
        "另外一单呢",
        "换个订单查",
        "其它的包裹呢",
        "where is my other order",
        "I want to return a different item, not that one",
    ],
)
def test_words_that_mean_another_one(words: str) -> None:
    assert wants_another(words)
    assert not refers_back(words)


@pytest.mark.parametrize(
    "words",
    ["我要退货", "查快递", "另外帮我开张发票", "where is my order", "I have another question", ""],
)
def test_words_that_point_nowhere(words: str) -> None:
    assert not wants_another(words)


def test_long_messages_are_read_at_once() -> None:
    assert not refers_back("货" * 100_000)
