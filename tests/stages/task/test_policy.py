"""What a task does next, and when a customer calls it off."""

import pytest

from cs_bot.events import DialogueState
from cs_bot.stages.task.policy import (
    Act,
    Ask,
    GiveUp,
    Submit,
    is_cancellation,
    is_question,
    next_act,
)
from cs_bot.stages.task.project import TaskForm

FORM = TaskForm("refund_form", ("order_id", "reason"))


@pytest.mark.parametrize(
    ("slots", "rejections", "act"),
    [
        ({}, 0, Ask("order_id")),
        ({"order_id": "1"}, 0, Ask("reason")),
        ({"reason": "late"}, 0, Ask("order_id")),
        ({"order_id": None, "reason": "late"}, 2, Ask("order_id")),
        ({"order_id": "1", "reason": "late"}, 0, Submit()),
        ({"order_id": "1", "reason": False}, 2, Submit()),
        ({"order_id": "1"}, 3, GiveUp()),
    ],
)
def test_the_first_missing_slot_is_asked_for(
    slots: dict[str, object], rejections: int, act: Act
) -> None:
    state = DialogueState(task="refund", slots=slots, rejections=rejections)

    assert next_act(FORM, state, most_rejections=3) == act


def test_a_form_without_slots_is_submitted_at_once() -> None:
    assert next_act(TaskForm("ping_form", ()), DialogueState(), most_rejections=3) == Submit()


@pytest.mark.parametrize(
    "words",
    [
        "算了",
        "算了吧",
        "那算了",
        "算了，不查了",
        "取消",
        "取消。",
        "不查了",
        "不用了，谢谢",
        "还是算了吧！",
        "never mind",
        "Nevermind.",
        "ok, never mind",
        "cancel",
        "Cancel that please",
        "forget it",
        "please stop",
        "Don’t bother, thanks",
        "ｃａｎｃｅｌ",
    ],
)
def test_a_task_is_called_off_in_these_words(words: str) -> None:
    assert is_cancellation(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "取消订单",
        "我要取消订单",
        "怎么取消自动续费",
        "不用了怎么注销",
        "cancel my order",
        "how do I cancel",
        "stop sending me mails",
        "20240001",
        "结束时间是几点",
    ],
)
def test_a_question_about_cancelling_does_not_call_the_task_off(words: str) -> None:
    assert not is_cancellation(words)


def test_a_very_long_message_is_judged_quickly() -> None:
    assert not is_cancellation("算了吧" * 3000 + "吗")


@pytest.mark.parametrize(
    "utterance",
    [
        "你们几点开门",
        "运费谁出",
        "能退吗？",
        "When are you open",
        "is it free?",
        "how long does it take",
    ],
)
def test_a_question_is_told_from_words(utterance: str) -> None:
    assert is_question(utterance)


@pytest.mark.parametrize(
    "utterance", ["尺码不合适", "it is broken", "too small", "坏了", "x" * 9_999]
)
def test_words_are_no_question(utterance: str) -> None:
    assert not is_question(utterance)
