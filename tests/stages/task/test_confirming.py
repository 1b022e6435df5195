"""What is a yes and what is a no, and what is neither."""

import pytest

from cs_bot.stages.task.confirming import is_confirmed
from cs_bot.types import Reading

YES = [
    *(
        "是的",
        "好的，提交吧",
        "嗯嗯，可以",
        "没问题，麻烦了",
        "对，就这样",
        "确认无误",
        "OK的",
        "行吧",
        "办！",
    ),
    *(
        "yes",
        "Yes, please.",
        "sure, go ahead",
        "that's right",
        "looks good, submit it",
        "Confirmed!",
    ),
    *("ok then", "everything is correct, please proceed"),
]
NO = [
    *(
        "不",
        "不用了",
        "先不提交",
        "算了",
        "别提交",
        "我再想想",
        "不对",
        "不了，下次再说",
        "先不办理了",
    ),
    *("no", "nope, thanks", "don't submit it", "hold on", "never mind", "not yet"),
]
NEITHER = [
    *(
        "好像不对",
        "可以换成红色吗",
        "是质量问题",
        "对了，运费谁出",
        "不对，是20240002",
        "确认一下邮箱是什么",
    ),
    *("yes but it is broken", "is that right?", "ok, what about the postage", "no, it is 20240002"),
    *("", "?", "好" * 100, "帮我给我" * 30, "不要红色的", "别的颜色有吗"),
]


@pytest.mark.parametrize("words", YES)
def test_a_yes_is_a_yes_however_it_is_put(words: str) -> None:
    assert is_confirmed(words, Reading()) is True


@pytest.mark.parametrize("words", NO)
def test_a_no_is_a_no(words: str) -> None:
    assert is_confirmed(words, Reading()) is False


@pytest.mark.parametrize("words", NEITHER)
def test_what_says_more_is_neither(words: str) -> None:
    assert is_confirmed(words, Reading()) is None
