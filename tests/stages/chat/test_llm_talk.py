"""Generated small talk: asked with a prompt, sent only when nothing speaks against it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cs_bot.blocks import Text
from cs_bot.errors import BadInput
from cs_bot.llm.openai_compatible import OpenAICompatible
from cs_bot.stages.chat.llm_talk import LLMTalk, LLMTalkSettings, load_prompt
from cs_bot.testing.llm_server import ScriptedLLMServer, fails, says, scripted_llm_server
from cs_bot.testing.turns import turn_of
from cs_bot.text.lexicon import Category, Entry, Lexicon
from cs_bot.text.texts import Texts
from cs_bot.types import Abstain, Exchange, Reply, Turn

PROMPT = Path(__file__).parents[3] / "dialogs" / "chat" / "prompt.md"
ABUSE = Category("abuse", "block", "calm")
LEXICON = Lexicon({"坏词": Entry("坏词", ABUSE, "block")}, frozenset(), Texts({}))


@pytest.fixture
async def server() -> AsyncIterator[ScriptedLLMServer]:
    async with scripted_llm_server() as scripted:
        yield scripted


async def asked(
    server: ScriptedLLMServer, turn: Turn, settings: LLMTalkSettings | None = None
) -> Reply | Abstain:
    llm = OpenAICompatible(server.url, "m1", sleep=_at_once)
    names = {"zh": "小助手", "en": "Assistant"}
    talk = LLMTalk(llm, "{bot_name}: {language}", LEXICON, bot_names=names, settings=settings)
    try:
        return await talk.answer(turn)
    finally:
        await llm.close()


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_good_words_are_sent_as_generated(server: ScriptedLLMServer) -> None:
    server.script(says("<think>kind</think>\n今天也要开心呀。"))
    reply = await asked(server, turn_of("今天心情一般"))
    assert reply == Reply(
        (Text("今天也要开心呀。"),), generated=True, detail={"tokens_in": 7, "tokens_out": 3}
    )


async def test_the_model_sees_prompt_history_and_the_masked_question(
    server: ScriptedLLMServer,
) -> None:
    server.script(says("好的。"))
    past = [Exchange("你好", "您好。", "chat")]
    await asked(server, turn_of("我13800138000", history=past, logged_text="我***********"))
    assert server.requests[0]["messages"] == [
        {"role": "system", "content": "小助手: 简体中文"},
        {"role": "user", "content": "你好"},
        {"role": "assistant", "content": "您好。"},
        {"role": "user", "content": "我***********"},
    ]


async def test_old_history_is_left_out_when_it_is_too_long(server: ScriptedLLMServer) -> None:
    server.script(says("好的。"))
    past = [Exchange("旧" * 50, "旧", "chat"), Exchange("新", "新", "chat")]
    settings = LLMTalkSettings(history_characters=20)
    await asked(server, turn_of("你好", history=past), settings)
    assert [item["content"] for item in server.requests[0]["messages"][1:]] == ["新", "新", "你好"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("运费 15 元。", "not_grounded"),
        ("请访问 https://shop.example。", "not_grounded"),
        ("你这个坏 词。", "blocked_output"),
        ("PASS", "not_small_talk"),
        ("  ", "empty_output"),
        ("<think>the budget ran out", "empty_output"),
    ],
)
async def test_what_must_not_be_said_is_not_sent(
    server: ScriptedLLMServer, text: str, reason: str
) -> None:
    server.script(says(text))
    outcome = await asked(server, turn_of("你们好吗"))
    assert isinstance(outcome, Abstain)
    assert outcome.reason == reason
    assert outcome.detail == {"tokens_in": 7, "tokens_out": 3}


async def test_a_number_the_customer_wrote_may_be_said_back(server: ScriptedLLMServer) -> None:
    server.script(says("等了 5 天，辛苦您了。"))
    assert isinstance(await asked(server, turn_of("我等了5天了")), Reply)


async def test_a_sentence_that_was_cut_off_is_left_out(server: ScriptedLLMServer) -> None:
    server.script(says("辛苦您了。我会一直", finish="length"))
    reply = await asked(server, turn_of("好累"))
    assert isinstance(reply, Reply)
    assert reply.blocks == (Text("辛苦您了。"),)


async def test_a_failing_endpoint_is_an_abstention(server: ScriptedLLMServer) -> None:
    server.script(fails(500), fails(500))
    outcome = await asked(server, turn_of("你好"))
    assert isinstance(outcome, Abstain)
    assert outcome.reason == "llm_failed"
    assert "answered 500" in outcome.detail["why"]


def test_the_starter_prompt_uses_only_what_there_is() -> None:
    assert load_prompt(PROMPT).format(bot_name="小助手", language="English")


def test_an_unknown_value_in_the_prompt_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prompt.md"
    path.write_text("You are {bot}.", encoding="utf-8")
    with pytest.raises(BadInput, match="unknown value 'bot'; did you mean 'bot_name'"):
        load_prompt(path)
