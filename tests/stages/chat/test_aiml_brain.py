"""AIML: plain Chinese patterns, context, memory that belongs to the conversation, strict files."""

from dataclasses import replace
from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.chat.aiml_brain import AimlBrain, Said
from cs_bot.testing.turns import AT

SAID = Said("", "", {}, "小助手", "c1\nm_1", AT)
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<aiml version="1.0.1">
  <category><pattern>你是谁</pattern><template>我是<bot name="name"/>。</template></category>
  <category><pattern>你叫什么</pattern><template><srai>你是谁</srai></template></category>
  <category><pattern>我叫*</pattern>
    <template>您好，<set name="name"><star/></set>。</template></category>
  <category><pattern>我叫什么</pattern><template>您叫<get name="name"/>。</template></category>
  <category><pattern>I LIKE *</pattern><template>Why <star/>?</template></category>
  <category><pattern>WHAT'S UP</pattern><template>All good.</template></category>
  <category><pattern>BOT_NAME 在吗</pattern><template>在。</template></category>
  <category><pattern>好</pattern><that>要帮忙吗</that><template>请说。</template></category>
  <category><pattern>好</pattern><template>嗯。</template></category>
  <category><pattern>随便</pattern><template><random>
    <li>一</li><li>二</li><li>三</li><li>四</li></random></template></category>
  <category><pattern>循环</pattern><template><srai>循环</srai></template></category>
  <category><pattern>颜色</pattern><template><condition>
    <li name="color" value="红色">红</li><li>不知道</li></condition></template></category>
  <category><pattern>今天</pattern><template><date/></template></category>
  <topic name="天气">
    <category><pattern>明天呢</pattern><template>也晴。</template></category></topic>
  <category><pattern>天气</pattern>
    <template><think><set name="topic">天气</set></think>晴。</template></category>
  <category><pattern>空</pattern><template><think>x</think></template></category>
</aiml>
"""


def brain(directory: Path, text: str = FILE) -> AimlBrain:
    path = directory / "talk.aiml"
    path.write_text(text, encoding="utf-8")
    return AimlBrain([path], bot_names=["小助手", "Assistant"])


def says(talk: AimlBrain, text: str, **context: object) -> str | None:
    answer = talk.answer(replace(SAID, text=text, **context))  # type: ignore[arg-type]  # fields of Said
    return None if answer is None else answer.text


def test_chinese_patterns_are_written_as_plain_text(tmp_path: Path) -> None:
    assert says(brain(tmp_path), "你是谁") == "我是小助手。"


def test_an_utterance_matches_as_a_whole(tmp_path: Path) -> None:
    assert says(brain(tmp_path), "你是谁家的快递") is None


def test_srai_hands_over_to_another_pattern(tmp_path: Path) -> None:
    answer = brain(tmp_path).answer(replace(SAID, text="你叫什么"))
    assert answer is not None
    assert (answer.text, answer.category) == ("我是小助手。", "你叫什么")


def test_a_star_is_what_was_said_in_its_place(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    assert says(talk, "I like green tea") == "Why green tea?"
    assert says(talk, "我叫小明") == "您好，小明。"


def test_contractions_match_their_long_form(tmp_path: Path) -> None:
    assert says(brain(tmp_path), "what is up") == "All good."


def test_the_bot_is_addressed_by_its_name_in_any_language(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    assert says(talk, "小助手在吗") == "在。"
    assert says(talk, "assistant 在吗") == "在。"


def test_that_is_the_last_sentence_of_the_previous_reply(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    assert says(talk, "好", previous_reply="您好。要帮忙吗？") == "请说。"
    assert says(talk, "好", previous_reply="再见。") == "嗯。"
    assert says(talk, "好") == "嗯。"


def test_what_is_set_comes_out_and_what_is_known_goes_in(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    answer = talk.answer(replace(SAID, text="我叫小明"))
    assert answer is not None
    assert answer.predicates == {"name": "小明"}
    assert says(talk, "我叫什么", predicates=answer.predicates) == "您叫小明。"
    assert says(talk, "颜色", predicates={"color": "红色"}) == "红"


def test_nothing_stays_in_the_kernel_between_two_calls(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    says(talk, "我叫小明")
    assert says(talk, "我叫什么", predicates={"name": "Anna"}) == "您叫Anna。"
    assert says(talk, "颜色") == "不知道"


def test_a_topic_lives_in_the_conversation(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    answer = talk.answer(replace(SAID, text="天气"))
    assert answer is not None
    assert says(talk, "明天呢", predicates=answer.predicates) == "也晴。"
    assert says(talk, "明天呢") is None


def test_a_random_reply_is_the_same_when_the_turn_is_replayed(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    first = [says(talk, "随便", seed=f"m_{n}") for n in range(20)]
    assert first == [says(talk, "随便", seed=f"m_{n}") for n in range(20)]
    assert len(set(first)) > 1


def test_the_date_is_that_of_the_message(tmp_path: Path) -> None:
    assert says(brain(tmp_path), "今天") == "2026-01-01"


def test_a_circle_of_patterns_has_an_end(tmp_path: Path) -> None:
    assert says(brain(tmp_path), "循环") is None


def test_an_empty_or_endless_utterance_has_no_answer(tmp_path: Path) -> None:
    talk = brain(tmp_path)
    assert says(talk, "") is None
    assert says(talk, "空") is None
    assert says(talk, "我叫" + "好" * 5000) is None


def test_loading_and_answering_are_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(brain(tmp_path), "循环")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("inside", "says_what"),
    [
        ("<category><pattern>X</pattern></category>", "talk.aiml:3: Unexpected </category>"),
        ("<category><pattern>X</pattern>\n<template><sraix/>", "talk.aiml:4: Unexpected <sraix>"),
        ("<category><pattern>X</pattern>\n<template><get/>", 'talk.aiml:4: Required "name"'),
        ("<category><pattern>X</template>", "talk.aiml:3: not valid XML: mismatched tag"),
        (
            "<category><pattern>X</pattern><template><system>ls</system>",
            "talk.aiml:3: <system> is not allowed; remove it",
        ),
        ("\n<category><pattern>X</pattern><template><learn>", "talk.aiml:4: <learn> is not"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, inside: str, says_what: str) -> None:
    with pytest.raises(BadInput) as caught:
        brain(tmp_path, f'<?xml version="1.0"?>\n<aiml version="1.0.1">\n{inside}\n</aiml>')
    assert says_what in str(caught.value)


def test_elements_of_a_later_aiml_are_named_and_not_dropped(tmp_path: Path) -> None:
    text = FILE.replace('version="1.0.1"', 'version="2.0"').replace("<date/>", "<sraix/>")
    with pytest.raises(BadInput, match=r"<sraix> is no element of AIML 1\.0\.1"):
        brain(tmp_path, text)
