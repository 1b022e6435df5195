"""What a generated text claims has to stand somewhere in the conversation."""

import pytest

from cs_bot.stages.chat.grounding import ungrounded


@pytest.mark.parametrize(
    "text",
    [
        "您好，很高兴为您服务。",
        "祝您一天愉快！",
        "One moment, I will think about it.",
        "您可以换个说法再问我一次。",
    ],
)
def test_small_talk_claims_nothing(text: str) -> None:
    assert ungrounded(text, []) == ()


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("退款 3 个工作日到账", "3"),
        ("运费是12.50元", "12.50"),
        ("请拨打400-123-4567", "400-123-4567"),
        ("请访问 https://shop.example/help 查看", "https://shop.example/help"),
        ("see shop-help.com for more", "shop-help.com"),
        ("write to help@shop.com", "help@shop.com"),
        ("十天内可以退货", "十天"),
        ("满三百元包邮", "三百元"),
        ("it takes five business days", "five business days"),
        ("ends on 2026-11-11", "2026-11-11"),
        ("一共１２３元", "123"),
    ],
)
def test_a_claim_without_evidence_is_named(text: str, claim: str) -> None:
    assert claim in ungrounded(text, ["怎么退货", "您好"])


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("您说的 1,299 元", "我付了1299元"),
        ("您说的12.5元", "运费12.50"),
        ("三天没到，确实久了", "已经三天了"),
        ("您给的 HTTPS://A.cn/x 我看不了", "看这个 https://a.cn/x"),
        ("five days is long", "I waited five days"),
    ],
)
def test_what_the_customer_said_may_be_repeated(text: str, evidence: str) -> None:
    assert ungrounded(text, [evidence]) == ()


def test_a_part_of_a_number_is_no_evidence_for_it() -> None:
    assert ungrounded("您有 12 件", ["订单 20261299"]) == ("12",)
