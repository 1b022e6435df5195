"""Compares tokens: BM25 and TF-IDF weights worked out once, then looked up per query.

Weights lie in one row of numbers per token (a posting list), so that a query only adds up the
rows of its own tokens.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

Scores = NDArray[np.float32]
Weighted = Sequence[dict[str, float]]


class Postings:
    """For every token the rows that hold it and their weights."""

    def __init__(self, weighted: Weighted) -> None:
        self.size = len(weighted)
        rows: dict[str, list[int]] = {}
        weights: dict[str, list[float]] = {}
        for row, tokens in enumerate(weighted):
            for token, weight in tokens.items():
                rows.setdefault(token, []).append(row)
                weights.setdefault(token, []).append(weight)
        self._of = {
            token: (np.array(found, dtype=np.int32), np.array(weights[token], dtype=np.float32))
            for token, found in rows.items()
        }

    def scores(self, query: Iterable[tuple[str, float]]) -> Scores:
        """Return one score per row: the sum of weights times the query's own weights."""
        found = [(self._of[token], weight) for token, weight in query if token in self._of]
        if not found:
            return np.zeros(self.size, dtype=np.float32)
        rows = np.concatenate([rows for (rows, _), _ in found])
        weights = np.concatenate([weights * weight for (_, weights), weight in found])
        return np.bincount(rows, weights, self.size).astype(np.float32)


class BM25:
    """Okapi BM25 (Robertson and Zaragoza 2009), scaled to the best score a text could have.

    The weights are those of `rank_bm25.BM25Okapi`, whose own search is a loop over all rows and
    which fails on an empty corpus.
    """

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        self._best: dict[str, float] = {}
        self._unseen = 0.0
        weighted: Weighted = [{} for _ in corpus]
        if any(corpus):
            okapi = BM25Okapi([list(tokens) for tokens in corpus])
            # In a corpus of one or two texts its idf is below zero: sharing a word would repel.
            okapi.idf = {token: max(0.0, idf) for token, idf in okapi.idf.items()}
            self._best = {token: idf * (okapi.k1 + 1) for token, idf in okapi.idf.items()}
            self._unseen = math.log(2 * len(corpus) + 1) * (okapi.k1 + 1)
            weighted = [_okapi_weights(okapi, row) for row in range(len(corpus))]
        self._postings = Postings(weighted)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one score per row, 0 to 1; all zero when no token is known."""
        scores = self._postings.scores([(token, 1.0) for token in tokens])
        most = sum(self._best.get(token, self._unseen) for token in tokens)
        return scores / np.float32(most) if most else scores


class TfIdf:
    """Cosine of TF-IDF vectors, logarithmic counts and smooth idf."""

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        known = Counter(token for tokens in corpus for token in set(tokens))
        self._idf = {t: math.log((1 + len(corpus)) / (1 + n)) + 1 for t, n in known.items()}
        self._unseen = math.log(1 + len(corpus)) + 1
        self._postings = Postings([self._weights(tokens) for tokens in corpus])

    def scores(self, tokens: Sequence[str]) -> Scores:
        """Return one cosine per row, 0 to 1; all zero when no token is known."""
        return self._postings.scores(self._weights(tokens).items())

    def _weights(self, tokens: Sequence[str]) -> dict[str, float]:
        weights = {
            token: (1 + math.log(count)) * self._idf.get(token, self._unseen)
            for token, count in Counter(tokens).items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {token: weight / length for token, weight in weights.items()}


def _okapi_weights(okapi: BM25Okapi, row: int) -> dict[str, float]:
    long = 1 - okapi.b + okapi.b * okapi.doc_len[row] / okapi.avgdl
    return {
        token: okapi.idf[token] * count * (okapi.k1 + 1) / (count + okapi.k1 * long)
        for token, count in okapi.doc_freqs[row].items()
    }
