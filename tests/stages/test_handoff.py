"""The way to a human: other words first, then a form that arrives."""

import asyncio
import re
from pathlib import Path

import pytest

from cs_bot.blocks import Block, Button, Buttons, Form, plain_text
from cs_bot.errors import BadInput
from cs_bot.events import DialogueState, HandoffOffered, MessageLeft
from cs_bot.stages.handoff import Handoff, HumanRequest, handoff_texts
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Picked, Pressed, Reply, Stage, Submitted, Turn

TEXTS = Path(__file__).parents[2] / "dialogs" / "chat" / "texts.toml"
SENTENCES = handoff_texts(TEXTS)
REQUEST = HumanRequest(SENTENCES)
LAST = Handoff(SENTENCES)


def asked(stage: Stage, turn: Turn) -> Reply:
    outcome = asyncio.run(stage.handle(turn))
    assert isinstance(outcome, Reply), outcome
    return outcome


def silent(stage: Stage, turn: Turn) -> bool:
    return isinstance(asyncio.run(stage.handle(turn)), Abstain)


def form_in(blocks: tuple[Block, ...]) -> Form:
    return next(block for block in blocks if isinstance(block, Form))


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "人工客服",
        "真人",
        "我要转人工",
        "请帮我转人工客服，谢谢",
        "转接人工服务",
        "我想找个真人聊",
        "能不能转人工？",
        "轉人工",
        "talk to a human",
        "Human",
        "agent please",
        "I want to speak to a real person",
        "Can I talk to a representative?",
        "get me a live agent now",
        "customer service",
    ],
)
def test_a_whole_utterance_that_asks_for_a_human_gets_the_form_early(text: str) -> None:
    reply = asked(REQUEST, turn_of(text))
    assert form_in(reply.blocks).form_id == "leave_message"
    assert reply.events == (HandoffOffered("asked"),)
    assert reply.handoff


@pytest.mark.parametrize(
    "text",
    [
        "客服几点上班",
        "如何联系人工客服？",
        "人工客服几点下班",
        "人工费多少钱",
        "这是人工智能吗",
        "真人出镜的视频在哪看",
        "是真人还是机器人",
        "怎么退货",
        "Are you a human?",
        "What are your agent's opening hours?",
        "can I become a representative",
        "where is my order",
        "",
    ],
)
def test_a_question_about_staff_is_left_to_the_knowledge_base(text: str) -> None:
    assert silent(REQUEST, turn_of(text))


@pytest.mark.parametrize(
    "text", ["你根本听不懂，给我转人工客服", "this is useless, let me talk to a human being"]
)
def test_a_request_inside_other_words_is_heard_at_the_end_of_the_cascade(text: str) -> None:
    assert silent(REQUEST, turn_of(text))
    assert asked(LAST, turn_of(text)).ref == "asked"


def test_the_first_fallback_asks_for_other_words_and_offers_a_human() -> None:
    reply = asked(LAST, turn_of("量子纠缠"))
    assert plain_text(reply.blocks[:1]).startswith("这个问题我还没学会")
    assert reply.blocks[1] == Buttons((Button("handoff", "转人工", payload="/handoff"),))
    assert (reply.events, reply.handoff, reply.score) == ((HandoffOffered("fallback"),), True, 0.0)


def test_the_second_fallback_in_a_row_brings_the_form() -> None:
    once = DialogueState().apply(asked(LAST, turn_of("量子纠缠")).events)
    reply = asked(LAST, turn_of("还是量子纠缠", state=once))
    assert form_in(reply.blocks).form_id == "leave_message"


def test_a_third_fallback_does_not_repeat_the_form() -> None:
    state = DialogueState(fallbacks=2)
    assert asked(LAST, turn_of("量子纠缠", state=state)).ref == "fallback"


def test_an_answer_in_between_starts_over() -> None:
    state = DialogueState(fallbacks=1).apply([])
    assert asked(LAST, turn_of("量子纠缠", state=state)).ref == "fallback"


@pytest.mark.parametrize("stage", [REQUEST, LAST])
def test_the_button_brings_the_form(stage: Stage) -> None:
    reply = asked(stage, turn_of("转人工", payload=Pressed("/handoff")))
    assert form_in(reply.blocks).title == "给工作人员留言"


@pytest.mark.parametrize("stage", [REQUEST, LAST])
def test_a_sent_form_is_thanked_for_and_becomes_a_left_message(stage: Stage) -> None:
    values = {"text": "没收到货 ", "name": "", "contact": " 13800138000"}
    reply = asked(stage, turn_of("给工作人员留言", payload=Submitted("leave_message", values)))
    assert reply.events == (MessageLeft(name="", contact="13800138000", text="没收到货"),)
    assert not reply.handoff
    assert "13800138000" not in plain_text(reply.blocks)


def test_a_form_of_a_task_is_none_of_its_business() -> None:
    assert silent(REQUEST, turn_of("", payload=Submitted("order", {})))


def test_none_of_these_asks_for_other_words() -> None:
    reply = asked(LAST, turn_of("都不是", payload=Picked(None)))
    assert reply.ref == "none_of_these"
    assert isinstance(reply.blocks[1], Buttons)


def test_english_customers_read_english() -> None:
    reply = asked(LAST, turn_of("quantum entanglement", locale="en"))
    assert plain_text(reply.blocks).endswith("[Talk to a human]")


@pytest.mark.parametrize(
    ("contact", "good"),
    [
        ("13800138000", True),
        ("+86 138-0013-8000", True),
        ("li.na@example.com", True),
        ("微信", False),
        ("12345", False),
        ("li@na", False),
    ],
)
def test_the_contact_field_takes_a_phone_number_or_an_address(contact: str, good: bool) -> None:
    fields = form_in(asked(REQUEST, turn_of("转人工")).blocks).fields
    pattern = next(item.pattern for item in fields if item.name == "contact")
    assert pattern is not None
    assert bool(re.fullmatch(pattern, contact)) is good


def test_a_missing_language_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "texts.toml"
    words = TEXTS.read_text(encoding="utf-8").replace(', en = "Cancel"', "")
    path.write_text(words, encoding="utf-8")
    with pytest.raises(BadInput, match=r"texts\.toml: handoff\.cancel: lacks its 'en' sentence"):
        handoff_texts(path)


def test_an_unknown_sentence_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "texts.toml"
    words = TEXTS.read_text(encoding="utf-8").replace("fallback =", "fallbck =", 1)
    path.write_text(words, encoding="utf-8")
    with pytest.raises(BadInput, match="unknown sentence 'fallbck'; did you mean 'fallback'"):
        handoff_texts(path)
