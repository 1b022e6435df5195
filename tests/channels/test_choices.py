"""What a choice means is looked up in what the server stored, never taken from the client."""

from __future__ import annotations

from typing import Any

import pytest

from cs_bot.blocks import (
    Block,
    Button,
    Buttons,
    Card,
    Field,
    Form,
    Option,
    Suggest,
    Suggestion,
    Text,
)
from cs_bot.channels.choices import pick, press, submit
from cs_bot.channels.forms import form_problems
from cs_bot.channels.refusal import Refused
from cs_bot.types import Picked, Pressed, Submitted

LIST = Suggest((Suggestion("q1", "多久发货?"), Suggestion("q2", "怎么退货?")), "都不是")
ROW = Buttons(
    (
        Button("b1", "查物流", "/order_status"),
        Button("b2", "问发货", "say:多久发货?"),
        Button("b3", "官网", url="https://shop.example"),
    )
)
FORM = Form(
    "f",
    "留言",
    (
        Field("name", "text", "称呼", required=True, maxlength=4),
        Field("phone", "tel", "电话"),
        Field("mail", "email", "邮箱"),
        Field("sum", "number", "金额"),
        Field("day", "date", "日期"),
        Field("kind", "select", "类型", options=(Option("a", "甲"), Option("b", "乙"))),
        Field("order", "text", "订单号", pattern=r"\d{5}"),
    ),
    "提交",
)
HEAD = Text("您是想问:")
GOOD = {
    "name": "王芳",
    "phone": "+86 138-0000 0000",
    "mail": "wang@mail.example",
    "sum": "-1.5",
    "day": "2026-02-28",
    "kind": "a",
    "order": "12345",
}


def test_a_picked_line_speaks_its_question_and_stays_marked() -> None:
    choice = pick((HEAD, LIST), "q2")
    assert (choice.text, choice.payload) == ("怎么退货?", Picked("q2"))
    assert choice.blocks is not None
    assert choice.blocks[0] is HEAD
    assert getattr(choice.blocks[1], "chosen", None) == "q2"


def test_related_questions_are_picked_like_any_other_but_need_not_be() -> None:
    related = Suggest((Suggestion("q3", "运费多少?"),))
    assert pick((HEAD, related), "q3").payload == Picked("q3")
    with pytest.raises(Refused) as refused:
        pick((HEAD, related), None)
    assert refused.value.code == "not_found"
    assert pick((related, LIST), None).text == "都不是"


def test_a_card_is_pressed_like_a_row_and_stays_open() -> None:
    card = Card("双十一", buttons=(Button("a1", "查物流", "/order_status"),))
    choice = press((HEAD, card), "a1")
    assert choice.payload == Pressed("/order_status")
    assert choice.blocks is None


def test_none_of_the_lines_is_a_choice_too() -> None:
    choice = pick((HEAD, LIST), None)
    assert (choice.text, choice.payload) == ("都不是", Picked(None))
    assert choice.blocks is not None
    assert getattr(choice.blocks[1], "chosen", None) == "none"


def test_a_button_means_its_stored_payload() -> None:
    assert press((ROW,), "b1").payload == Pressed("/order_status")
    assert press((ROW,), "b1").text == "查物流"


def test_a_button_may_say_something_in_the_customers_name() -> None:
    said = press((ROW,), "b2")
    assert (said.text, said.payload) == ("多久发货?", None)


def test_a_row_that_stays_open_is_not_marked() -> None:
    assert press((Buttons(ROW.buttons, once=False),), "b1").blocks is None


@pytest.mark.parametrize(
    ("blocks", "item", "button", "code"),
    [
        ((HEAD, LIST), "q9", None, "not_found"),
        ((HEAD,), None, None, "not_found"),
        ((Suggest(LIST.items, "都不是", chosen="q1"),), "q1", None, "conflict"),
        ((ROW,), None, "b9", "not_found"),
        ((Buttons(ROW.buttons, chosen="b2"),), None, "b1", "conflict"),
        ((ROW,), None, "b3", "bad_request"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(
    blocks: tuple[Block, ...], item: str | None, button: str | None, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        press(blocks, button) if button else pick(blocks, item)
    assert refused.value.code == code


def test_a_submitted_form_is_closed_and_its_words_hold_no_value() -> None:
    choice = submit((FORM,), "f", {**GOOD, "phone": " "}, "zh")
    given = {name: value for name, value in GOOD.items() if name != "phone"}
    assert choice.payload == Submitted("f", given)
    assert choice.text == "已提交：留言"
    assert choice.blocks is not None
    assert getattr(choice.blocks[0], "state", None) == "submitted"


@pytest.mark.parametrize(
    ("state", "code"), [("submitted", "conflict"), ("expired", "form_expired")]
)
def test_a_form_that_is_not_open_is_refused(state: Any, code: str) -> None:
    closed = Form("f", "留言", FORM.fields, "提交", state=state)
    with pytest.raises(Refused) as refused:
        submit((closed,), "f", GOOD, "zh")
    assert refused.value.code == code


def test_values_that_do_not_fit_are_named_by_field() -> None:
    with pytest.raises(Refused) as refused:
        submit((FORM,), "f", {"phone": "soon"}, "zh")
    assert refused.value.fields == {
        "name": "请填写称呼",
        "phone": "电话的格式不对，请检查后再提交",
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "fill in"),
        ("name", "   ", "fill in"),
        ("name", "五个字太长", "at most 4"),
        ("phone", "1" * 1_001, "at most 1000"),
        ("phone", "12", "format"),
        ("mail", "a@b", "format"),
        ("mail", "a b@c.example", "format"),
        ("sum", "1e5", "format"),
        ("day", "2026-02-30", "format"),
        ("kind", "c", "options"),
        ("order", "123456", "format"),
        ("unheard", "x", "no such field"),
    ],
)
def test_each_field_is_checked_in_its_own_way(field: str, value: str, says: str) -> None:
    problems = form_problems(FORM, {**GOOD, field: value}, "en")
    assert list(problems) == [field]
    assert says in problems[field]


def test_a_good_form_has_no_problem() -> None:
    assert form_problems(FORM, GOOD, "en") == {}


def test_the_words_of_a_submission_are_in_the_language_of_its_form() -> None:
    english = Form("f", "Leave a message for our staff", FORM.fields, "Send")
    assert submit([FORM], "f", GOOD, "en").text == "已提交：留言"
    assert submit([english], "f", GOOD, "zh").text == "Submitted: Leave a message for our staff"
