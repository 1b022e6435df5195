from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.text.normalize import normalized, simplified


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
