"""A snapshot that a second encoder has read."""

from __future__ import annotations

import pytest

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.testing.encoder import WordEncoder
from cs_bot.types import Candidate, QAPair

PAIRS = (
    QAPair("return", "怎么退货", ("东西不想要了能退吗", "退货流程"), "点申请售后。"),
    QAPair("invoice", "如何开具发票", ("开票", "发票怎么开"), "点申请发票。"),
    QAPair("track", "如何查询物流信息", ("快递到哪了", "物流查询"), "点查看物流。"),
)
ENCODER = WordEncoder()
FIRST = Snapshot.build("r1", PAIRS, ENCODER)
JOINT = FIRST.joined(ENCODER)
WORDS = Snapshot.by_words("r1", PAIRS)


def found(snapshot: Snapshot, query: str, *, second: bool = True) -> tuple[Candidate, ...]:
    vector = ENCODER.encode([query])[0]
    return snapshot.search(query, vector, 5, vector if second else None)


@pytest.mark.parametrize(("query", "pair"), [("发票咋开", "invoice"), ("想退货", "return")])
def test_both_encoders_together_find_the_pair(query: str, pair: str) -> None:
    assert found(JOINT, query)[0].id == pair


def test_a_snapshot_is_joined_as_a_new_one() -> None:
    assert JOINT.has_second
    assert not FIRST.has_second
    assert JOINT.release_id == FIRST.release_id


def test_without_the_second_vector_the_first_encoder_answers_as_before() -> None:
    assert found(JOINT, "想退货", second=False) == found(FIRST, "想退货")


def test_without_any_vector_the_words_still_find_the_pair() -> None:
    best = JOINT.search("物流信息", None)[0]
    assert best.id == "track"
    assert best.via in ("bm25", "tfidf")
    assert best.score < 0.75


@pytest.mark.parametrize("snapshot", [JOINT, WORDS.joined(ENCODER)], ids=["joint", "words"])
def test_without_the_first_encoder_the_second_finds_what_words_do_not(snapshot: Snapshot) -> None:
    best = snapshot.search("开发票啊", None, second=ENCODER.encode(["发票怎么开"])[0])[0]
    assert best.id == "invoice"
    assert {"dense", "cosine", "bm25"} <= set(best.features)
    assert best.score > snapshot.search("开发票啊", None)[0].score


def test_words_and_the_second_encoder_are_no_first_encoder() -> None:
    joined = WORDS.joined(ENCODER)
    assert (WORDS.has_first, WORDS.has_second) == (False, False)
    assert (joined.has_first, joined.has_second) == (False, True)
    vector = ENCODER.encode(["想退货"])[0]
    assert joined.search("想退货", vector) == joined.search("想退货", None)


def test_an_equal_wording_is_certain_without_any_encoder() -> None:
    best, *others = JOINT.search("开票", None)
    assert (best.id, best.via) == ("invoice", "exact")
    assert best.score > 0.999
    assert sum(candidate.score for candidate in others) < 0.001
    assert JOINT.holds("开票")
    assert not JOINT.holds("开票吗")


def test_two_equal_pairs_are_each_no_more_probable_than_a_half() -> None:
    twins = (QAPair("a", "会员怎么取消", (), "甲"), QAPair("b", "会员怎么取消呢", (), "乙"))
    snapshot = Snapshot.build("r1", twins, ENCODER).joined(ENCODER)
    assert all(candidate.score <= 0.51 for candidate in found(snapshot, "取消会员"))


@pytest.mark.parametrize("pairs", [(), PAIRS[:1]])
def test_a_base_of_no_or_one_pair_can_be_joined(pairs: tuple[QAPair, ...]) -> None:
    snapshot = Snapshot.build("r1", pairs, ENCODER).joined(ENCODER)
    assert [candidate.id for candidate in found(snapshot, "怎么退货呢")] == [p.id for p in pairs]
