"""Small talk by regular expressions: whole utterances, captures, context, repeatable wording."""

import asyncio
from pathlib import Path

import pytest

from cs_bot.blocks import Button, Buttons, plain_text
from cs_bot.errors import BadInput
from cs_bot.events import DialogueState, HandoffOffered, MemorySet
from cs_bot.stages.chat.stage import LAST
from cs_bot.stages.chat.template_file import load_templates
from cs_bot.stages.chat.templates import TemplateTalk, spoken
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Exchange, Reply, Turn

FILE = """
- name: name
  patterns: ['call me (?P<name>[a-z]+)', '叫我(?P<name>.{1,4})']
  remember: [name]
  replies: {zh: '{name}，您好。', en: 'Hello {name}.'}
- name: thanks
  patterns: ['谢谢', 'thanks']
  replies:
    zh: ['不客气，{name}。', '不客气。']
    en: ['You are welcome, {name}.', 'You are welcome.']
- name: who
  patterns: [你是谁]
  replies: {zh: '我是{bot_name}。', en: "I'm {bot_name}."}
- name: whoami
  needs: [name]
  patterns: [我是谁]
  replies: {zh: '您是{name}。', en: 'You are {name}.'}
- name: again
  after: [thanks]
  patterns: [还有]
  replies: {zh: 您请说。, en: Go ahead.}
- name: city
  patterns: ['i am from [a-z]+']
  written: 'from [A-Z]'
  replies: {zh: 好地方。, en: Nice place.}
- name: upset
  patterns: [生气]
  replies: {zh: 抱歉。, en: Sorry.}
  buttons:
    - title: {zh: 转人工, en: Talk to a human}
      payload: /handoff
- name: many
  patterns: [随便]
  replies: {zh: [一, 二, 三, 四], en: one}
"""


@pytest.fixture
def talk(tmp_path: Path) -> TemplateTalk:
    return loaded(tmp_path, FILE)


def loaded(directory: Path, text: str) -> TemplateTalk:
    path = directory / "templates.yml"
    path.write_text(text, encoding="utf-8")
    return TemplateTalk(load_templates(path), bot_names={"zh": "小助手", "en": "Assistant"})


def answer(talk: TemplateTalk, turn: Turn) -> Reply:
    outcome = asyncio.run(talk.answer(turn))
    assert isinstance(outcome, Reply), outcome
    return outcome


def silent(talk: TemplateTalk, turn: Turn) -> bool:
    return asyncio.run(talk.answer(turn)) == Abstain("miss")


def test_the_reply_is_in_the_language_of_the_turn_and_names_its_template(
    talk: TemplateTalk,
) -> None:
    zh, en = (answer(talk, turn_of("你是谁？", locale=locale)) for locale in ("zh", "en"))
    assert (plain_text(zh.blocks), zh.ref) == ("我是小助手。", "who")
    assert plain_text(en.blocks) == "I'm Assistant."


@pytest.mark.parametrize("text", ["你是谁家的", "请问你是谁的客服", "thanks but where is my order"])
def test_a_pattern_matches_the_whole_utterance_only(talk: TemplateTalk, text: str) -> None:
    assert silent(talk, turn_of(text))


def test_a_capture_is_said_back_as_it_was_written_and_remembered(talk: TemplateTalk) -> None:
    reply = answer(talk, turn_of("Call me Anna!", locale="en"))
    assert plain_text(reply.blocks) == "Hello Anna."
    assert reply.events == (MemorySet("name", "Anna"),)


def test_a_wording_with_a_memory_is_used_only_when_there_is_one(talk: TemplateTalk) -> None:
    known = DialogueState(memory={"name": "小明"})
    strange = {plain_text(answer(talk, t).blocks) for t in numbered("谢谢", None)}
    familiar = {plain_text(answer(talk, t).blocks) for t in numbered("谢谢", known)}
    assert strange == {"不客气。"}
    assert familiar == {"不客气。", "不客气，小明。"}


def test_a_template_may_need_a_memory(talk: TemplateTalk) -> None:
    known = DialogueState(memory={"name": "小明"})
    assert plain_text(answer(talk, turn_of("我是谁", state=known)).blocks) == "您是小明。"
    assert silent(talk, turn_of("我是谁"))


