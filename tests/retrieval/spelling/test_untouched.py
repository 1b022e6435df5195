"""What a correction must leave alone, and that it leaves alone what needs none."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.spelling.untouched import NUMERALS, TURNING
from cs_bot.stores.qa_files import read_pairs
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair

from .conftest import HERE, KNOWLEDGE

SHOP = Snapshot.build("r1", read_pairs(KNOWLEDGE / "pairs.jsonl"), WordEncoder())
CLEAN = [
    row.split("\t")[2]
    for name in ("noisy_starter.tsv", "noisy_mobile.tsv")
    for row in (HERE / name).read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "question",
    [
        "15天无理由",
        "十五天内能退吗",
        "订单号DD20260101没到",
        "我叫张伟丽，在广州",
        "iPhone 15 有货吗",
        "send it to jon.smith@oder.com",
        "order-id retrun_7",
        "we cant do it, dont try, it havent come",
        "is whey protein on sale in hong kong",
        "我是卖家",
        "这个不能退",
        "没收到货",
        "你喜欢什么食物",
        "我的钱到了没",
        "只付款不发货",
        "新号码怎么绑到账号上",
        "刚拍的那单是买给爸妈的",
        "can he or she come",
        "👍👍",
        "x" * 500,
    ],
)
def test_what_means_what_it_says_is_left_as_it_is(question: str) -> None:
    assert SHOP.read(normalized(question)).changes == ()


def test_no_clean_question_of_the_noisy_sets_is_changed(shop: Snapshot, mobile: Snapshot) -> None:
    changed = {
        question: changes
        for question in CLEAN
        for snapshot in (shop, mobile)
        if (changes := snapshot.read(normalized(question)).changes)
    }
    assert len(changed) <= 2, changed  # half of them belong to the other base


def test_nothing_is_read_as_its_opposite() -> None:
    buyers = Snapshot.build("r1", [QAPair("a", "买家怎么退货", (), "x")], WordEncoder())
    assert buyers.read("卖家怎么退货").changes == ()
    both = [QAPair("a", "买家怎么退货", (), "x"), QAPair("b", "卖家怎么退货", (), "x")]
    assert Snapshot.build("r1", both, WordEncoder()).read("maijia").changes == ()
    unlocked = Snapshot.build("r1", [QAPair("a", "my phone is locked", (), "x")], WordEncoder())
    assert unlocked.read("my phone is unlockedd").changes == ()


def test_no_question_that_asks_for_something_else_is_read_as_the_one_it_was_made_of() -> None:
    path = HERE.parent / "contrast" / "minimal_pairs.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [QAPair(str(at), row["question"], (), "x") for at, row in enumerate(rows)]
    snapshot = Snapshot.build("r1", pairs, WordEncoder())
    assert not any(snapshot.read(normalized(row["changed"])).changes for row in rows)


def test_every_wording_of_the_base_reads_as_itself() -> None:
    assert [SHOP.read(text).text for text in SHOP.texts] == list(SHOP.texts)


_KEPT = re.compile(f"[{''.join(TURNING)}{''.join(NUMERALS)}]")
CHINESE = st.text(alphabet="退货或账帐户登录路陆不没未买卖一十二15天的地得我怎么，? ", max_size=20)


@given(CHINESE)
@settings(max_examples=300)
def test_denials_numbers_and_opposites_stay_where_they_are(text: str) -> None:
    query = normalized(text)
    assert _KEPT.findall(SHOP.read(query).text) == _KEPT.findall(SHOP.compared(query))


@given(st.text(max_size=70))
@settings(max_examples=300)
def test_anything_at_all_can_be_read(text: str) -> None:
    query = normalized(text)
    reading = SHOP.read(query)
    assert reading.changes or reading.text == SHOP.compared(query)
