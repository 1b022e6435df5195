from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.channels.frames import TEXT_CHARS
from cs_bot.text.normalize import MOST_READ, normalized, query_of, simplified
from cs_bot.text.synonyms import Synonyms


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("请问，怎么退货？谢谢！", "怎么退货"),
        ("您好 怎么退货啊", "怎么退货啊"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("我要 退 货", "我要退货"),
        ("買的東西還沒收到", "买的东西还没收到"),
        ("伺服器無法開啟檔案", "服务器无法打开文件"),
        ("Hi, can you tell me how to pay? Thanks!", "how to pay"),
        ("  Where's   my parcel ?? ", "where's my parcel"),
        ("1：1 呼叫录制", "1:1 呼叫录制"),
        ("退\u200b货", "退货"),
    ],
)
def test_spellings_of_one_question_meet_in_one_form(written: str, matched: str) -> None:
    assert normalized(written) == matched


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("ＶＩＰ　９折", "vip 9折"),
        ("（退货）１２％", "(退货)12%"),
        ("１５㎏", "15kg"),
        ("①②", "12"),
    ],
)
def test_width_and_compatibility_forms_do_not_matter(written: str, matched: str) -> None:
    assert normalized(written) == matched


@pytest.mark.parametrize(
    ("written", "matched"),
    [("Where Is My ORDER", "where is my order"), ("Straße", "strasse"), ("iPhone", "iphone")],
)
def test_case_does_not_matter(written: str, matched: str) -> None:
    assert normalized(written) == matched


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("怎么換貨", "怎么换货"),
        ("什么時候到", "什么时候到"),
        ("請問發票怎麼開", "发票怎么开"),
        ("賬號登錄不了", "账号登录不了"),
        ("軟體更新失敗", "软件更新失败"),
        ("網路斷線", "网络断线"),
        ("收不到簡訊", "收不到短信"),
        ("線上客服", "在线客服"),
        ("寬頻多少錢", "宽带多少钱"),
    ],
)
def test_traditional_chinese_and_taiwans_words_become_the_mainlands(
    written: str, matched: str
) -> None:
    assert normalized(written) == matched


def test_a_word_of_taiwan_in_simplified_characters_is_for_the_operators_synonyms() -> None:
    assert normalized("软体") == "软体"
    assert Synonyms([["软件", "软体"]]).folded(normalized("软体更新")) == "软件更新"


@pytest.mark.parametrize("said", ["你好", "谢谢", "hello", "请问", "thanks", "亲"])
def test_filler_that_is_all_that_was_said_stays(said: str) -> None:
    assert normalized(said) == said


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b"])
def test_nothing_said_is_empty(text: str) -> None:
    assert normalized(text) == ""


def test_marks_that_are_all_that_was_said_stay() -> None:
    assert normalized("？") == "?"


def test_words_inside_a_question_are_no_filler() -> None:
    assert normalized("收到你好利来的蛋糕没有") == "收到你好利来的蛋糕没有"
    assert normalized("亲子装有吗") == "亲子装有吗"
    assert normalized("please is a word") == "is a word"
    assert normalized("pleased to meet you") == "pleased to meet you"


def test_simplified_text_is_not_touched() -> None:
    assert simplified("档案里的文件") == "档案里的文件"


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@given(st.text(alphabet="请问谢谢你好亲hi, please乾著後發麵?！。 \u3000", max_size=40))
def test_normalising_twice_is_normalising_once_where_rules_meet(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


def test_all_that_a_channel_lets_in_is_read_and_of_more_the_beginning() -> None:
    assert MOST_READ == TEXT_CHARS
    whole = "请问" + "退" * (TEXT_CHARS - 2)
    assert query_of(whole) == normalized(whole)
    assert query_of(whole + "货" * 16_000) == query_of(whole)