def numbered(text: str, state: DialogueState | None) -> list[Turn]:
    return [turn_of(text, state=state, message_id=f"m_{n}") for n in range(20)]


def test_a_replayed_turn_has_the_same_wording(talk: TemplateTalk) -> None:
    first = [answer(talk, turn).blocks for turn in numbered("随便", None)]
    assert first == [answer(talk, turn).blocks for turn in numbered("随便", None)]
    assert len(set(first)) > 1


def test_a_template_may_depend_on_the_previous_one(talk: TemplateTalk) -> None:
    state = DialogueState(memory={LAST: "thanks"})
    assert answer(talk, turn_of("还有", state=state, history=[answered_by("chat")])).ref == "again"
    assert silent(talk, turn_of("还有", state=state, history=[answered_by("kbqa")]))
    assert silent(talk, turn_of("还有"))


def answered_by(stage: str) -> Exchange:
    return Exchange("谢谢", "不客气。", stage)


def test_capitals_may_tell(talk: TemplateTalk) -> None:
    assert answer(talk, turn_of("I am from Paris")).ref == "city"
    assert silent(talk, turn_of("I am from customs"))


def test_a_button_to_a_human_is_an_offer(talk: TemplateTalk) -> None:
    reply = answer(talk, turn_of("生气"))
    assert reply.blocks[1] == Buttons((Button("b1", "转人工", payload="/handoff"),))
    assert (reply.handoff, reply.events) == (True, (HandoffOffered("upset"),))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("你好,在吗", "你好在吗"),
        ("hi, there", "hi there"),
        ("what's up", "what's up"),
        ("你好 anna", "你好anna"),
        ("!!!", "!!!"),
    ],
)
def test_punctuation_does_not_count(query: str, words: str) -> None:
    assert spoken(query) == words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: x", "templates.yml:1: must be a list of templates"),
        ("- name: x\n  patterns: [a", "templates.yml:2: not valid YAML"),
        ("- patterns: [a]\n", "templates.yml:1: a template lacks its name"),
        ("- name: x\n  pattern: [a]\n", "templates.yml:2: unknown field 'pattern'; did you mean"),
        ("- name: x\n  patterns: a\n", "templates.yml:2: 'patterns' must be a list"),
        ("- name: x\n  patterns:\n    - a\n    - '('\n", "templates.yml:4: the pattern '(' is"),
        ("- name: x\n  patterns: [1]\n", "templates.yml:2: 1 in 'patterns' is no text"),
        ("- name: x\n  patterns: [a]\n", "templates.yml:1: 'replies' must have 'zh' and 'en'"),
        (
            "- name: x\n  patterns: [a]\n  replies: {zh: b}\n",
            "templates.yml:3: there is no 'en' reply",
        ),
        (
            "- name: x\n  patterns: [a]\n  replies: {zh: b, en: '{nam}'}\n",
            "templates.yml:1: unknown value 'nam'",
        ),
        (
            "- name: x\n  patterns: [a]\n  replies: {zh: b, en: '{'}\n",
            "templates.yml:1: braces do not match",
        ),
        (
            "- name: x\n  patterns: ['(?P<n>a)', b]\n  replies: {zh: b, en: '{n}'}\n",
            "every 'en' reply of 'x' needs a value that may be missing",
        ),
        (
            "- name: x\n  patterns: [a]\n  remember: [n]\n  replies: {zh: b, en: c}\n",
            "templates.yml:1: unknown capture 'n'",
        ),
        (
            "- name: x\n  patterns: [a]\n  needs: [y]\n  replies: {zh: b, en: c}\n",
            "templates.yml:1: unknown memory 'y'",
        ),
        (
            "- name: x\n  patterns: [a]\n  after: [y]\n  replies: {zh: b, en: c}\n",
            "templates.yml:1: unknown template 'y'",
        ),
        (
            "- name: x\n  patterns: [a]\n  replies: {zh: b, en: c}\n"
            "- name: x\n  patterns: [a]\n  replies: {zh: b, en: c}\n",
            "templates.yml:4: 'x' is there twice",
        ),
        (
            "- name: x\n  patterns: [a]\n  replies: {zh: b, en: c}\n  buttons: [{title: t}]\n",
            "templates.yml:4: a button needs a title and a payload",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        loaded(tmp_path, text)
    assert says in str(caught.value)
