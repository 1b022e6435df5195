"""What has not happened yet by the question, and has to by the answer."""

from __future__ import annotations

import pytest

from cs_bot.retrieval.contrast import excluded
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair


def kind_of(query: str, question: str, answer: str) -> str | None:
    """Return why the pair does not answer the question, None where it may."""
    found = excluded(normalized(query), QAPair("a", question, (), answer), str)
    return found.kind if found else None


@pytest.mark.parametrize(
    ("query", "question", "answer"),
    [
        ("我想退货，但是包裹还没签收，可以直接退吗", "支持退货吗", "签收后7天内可以申请退货。"),
        ("体检报告尚未上传，能预约手术吗", "怎么预约手术", "体检报告上传以后，在首页预约。"),
        ("还没收到货能申请保修吗", "怎么申请保修", "收到货后凭发票申请。"),
        (
            "my parcel hasn't been delivered yet, can i send it back",
            "How do I return a parcel?",
            "Within 14 days after delivery you can return it.",
        ),
    ],
)
def test_an_answer_that_waits_for_what_has_not_happened_is_held_back(
    query: str, question: str, answer: str
) -> None:
    assert kind_of(query, question, answer) == "condition"


@pytest.mark.parametrize(
    ("query", "question", "answer"),
    [
        ("还没发货能改地址吗", "怎么改地址", "未发货可以改；发货后请联系快递员。"),
        ("还没发货能改地址吗", "怎么改地址", "发货后无法修改，请尽早联系客服。"),
        ("还没发货能改地址吗", "怎么改地址", "在订单详情里修改。"),
        ("包裹还没签收在哪看物流", "怎么看物流", "发货后在订单详情里看。"),
        ("签收了可以退吗", "支持退货吗", "签收后7天内可以申请退货。"),
        (
            "my order hasn't shipped yet, can I cancel it",
            "How do I cancel my order?",
            "Before it ships, press cancel. Once it has shipped, refuse the parcel.",
        ),
    ],
)
def test_an_answer_for_both_cases_or_neither_may_go_out(
    query: str, question: str, answer: str
) -> None:
    assert kind_of(query, question, answer) is None
