"""The lexical legs over all wordings of a base, asked once for a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.indexes import Rows
from cs_bot.retrieval.calibration import Weights
from cs_bot.retrieval.lexical import BM25, Scores, TfIdf
from cs_bot.text.clauses import clauses, rambling
from cs_bot.text.tokenize import tokens

_RECALLED = 32


@dataclass(frozen=True, slots=True, eq=False)
class LexicalLegs:
    """BM25 and TF-IDF over the same tokens."""

    bm25: BM25
    tfidf: TfIdf

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalLegs:
        """Index normalised texts."""
        cut = [tokens(text) for text in texts]
        return cls(BM25(cut), TfIdf(cut))

    def asked(self, query: str) -> LexicalView:
        """Return what the legs say of a query: of a long one, also what its best clause says."""
        cut = tokens(query)
        bm25, tfidf = self.bm25.scores(cut), self.tfidf.scores(cut)
        length = rambling(query)
        clause = tfidf
        if length > 0:
            clause = np.max([self.tfidf.scores(tokens(part)) for part in clauses(query)], axis=0)
        return LexicalView(bm25, tfidf, clause, length)


@dataclass(frozen=True, slots=True, eq=False)
class LexicalView:
    """One query as the lexical legs see it; one number a wording each."""

    bm25: Scores
    tfidf: Scores
    clause: Scores
    rambling: float

    def near(self) -> Rows:
        """Return the wordings that the legs rank highest."""
        legs = [self.bm25, self.tfidf]
        if self.rambling > 0:
            legs.append(self.clause)
        return np.concatenate([_top(leg) for leg in legs])

    def similarity(self, rows: Rows, weights: Weights) -> NDArray[np.float32]:
        """Return the weighed sum of the legs for these wordings."""
        scores = weights.bm25 * self.bm25[rows] + weights.tfidf * self.tfidf[rows]
        if self.rambling > 0:
            relative = self.bm25[rows] / max(float(self.bm25.max()), 1e-6)
            told = weights.clause * self.clause[rows] + weights.relative_bm25 * relative
            scores = scores + self.rambling * told
        return np.asarray(scores, dtype=np.float32)


def _top(scores: Scores) -> Rows:
    """Return the rows with the highest scores above zero, in no order."""
    if len(scores) > _RECALLED:
        rows = np.argpartition(-scores, _RECALLED)[:_RECALLED]
    else:
        rows = np.arange(len(scores))
    found: Rows = rows[scores[rows] > 0].astype(np.int64)
    return found
