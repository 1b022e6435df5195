"""The small talk of the starter bot, as customers have it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState, MemorySet
from cs_bot.models.lane import Lane
from cs_bot.stages.chat.aiml_brain import AimlBrain
from cs_bot.stages.chat.aiml_talk import AimlTalk
from cs_bot.stages.chat.stage import LAST, ChatStage
from cs_bot.stages.chat.template_file import load_templates
from cs_bot.stages.chat.templates import TemplateTalk
from cs_bot.testing.turns import turn_of
from cs_bot.text.language import language_of
from cs_bot.types import Abstain, Exchange, Picked, Pressed, Reply, Submitted, Turn

DIALOGS = Path(__file__).parents[3] / "dialogs" / "chat"
NAMES = {"zh": "小助手", "en": "Assistant"}


@pytest.fixture(scope="module")
def stage() -> Iterator[ChatStage]:
    lane = Lane("aiml")
    brain = AimlBrain(sorted(DIALOGS.glob("*.aiml")), bot_names=NAMES.values())
    templates = load_templates(DIALOGS / "templates.yml")
    yield ChatStage(
        [TemplateTalk(templates, bot_names=NAMES), AimlTalk(brain, lane, bot_names=NAMES)]
    )
    lane.close()


def heard(stage: ChatStage, text: str) -> Reply | Abstain:
    return asyncio.run(stage.handle(turn_of(text, locale=language_of(text) or "zh")))


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("你好", "greeting"),
        ("您好，在吗？", "greeting"),
        ("Hello there!", "greeting"),
        ("谢谢你", "thanks"),
        ("Thanks a lot!", "thanks"),
        ("再见", "goodbye"),
        ("That's all, bye", "goodbye"),
        ("bye bye", "goodbye"),
        ("你是谁？", "你是谁"),
        ("What's your name?", "WHAT IS YOUR NAME"),
        ("你能做什么", "你能做什么"),
        ("What can you do?", "WHAT CAN YOU DO"),
        ("你是机器人吗", "你是机器人吗"),
        ("are you a bot", "ARE YOU A BOT"),
        ("你好吗", "你好吗"),
        ("How are you?", "HOW ARE YOU"),
        ("你太棒了", "praise"),
        ("You're so helpful", "praise"),
        ("气死我了", "upset"),
        ("This is ridiculous!", "upset"),
        ("讲个笑话", "讲个笑话"),
        ("Tell me a joke", "TELL ME A JOKE"),
        ("我叫小明", "my_name_is"),
        ("I am Anna", "i_am"),
        ("My name is Anna", "my_name_is"),
        ("哈哈哈", "laughing"),
        ("\U0001f44d", "signs_only"),
    ],
)
def test_small_talk_is_answered(stage: ChatStage, text: str, ref: str) -> None:
    outcome = heard(stage, text)
    assert (outcome.ref if isinstance(outcome, Reply) else None) == ref


@pytest.mark.parametrize(
    "text",
    [
        "你好，怎么退货",
        "hi, how do I return this",
        "谢谢，但是我的快递还没到",
        "我叫的快递怎么还没到",
        "我叫了人来取件",
        "我是会员有什么优惠",
        "I am angry about my order 123",
        "I am waiting",
        "I am Chinese",
        "call me back tomorrow",
        "你是哪家快递",
        "你能做什么样的定制",
        "这个东西很棒吗",
        "thank you card size",
        "good morning delivery available",
        "人工智能音箱多少钱",
        "量子力学是什么",
    ],
)
def test_a_question_never_lands_in_small_talk(stage: ChatStage, text: str) -> None:
    assert heard(stage, text) == Abstain("miss")


def test_a_name_is_remembered_and_used(stage: ChatStage) -> None:
    first = heard(stage, "我叫小明")
    assert isinstance(first, Reply)
    state = DialogueState().apply(first.events)
    reply = asyncio.run(stage.handle(turn_of("你还记得我叫什么吗", state=state)))
    assert isinstance(reply, Reply)
    assert "小明" in plain_text(reply.blocks)
    assert isinstance(unknown := heard(stage, "你还记得我叫什么吗"), Reply)
    assert unknown.ref == "what_is_my_name_unknown"


def test_a_follow_up_is_understood_after_its_question(stage: ChatStage) -> None:
    joke = heard(stage, "讲个笑话")
    assert isinstance(joke, Reply)
    past = [Exchange("讲个笑话", plain_text(joke.blocks), "chat")]
    assert heard(stage, "不需要") == Abstain("miss")
    reply = asyncio.run(stage.handle(turn_of("不需要", history=past)))
    assert isinstance(reply, Reply)
    assert reply.ref == "不需要"


async def test_conversations_at_the_same_time_do_not_mix(stage: ChatStage) -> None:
    colors = [f"shade{letter}" for letter in "abcdefghij"]
    turns = [
        turn_of(
            "What is my favorite color?",
            locale="en",
            conversation_id=color,
            state=DialogueState(memory={"color": color}),
        )
        for color in colors
    ]
    replies = await asyncio.gather(*(stage.handle(turn) for turn in turns))
    told = [plain_text(reply.blocks) for reply in replies if isinstance(reply, Reply)]
    assert told == [f"You told me you like {color}." for color in colors]


@pytest.mark.parametrize("payload", [Picked(None), Pressed("/handoff"), Submitted("f", {})])
def test_choices_and_forms_are_no_small_talk(
    stage: ChatStage, payload: Picked | Pressed | Submitted
) -> None:
    turn = turn_of("你好", payload=payload)
    assert asyncio.run(stage.handle(turn)) == Abstain("not_text")


@dataclass
class Says:
    """A way of talking that always says the same."""

    outcome: Reply | Abstain

    async def answer(self, turn: Turn) -> Reply | Abstain:
        return self.outcome


def test_the_first_way_of_talking_that_answers_stands() -> None:
    first = ChatStage([Says(Abstain("miss")), Says(Reply((), ref="b")), Says(Reply((), ref="c"))])
    outcome = asyncio.run(first.handle(turn_of("你好")))
    assert outcome == Reply((), ref="b", events=(MemorySet(LAST, "b"),))


def test_the_last_reason_is_told_when_nobody_answers() -> None:
    silent = ChatStage([Says(Abstain("miss")), Says(Abstain("not_grounded"))])
    assert asyncio.run(silent.handle(turn_of("你好"))) == Abstain("not_grounded")


@pytest.mark.parametrize(
    "name", ["zh-faq-ecommerce", "zh-faq-banking", "zh-faq-product", "zh-faq-mssupport"]
)
def test_real_questions_of_other_shops_are_left_alone(
    stage: ChatStage, public_data: Path, name: str
) -> None:
    path = public_data / name / "queries.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:1000]]
    assert [row["query"] for row in rows if isinstance(heard(stage, row["query"]), Reply)] == []
