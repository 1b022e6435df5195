"""The lexical legs over all wordings of a base, asked once for a query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cs_bot.models.indexes import Rows
from cs_bot.retrieval.answers_leg import AnswersLeg, ByAnswers
from cs_bot.retrieval.calibration import Weights
from cs_bot.retrieval.lexical import BM25, TfIdf
from cs_bot.retrieval.postings import Found, Scores
from cs_bot.text.clauses import clauses, rambling
from cs_bot.text.tokenize import tokens

_RECALLED = 32


@dataclass(frozen=True, slots=True, eq=False)
class LexicalLegs:
    """BM25 and TF-IDF over the same tokens, and what the answers say where they were read."""

    bm25: BM25
    tfidf: TfIdf
    answers: AnswersLeg | None = None

    def asked(self, query: str) -> LexicalView:
        """Return what the legs say of a query: of a long one, also what its clauses say."""
        cut = tokens(query)
        length = rambling(query)
        parts = clauses(query) if length > 0 else []
        return LexicalView(
            self.bm25.found(cut),
            self.tfidf.found(cut),
            tuple(self.tfidf.found(tokens(part)) for part in parts),
            self.answers.asked(cut) if self.answers and length > 0 else None,
            length,
        )


@dataclass(frozen=True, slots=True, eq=False)
class LexicalView:
    """One query as the lexical legs see it."""

    bm25: Found
    tfidf: Found
    clauses: tuple[Found, ...]
    answers: ByAnswers | None
    rambling: float

    def near(self) -> Rows:
        """Return the wordings that the legs rank highest."""
        legs = (self.bm25, self.tfidf, *self.clauses)
        found = [leg.best(_RECALLED) for leg in legs]
        return np.concatenate([*found, self.answers.near()] if self.answers else found)

    def similarity(self, rows: Rows, weights: Weights) -> Scores:
        """Return the weighed sum of the legs for these wordings."""
        bm25 = self.bm25.of(rows)
        scores = weights.bm25 * bm25 + weights.tfidf * self.tfidf.of(rows)
        if self.clauses:
            clause = np.max([leg.of(rows) for leg in self.clauses], axis=0)
            relative = bm25 / max(float(bm25.max(initial=0)), 1e-6)
            told = weights.clause * clause + weights.relative_bm25 * relative
            scores = scores + self.rambling * told
        if self.answers:
            # Taken away from the others, not given to the best: how high the scores are says
            # whether anything fits at all, and some pair is always the one that fits best.
            short = 1 - self.answers.of(rows)
            scores = scores - self.rambling * weights.answers * short
        return np.asarray(scores, dtype=np.float32)
