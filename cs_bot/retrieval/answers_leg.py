"""Finds pairs by what they answer: a long story shares more words with the answer it needs.

Asked for long questions only; to short ones answers add nothing that wordings do not say better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_bot.retrieval.lexical import BM25
from cs_bot.retrieval.postings import Found, Scores
from cs_bot.retrieval.wordings import Rows, Wordings
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens
from cs_bot.types import QAPair

_MOST_PAIRS = 25_000
"""Pairs of which the answers are read; those of more would take hundreds of megabytes."""
_MOST_CHARACTERS = 1000
"""Of an answer that are read."""
_MOST_WORDINGS = 100
"""Of a pair that are read beside its answer."""
_RECALLED = 16


@dataclass(frozen=True, slots=True, eq=False)
class AnswersLeg:
    """BM25 over the wordings and the answer of each pair together, in all languages."""

    bm25: BM25
    wordings: Wordings

    @classmethod
    def of(
        cls, pairs: Sequence[QAPair], wordings: Wordings, synonyms: Synonyms
    ) -> AnswersLeg | None:
        """Read the answers, half a millisecond each; None where there are none or too many."""
        if len(pairs) > _MOST_PAIRS or not any(pair.answer.strip() for pair in pairs):
            return None
        texts = (
            " ".join([*wordings.of_pair(number)[:_MOST_WORDINGS], synonyms.folded(_answer(pair))])
            for number, pair in enumerate(pairs)
        )
        return cls(BM25(map(tokens, texts)), wordings)

    def asked(self, cut: Sequence[str]) -> ByAnswers | None:
        """Return what the leg says of the tokens of a query; None where it knows none of them."""
        found = self.bm25.found(cut)
        best = found.best(_RECALLED)
        return ByAnswers(found, best, self.wordings) if len(best) else None


@dataclass(frozen=True, slots=True, eq=False)
class ByAnswers:
    """One query as the answers see it, told of wordings: what holds for a pair holds for all."""

    found: Found
    best: Rows
    """The pairs that are ranked highest."""
    wordings: Wordings

    def near(self) -> Rows:
        """Return the first wording of each of the pairs that the leg ranks highest."""
        return self.wordings.first_rows(self.best)

    def of(self, rows: Rows) -> Scores:
        """Return the scores of the pairs of these wordings, in shares of the highest."""
        scores = self.found.of(self.wordings.owners[rows])
        return np.asarray(scores / max(float(scores.max(initial=0)), 1e-6), dtype=np.float32)


def _answer(pair: QAPair) -> str:
    answers = (pair.answer, *(wording.answer for wording in pair.translations.values()))
    return normalized(" ".join(answer[:_MOST_CHARACTERS] for answer in answers))
