"""Blocks and their wire form."""

import pytest

from cs_bot.blocks import (
    Block,
    Button,
    Buttons,
    Field,
    Form,
    Image,
    Notice,
    Option,
    Suggest,
    Suggestion,
    Text,
    as_wire,
    from_wire,
    plain_text,
    public_wire,
)

BLOCKS: list[Block] = [
    Text("一般 48 小时内发货。", format="md"),
    Buttons(
        (Button("b1", "转人工", payload="/handoff"), Button("b2", "帮助", url="https://x.test"))
    ),
    Suggest((Suggestion("ec-016", "如何申请退货？"),), none="都不是", chosen="ec-016"),
    Form(
        "leave_message",
        "留言",
        (
            Field("text", "textarea", "内容", required=True, maxlength=1000),
            Field("why", "select", "原因", options=(Option("late", "没收到"),)),
        ),
        submit="提交",
    ),
    Image("https://x.test/a.png", alt="尺码表"),
    Notice("会话已结束"),
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_a_stored_block_reads_back_as_itself(block: Block) -> None:
    assert from_wire(as_wire(block, public=False)) == block


def test_the_public_form_does_not_say_what_a_button_sends() -> None:
    stored = as_wire(BLOCKS[1], public=False)
    assert stored["buttons"][0]["payload"] == "/handoff"
    assert "payload" not in public_wire(stored)["buttons"][0]


def test_an_unknown_kind_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        from_wire({"kind": "hologram"})


def test_plain_text_numbers_suggestions_and_brackets_buttons() -> None:
    assert plain_text([BLOCKS[2], BLOCKS[1]]) == "1. 如何申请退货？\n[转人工]\n[帮助]"
