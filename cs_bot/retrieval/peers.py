"""What others would take off the shelf, to compare with: one leg, the best wording per pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from cs_bot.models.encoders import Encoder
from cs_bot.retrieval.lexical import TfIdf
from cs_bot.text.normalize import normalized
from cs_bot.text.tokenize import tokens
from cs_bot.types import Candidate, QAPair


class Leg(Protocol):
    """Scores of every wording for a query; no threshold."""

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one score a wording, higher is better."""
        ...


class Peer:
    """One leg over the wordings of a base."""

    def __init__(self, pairs: Sequence[QAPair], leg: Leg, name: str) -> None:
        self._owners = [pair for pair in pairs for _ in pair.questions()]
        self._leg = leg
        self._name = name

    def search(self, query: str, most: int) -> tuple[Candidate, ...]:
        """Return up to `most` pairs, the most similar first, the leg's score as score."""
        scores = self._leg.scores(normalized(query))
        found: dict[str, Candidate] = {}
        for row in np.argsort(-scores, kind="stable"):
            pair = self._owners[row]
            if pair.id not in found:
                found[pair.id] = Candidate(pair.id, pair.question, float(scores[row]), self._name)
            if len(found) == most:
                break
        return tuple(found.values())


class PlainTfIdf:
    """TF-IDF cosine over characters, pairs of characters and Latin words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._tfidf = TfIdf([tokens(text) for text in texts])

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one cosine a wording."""
        return self._tfidf.scores(tokens(query))


class PlainBm25:
    """`rank_bm25` as it comes, over the same tokens."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._okapi = BM25Okapi([tokens(text) or [""] for text in texts])

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one score a wording."""
        return np.asarray(self._okapi.get_scores(tokens(query)), dtype=np.float32)


class PlainEncoder:
    """Cosine of one encoder."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors = encoder.encode(texts)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one cosine a wording."""
        cosines: NDArray[np.float32] = self._vectors @ self._encoder.encode([query])[0]
        return cosines


def peers(pairs: Sequence[QAPair], encoders: Sequence[Encoder]) -> dict[str, Peer]:
    """Return the peers by name: rank-bm25, TF-IDF and each encoder alone."""
    texts = [normalized(question) for pair in pairs for question in pair.questions()]
    legs: dict[str, Leg] = {"rank-bm25": PlainBm25(texts)}
    legs |= {encoder.name: PlainEncoder(texts, encoder) for encoder in encoders}
    return {"tf-idf": tfidf(pairs)} | {name: Peer(pairs, leg, name) for name, leg in legs.items()}


def tfidf(pairs: Sequence[QAPair]) -> Peer:
    """Return the plainest of them."""
    texts = [normalized(question) for pair in pairs for question in pair.questions()]
    return Peer(pairs, PlainTfIdf(texts), "tf-idf")
