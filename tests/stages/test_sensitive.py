"""The sensitive filter: refuses kindly, masks the log, lets ordinary customers through."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from cs_bot.blocks import plain_text
from cs_bot.errors import BadInput
from cs_bot.events import DialogueState
from cs_bot.router import FailsClosed
from cs_bot.stages.sensitive import SensitiveFilter
from cs_bot.testing.turns import turn_of
from cs_bot.text.lexicon import Lexicon, load_lexicon
from cs_bot.types import Abstain, Reply, Submitted, Turn

STARTER = Path(__file__).parents[2] / "knowledge" / "sensitive"

CATEGORIES = """
[categories]
grave = { action = "block", template = "care" }
insult = { action = "block", template = "calm" }
rude = { action = "mask" }
[help]
hotline = { zh = "热线 1", en = "line 1" }
[replies]
care = { zh = "请拨打{hotline}。", en = "Please call {hotline}." }
calm = { zh = "请您慢慢说。", en = "Please take your time." }
broken = { zh = "请稍后再试。", en = "Please try again." }
"""
WORDS = "word,category,action\n# a comment\n坏词,insult,\n很坏,grave,\n哼,rude,\n切切,rude,pass\n"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "categories.toml").write_text(CATEGORIES, encoding="utf-8")
    (tmp_path / "words.csv").write_text(WORDS, encoding="utf-8")
    (tmp_path / "allow.txt").write_text("# films\n坏词大全\n", encoding="utf-8")
    return tmp_path


def asked(stage: SensitiveFilter, turn: Turn) -> Reply | Abstain:
    return asyncio.run(stage.handle(turn))


def test_a_blocked_word_is_refused_in_the_language_of_the_turn(lists: Path) -> None:
    stage = SensitiveFilter(load_lexicon(lists))
    zh, en = (asked(stage, turn_of("你这坏*词", locale=locale)) for locale in ("zh", "en"))
    assert isinstance(zh, Reply)
    assert isinstance(en, Reply)
    assert (plain_text(zh.blocks), plain_text(en.blocks)) == (
        "请您慢慢说。",
        "Please take your time.",
    )
    assert (zh.ref, zh.logged_text) == ("calm", "你这***")
    assert zh.detail == {"categories": ["insult"]}


def test_the_graver_reply_wins_and_names_the_help_line(lists: Path) -> None:
    reply = asked(SensitiveFilter(load_lexicon(lists)), turn_of("坏词，很坏"))
    assert isinstance(reply, Reply)
    assert (reply.ref, plain_text(reply.blocks)) == ("care", "请拨打热线 1。")


def test_a_masked_word_is_answered_as_usual_and_not_logged(lists: Path) -> None:
    outcome = asked(SensitiveFilter(load_lexicon(lists)), turn_of("哼，怎么退货"))
    assert outcome == Abstain("masked", logged_text="*，怎么退货", detail={"categories": ["rude"]})


def test_a_passed_word_shows_in_the_trace_only(lists: Path) -> None:
    outcome = asked(SensitiveFilter(load_lexicon(lists)), turn_of("切切"))
    assert outcome == Abstain("clean", detail={"categories": ["rude"]})


def test_an_ordinary_message_is_clean(lists: Path) -> None:
    assert asked(SensitiveFilter(load_lexicon(lists)), turn_of("怎么退货")) == Abstain("clean")


def test_an_allowed_phrase_is_clean(lists: Path) -> None:
    assert asked(SensitiveFilter(load_lexicon(lists)), turn_of("坏词大全")) == Abstain("clean")


@pytest.mark.parametrize("slot", [None, "phone"])
def test_a_phone_number_is_masked_in_the_log_and_never_refused(
    lists: Path, slot: str | None
) -> None:
    turn = turn_of("电话13800138000", state=DialogueState(task="t", requested_slot=slot))
    outcome = asked(SensitiveFilter(load_lexicon(lists)), turn)
    assert outcome == Abstain(
        "masked", logged_text="电话***********", detail={"personal": ["phone"]}
    )


def test_a_left_message_arrives_whatever_it_says(lists: Path) -> None:
    form = Submitted("leave_message", {"text": "你们很坏", "contact": "13800138000"})
    outcome = asked(SensitiveFilter(load_lexicon(lists)), turn_of("给工作人员留言", payload=form))
    assert outcome == Abstain("clean", detail={"categories": ["grave"]})


def test_a_broken_filter_ends_the_turn_and_keeps_no_words(lists: Path) -> None:
    stage = SensitiveFilter(load_lexicon(lists))
    reply = stage.when_broken(turn_of("坏词"))
    assert isinstance(stage, FailsClosed)
    assert (plain_text(reply.blocks), reply.logged_text) == ("请稍后再试。", "**")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("words.csv", "word,category\n坏词,insul\n", "words.csv:2: unknown category 'insul'; did"),
        ("words.csv", "坏词,insult\n", "words.csv:1: the first row must name the columns"),
        ("words.csv", "word,category\n\n坏词\n", "words.csv:3: 1 columns"),
        ("words.csv", "word,category,action\n坏词,insult,blok\n", "words.csv:2: unknown action"),
        ("words.csv", "word,category\n坏词,insult\n坏词,rude\n", "words.csv:3: '坏词' is listed"),
        ("words.csv", "word,category\n***,rude\n", "words.csv:2: '***' has no letter"),
        ("words.csv", "word,category,action\n哼,rude,block\n", "words.csv:2: '哼' is blocked, but"),
        ("categories.toml", "[replies]\n", "categories.toml: help: there are no sentences"),
        ("categories.toml", "[help\n", "categories.toml: not valid TOML"),
        (
            "categories.toml",
            CATEGORIES.replace(', en = "Please take your time."', ""),
            "categories.toml: replies.calm: lacks its 'en' sentence",
        ),
        (
            "categories.toml",
            CATEGORIES.replace("{hotline}。", "{hotlin}。"),
            "categories.toml: replies.care.zh: unknown value 'hotlin'; did you mean 'hotline'?",
        ),
        (
            "categories.toml",
            CATEGORIES.replace('template = "calm"', 'template = "clam"'),
            "categories.toml: categories.insult: unknown reply 'clam'; did you mean 'calm'?",
        ),
    ],
)
def test_a_mistake_in_a_list_is_named_with_its_place(
    lists: Path, name: str, text: str, says: str
) -> None:
    (lists / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_lexicon(lists)
    assert says in str(caught.value)


def test_a_list_in_another_encoding_is_named_with_its_line(lists: Path) -> None:
    (lists / "words.csv").write_bytes(b"word,category\n" + "坏词,insult".encode("gb18030"))
    with pytest.raises(BadInput, match=r"words\.csv:2: not UTF-8"):
        load_lexicon(lists)


@pytest.fixture(scope="module")
def starter() -> Lexicon:
    return load_lexicon(STARTER)


@pytest.mark.parametrize("text", ["我不想活了", "I want to kill myself", "活着没意思"])
def test_somebody_in_need_gets_care_and_a_number_to_call(starter: Lexicon, text: str) -> None:
    stage = SensitiveFilter(starter)
    for locale, number in (("zh", "12356"), ("en", "988")):
        reply = asked(stage, replace(turn_of(text), locale=locale))
        assert isinstance(reply, Reply)
        assert reply.ref == "self_harm"
        assert number in plain_text(reply.blocks)


@pytest.mark.parametrize(
    "text",
    [
        "想死你们家的面包了",
        "这件毛衣沙比较细吗",
        "我妈妈的订单到哪了",
        "I had a heart attack last week, can I cancel?",
        "Can you shoot you an email later",
        "我的卡被盗刷了怎么办",
        "my stolen card was used, what now",
    ],
)
def test_the_starter_lists_let_ordinary_customers_through(starter: Lexicon, text: str) -> None:
    outcome = asked(SensitiveFilter(starter), turn_of(text))
    assert isinstance(outcome, Abstain)
    assert outcome.reason == "clean"
