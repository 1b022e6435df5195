from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from cs_bot.retrieval.lexical import BM25, TfIdf
from cs_bot.text.tokenize import tokens

CORPUS = [tokens(text) for text in ("怎么退货", "退款多久到账", "如何开具发票", "怎么领券")]


def test_bm25_ranks_as_rank_bm25_does() -> None:
    query = tokens("退款怎么还没到")
    theirs = BM25Okapi(CORPUS).get_scores(query)
    ours = BM25(CORPUS).scores(query)
    np.testing.assert_allclose(ours / ours.max(), theirs / theirs.max(), rtol=1e-5)


def test_bm25_of_a_text_with_itself_is_the_highest() -> None:
    bm25 = BM25(CORPUS)
    for row, cut in enumerate(CORPUS):
        assert bm25.scores(cut).argmax() == row


@given(st.lists(st.text("退货款x y", max_size=8), max_size=4), st.text("退货款x y", max_size=8))
def test_scores_of_any_corpus_lie_between_zero_and_one(corpus: list[str], query: str) -> None:
    cut = [tokens(text) for text in corpus]
    for leg in (BM25(cut), TfIdf(cut)):
        scores = leg.scores(tokens(query))
        assert ((scores >= 0) & (scores <= 1.0001)).all()


def test_tfidf_of_a_text_with_itself_is_one() -> None:
    tfidf = TfIdf(CORPUS)
    for row, cut in enumerate(CORPUS):
        assert tfidf.scores(cut)[row] == pytest.approx(1.0)


@pytest.mark.parametrize("leg", [BM25, TfIdf])
@pytest.mark.parametrize("query", [[], ["unknown"]])
def test_a_query_without_known_tokens_scores_zero_everywhere(
    leg: type[BM25 | TfIdf], query: list[str]
) -> None:
    assert not leg(CORPUS).scores(query).any()


@pytest.mark.parametrize("leg", [BM25, TfIdf])
@pytest.mark.parametrize("corpus", [[], [[]], [[], ["a"]]])
def test_empty_texts_and_an_empty_corpus_are_searched_without_error(
    leg: type[BM25 | TfIdf], corpus: list[list[str]]
) -> None:
    assert leg(corpus).scores(["a"]).shape == (len(corpus),)
