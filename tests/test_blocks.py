"""Blocks and their wire form."""

import pytest

from cs_bot.blocks import (
    Block,
    Button,
    Buttons,
    Card,
    Custom,
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
    Suggest((Suggestion("ec-017", "多久退款？"),)),
    Card(
        "双十一",
        "全场包邮",
        "https://x.test/a.png",
        "海报",
        (Button("a1", "去看看", "say:包邮吗"),),
    ),
    Card("只有标题"),
    Custom({"type": "video", "list": [1, {"a": None}]}, "看视频", "attachment"),
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_a_stored_block_reads_back_as_itself(block: Block) -> None:
    assert from_wire(as_wire(block, public=False)) == block


def test_the_public_form_does_not_say_what_a_button_sends() -> None:
    stored = as_wire(BLOCKS[1], public=False)
    assert stored["buttons"][0]["payload"] == "/handoff"
    assert "payload" not in public_wire(stored)["buttons"][0]


def test_a_card_has_its_words_for_clients_that_show_none() -> None:
    card = BLOCKS[-3]
    assert public_wire(as_wire(card, public=False)) == {
        "kind": "card",
        "title": "双十一",
        "text": "全场包邮",
        "image": "https://x.test/a.png",
        "alt": "海报",
        "buttons": [{"id": "a1", "title": "去看看"}],
        "fallback": "双十一\n全场包邮\n[去看看]",
    }
    assert "fallback" not in as_wire(card, public=False)


def test_a_list_without_a_last_line_says_nothing_of_it() -> None:
    assert "none" not in as_wire(BLOCKS[-4])


def test_an_unknown_kind_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        from_wire({"kind": "hologram"})


def test_plain_text_numbers_suggestions_and_brackets_buttons() -> None:
    assert plain_text([BLOCKS[2], BLOCKS[1]]) == "1. 如何申请退货？\n[转人工]\n[帮助]"


def test_json_of_the_operators_own_has_its_words_for_clients_that_do_not_know_it() -> None:
    block = Custom({"type": "video"}, "看视频")
    assert public_wire(as_wire(block, public=False)) == {
        "kind": "custom",
        "data": {"type": "video"},
        "text": "看视频",
        "name": "custom",
        "fallback": "看视频",
    }
    assert plain_text([block, Custom([1])]) == "看视频"
