from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from cs_bot.retrieval import postings
from cs_bot.retrieval.lexical import BM25, TfIdf
from cs_bot.retrieval.postings import Counted

Corpus = list[list[str]]
LEGS = (BM25, TfIdf)
TEXTS = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), max_size=8)


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1), min_size=3), st.text("abcdz"))
def test_weights_are_those_of_rank_bm25(corpus: Corpus, query: str) -> None:
    okapi = BM25Okapi(corpus)
    okapi.idf = {token: max(0.0, idf) for token, idf in okapi.idf.items()}
    theirs, ours = okapi.get_scores(list(query)), BM25(corpus).scores(list(query))
    scale = theirs.max() / ours.max() if ours.any() else 1.0
    np.testing.assert_allclose(ours * scale, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("leg", LEGS)
@given(corpus=TEXTS, query=st.text("abcz", max_size=5), most=st.integers(1, 9))
def test_the_best_rows_are_those_with_the_highest_scores(
    leg: type[BM25 | TfIdf], corpus: Corpus, query: str, most: int
) -> None:
    scores = leg(corpus).scores(list(query))
    rows = leg(corpus).found(list(query)).best(most)
    expected = np.sort(scores[scores > 0])[::-1][:most]
    np.testing.assert_allclose(scores[rows], expected, rtol=1e-5)


def test_the_best_of_many_rows_are_those_with_the_highest_scores() -> None:
    rng = np.random.default_rng(5)
    corpus = [list(rng.choice(list("abcdefghij"), 4)) for _ in range(5000)]
    scores = BM25(corpus).scores(["a", "b"])
    rows = BM25(corpus).found(["a", "b"]).best(40)
    np.testing.assert_allclose(scores[rows], np.sort(scores)[:-41:-1], rtol=1e-5)


def test_frequent_tokens_only_add_to_what_rarer_ones_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_MOST_TOUCHED", 10)
    bm25 = BM25([["the", "rare"], ["rare"], *[["the"]] * 20, *[["some", "words"]] * 40])
    found, scores = bm25.found(["the", "rare"]), bm25.scores(["the", "rare"])
    assert found.best(5).tolist() == np.argsort(-scores)[:2].tolist()
    rows = np.arange(len(scores))
    np.testing.assert_allclose(found.of(rows), scores, rtol=1e-6)


@pytest.mark.parametrize("leg", LEGS)
@given(corpus=TEXTS, query=st.text("abcz", max_size=5))
def test_scores_of_some_rows_are_those_of_all(
    leg: type[BM25 | TfIdf], corpus: Corpus, query: str
) -> None:
    rows = np.arange(len(corpus))[::2]
    made = leg(corpus)
    np.testing.assert_allclose(
        made.found(list(query)).of(rows), made.scores(list(query))[rows], rtol=1e-6
    )


@pytest.mark.parametrize("leg", LEGS)
@given(old=TEXTS, new=TEXTS, query=st.text("abcz", max_size=5), data=st.data())
def test_a_changed_corpus_scores_as_one_made_anew(
    leg: type[BM25 | TfIdf], old: Corpus, new: Corpus, query: str, data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations([*range(len(old)), *(-1 for _ in new)]))
    kept = mixed[: data.draw(st.integers(0, len(mixed)))]
    added = iter(new)
    corpus = [old[row] if row >= 0 else next(added) for row in kept]
    fresh = [text for text, row in zip(corpus, kept, strict=True) if row < 0]
    changed = Counted.of(old).changed(np.array(kept, dtype=np.int64), fresh)
    np.testing.assert_allclose(
        leg(changed).scores(list(query)), leg(corpus).scores(list(query)), rtol=1e-5
    )
