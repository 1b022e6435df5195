from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import Candidate, QAPair, Wording

RETURN = QAPair(
    "return",
    "怎么退货？",
    ("我要退货",),
    "点申请售后。",
    translations={"en": Wording("How do I return an item?", (), "Tap after-sales.")},
)
REFUND = QAPair("refund", "退款多久到账？", ("退款什么时候到",), "三天。")
INVOICE = QAPair("invoice", "如何开具发票？", ("开票",), "点申请发票。")
PAIRS = (RETURN, REFUND, INVOICE)
ENCODER = WordEncoder()
SHOP = Snapshot.build("r1", PAIRS, ENCODER)


def found(snapshot: Snapshot, query: str, most: int = 5) -> tuple[Candidate, ...]:
    text = snapshot.compared(normalized(query))
    return snapshot.search(text, ENCODER.encode([text])[0], most)


def test_the_nearest_pair_comes_first_and_every_pair_once() -> None:
    candidates = found(SHOP, "请问退款什么时候可以到账")
    assert candidates[0].id == "refund"
    assert len({c.id for c in candidates}) == len(candidates)


def test_scores_are_probabilities_best_first() -> None:
    scores = [c.score for c in found(SHOP, "退")]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= sum(scores) <= 1.0001


@pytest.mark.parametrize(
    "asked", ["怎么退货", "怎么退货？？", "請問怎麼退貨", "HOW DO I RETURN AN ITEM"]
)
def test_an_equal_canonical_question_is_certain_in_any_spelling_and_language(asked: str) -> None:
    best = found(SHOP, asked)[0]
    assert (best.id, best.via) == ("return", "exact")
    assert best.score > 0.99
    assert "canonical" in best.features


def test_an_equal_similar_question_is_certain_but_not_canonical() -> None:
    best = found(SHOP, "我要退货")[0]
    assert (best.id, best.via) == ("return", "exact")
    assert "canonical" not in best.features


def test_two_pairs_with_the_same_wording_share_the_probability() -> None:
    twice = Snapshot.build("r1", [RETURN, QAPair("other", "怎么退货", (), "不能退。")], ENCODER)
    first, second = found(twice, "怎么退货")
    assert first.score == pytest.approx(second.score)
    assert first.score < 0.51


def test_candidates_carry_the_canonical_question_and_the_evidence() -> None:
    best = found(SHOP, "开票")[0]
    assert best.question == "如何开具发票？"
    assert set(best.features) == {"dense", "cosine", "bm25", "tfidf"}


def test_no_more_candidates_than_asked_for() -> None:
    assert len(found(SHOP, "退", most=2)) == 2


@pytest.mark.parametrize("pairs", [(), (RETURN,)])
def test_nothing_and_one_pair_are_searched_without_error(pairs: tuple[QAPair, ...]) -> None:
    snapshot = Snapshot.build("r1", pairs, ENCODER)
    assert len(found(snapshot, "怎么退货")) == len(pairs)


def test_a_question_without_any_known_token_is_improbable() -> None:
    assert all(c.score < 0.5 for c in found(SHOP, "zzz qqq"))


def test_an_empty_query_finds_nothing() -> None:
    assert found(SHOP, "") == ()


def test_a_pair_of_marks_only_is_indexed_without_error() -> None:
    assert found(Snapshot.build("r1", [QAPair("odd", "???", (), "!")], ENCODER), "?")[0].id == "odd"


def test_synonyms_meet_in_wordings_and_query() -> None:
    words = Synonyms([["发票", "票据"]])
    snapshot = Snapshot.build("r1", PAIRS, ENCODER, synonyms=words)
    assert found(snapshot, "如何开具票据")[0].via == "exact"
    assert found(SHOP, "如何开具票据")[0].via != "exact"


def test_progress_is_told_up_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    Snapshot.build("r1", PAIRS, ENCODER, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (7, 7)


def test_many_threads_find_the_same() -> None:
    expected = found(SHOP, "退款")
    with ThreadPoolExecutor(4) as threads:
        assert all(one == expected for one in threads.map(lambda _: found(SHOP, "退款"), range(64)))


@given(st.text(max_size=60))
def test_any_text_is_searched_without_error(text: str) -> None:
    for candidate in found(SHOP, text):
        assert 0 <= candidate.score <= 1
