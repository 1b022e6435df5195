"""Compares tokens: BM25 and TF-IDF weights worked out once, then looked up per query.

Both legs may share one `Counted`, which holds what they have in common.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cs_bot.retrieval.postings import Counted, Found, Postings, Query, Scores

__all__ = ["BM25", "Corpus", "Scores", "TfIdf"]

Corpus = Counted | Iterable[Sequence[str]]

_K1 = 1.5
_B = 0.75
_EPSILON = 0.25
"""Share of the mean idf that a token counts which stands in more than half of all texts."""

_Floats = NDArray[np.float64]


class BM25:
    """Okapi BM25 (Robertson and Zaragoza 2009), scaled to the best score a text could have.

    The weights are those of `rank_bm25.BM25Okapi`, whose own search is a loop over all rows, which
    counts in loops too, and which fails on an empty corpus. A test holds the two together.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._counted = counted = corpus if isinstance(corpus, Counted) else Counted.of(corpus)
        idf = _okapi_idf(counted)
        self._unseen = math.log(2 * counted.size + 1)
        self._idf = np.where(counted.frequencies() > 0, idf, self._unseen)
        self._postings = Postings(counted, _okapi_weights(counted, idf))

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one score per row, 0 to 1; all zero when no token is known."""
        return self._postings.scores(_once(tokens)) / np.float32(self._most(tokens))

    def found(self, tokens: Sequence[str]) -> Found:
        """Return the same scores as a search wants them."""
        return self._postings.found(_once(tokens), self._most(tokens))

    def _most(self, tokens: Sequence[str]) -> float:
        return sum(map(self._weight, tokens)) * (_K1 + 1) or 1.0

    def _weight(self, token: str) -> float:
        number = self._counted.numbers.get(token)
        return self._unseen if number is None else float(self._idf.item(number))


class TfIdf:
    """Cosine of TF-IDF vectors, logarithmic counts and smooth idf."""

    def __init__(self, corpus: Corpus) -> None:
        self._counted = counted = corpus if isinstance(corpus, Counted) else Counted.of(corpus)
        idf = np.log((1 + counted.size) / (1 + counted.frequencies())) + 1
        self._idf, self._unseen = idf, math.log(1 + counted.size) + 1
        weights = (1 + np.log(counted.counts)) * idf[counted.tokens()]
        lengths = np.sqrt(np.bincount(counted.rows, weights * weights, counted.size))
        scaled = (weights / lengths[counted.rows]).astype(np.float32)
        self._postings = Postings(counted, scaled)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one cosine per row, 0 to 1; all zero when no token is known."""
        return self._postings.scores(self._weights(tokens))

    def found(self, tokens: Sequence[str]) -> Found:
        """Return the same cosines as a search wants them."""
        return self._postings.found(self._weights(tokens))

    def _weights(self, tokens: Sequence[str]) -> Query:
        numbers, idf = self._counted.numbers, self._idf.item
        weights = {}
        for token, times in Counter(tokens).items():
            number = numbers.get(token)
            rarity = self._unseen if number is None else idf(number)
            weights[token] = (1 + math.log(times)) * rarity
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return [(token, weight / length) for token, weight in weights.items()]


def _once(tokens: Sequence[str]) -> Query:
    return [(token, 1.0) for token in tokens]


def _okapi_idf(counted: Counted) -> _Floats:
    """Return the idf of each token; 0 where it would be below, for sharing a word must not repel.

    That happens in a corpus of one or two texts, and to tokens that no text holds any more.
    """
    held = counted.frequencies().astype(np.float64)
    idf: _Floats = np.log(np.maximum(counted.size - held, 0) + 0.5) - np.log(held + 0.5)
    if held.any():
        idf[idf < 0] = _EPSILON * idf[held > 0].mean()
    return np.where(held > 0, np.maximum(idf, 0), 0)


def _okapi_weights(counted: Counted, idf: _Floats) -> NDArray[np.float32]:
    mean_length = counted.lengths.mean() if counted.lengths.any() else 1.0
    long = _K1 * (1 - _B + _B * counted.lengths / mean_length)
    times = counted.counts.astype(np.float64)
    weights = idf[counted.tokens()] * times * (_K1 + 1) / (times + long[counted.rows])
    return weights.astype(np.float32)
