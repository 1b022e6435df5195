"""The plain method to compare with: TF-IDF cosine over every wording, the best one per pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs_bot.retrieval.lexical import TfIdf
from cs_bot.text.normalize import normalized
from cs_bot.text.tokenize import tokens
from cs_bot.types import Candidate, QAPair


class TfIdfBaseline:
    """Character 1-2-grams for Chinese, words and their 3-grams for Latin; no threshold."""

    def __init__(self, pairs: Sequence[QAPair]) -> None:
        asked = [(pair, question) for pair in pairs for question in pair.questions()]
        self._owners = [pair for pair, _ in asked]
        self._tfidf = TfIdf([tokens(normalized(question)) for _, question in asked])

    def search(self, query: str, most: int) -> tuple[Candidate, ...]:
        """Return up to `most` pairs, the most similar first, the cosine as score."""
        scores = self._tfidf.scores(tokens(normalized(query)))
        found: dict[str, Candidate] = {}
        for row in np.argsort(-scores, kind="stable"):
            pair = self._owners[row]
            if pair.id not in found:
                found[pair.id] = Candidate(pair.id, pair.question, float(scores[row]), "tfidf")
            if len(found) == most:
                break
        return tuple(found.values())
