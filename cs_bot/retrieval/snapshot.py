"""One release, ready to be searched: an immutable index over every wording of every pair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval import calibration
from cs_bot.retrieval.lexical import BM25, Scores, TfIdf
from cs_bot.retrieval.vectors import Progress, VectorFiles, encoded
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens
from cs_bot.types import Candidate, QAPair

_DENSE_RECALLED = 64
_LEXICAL_RECALLED = 32
_COMPARED = 10
"""Pairs among which the probability is shared out; the calibration was made with this many."""

_NEVER = np.zeros(1, dtype=np.bool_)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An index of one release. Searching changes nothing, so any thread may search."""

    release_id: str
    pairs: Mapping[str, QAPair]
    texts: tuple[str, ...]
    """Every wording of every pair as it is compared: normalised, synonyms folded."""
    _synonyms: Synonyms
    _owners: NDArray[np.int32]
    """For each wording the number of its pair, in the order of `pairs`."""
    _starts: NDArray[np.int64]
    """For each pair the row of its first wording; its others follow."""
    _sizes: NDArray[np.float32]
    """For each pair the number of its wordings."""
    _centres: Vectors
    """For each pair the mean of its wordings' vectors."""
    _order: tuple[QAPair, ...]
    _exact: Mapping[str, Sequence[int]]
    _canonical: frozenset[int]
    _bm25: BM25
    _tfidf: TfIdf
    _dense: DenseIndex

    @classmethod
    def build(
        cls,
        release_id: str,
        pairs: Sequence[QAPair],
        encoder: Encoder,
        *,
        synonyms: Synonyms | None = None,
        files: VectorFiles | None = None,
        progress: Progress | None = None,
    ) -> Snapshot:
        """Index the pairs; long work for a lane. With `files`, known vectors are read from disk."""
        synonyms = synonyms or Synonyms()
        owners, texts, canonical = _wordings(pairs, synonyms)
        cut = [tokens(text) for text in texts]
        vectors = (
            encoded(texts, encoder, progress)
            if files is None
            else files.vectors(release_id, texts, encoder, progress)
        )
        starts = np.unique(owners, return_index=True)[1]
        sizes = np.bincount(owners, minlength=len(pairs)).astype(np.float32)
        sums = np.add.reduceat(vectors, starts) if len(starts) else vectors
        return cls(
            release_id=release_id,
            pairs={pair.id: pair for pair in pairs},
            texts=tuple(texts),
            _synonyms=synonyms,
            _owners=owners,
            _starts=starts,
            _sizes=sizes,
            _centres=np.asarray(sums / sizes[:, None], dtype=np.float32),
            _order=tuple(pairs),
            _exact=_rows_of(map(_bare, texts)),
            _canonical=frozenset(canonical),
            _bm25=BM25(cut),
            _tfidf=TfIdf(cut),
            _dense=DenseIndex(vectors),
        )

    @property
    def vectors(self) -> Vectors:
        """The vectors of `texts`, shape (wordings, dimensions); not to be written to."""
        return self._dense.vectors

    def compared(self, query: str) -> str:
        """Return a normalised query in the form in which this snapshot holds its wordings."""
        return self._synonyms.folded(query)

    def search(self, query: str, vector: Vectors, most: int = 5) -> tuple[Candidate, ...]:
        """Return up to `most` (10 at most) pairs, the most probable first.

        `query` is what `compared` returned and `vector` its encoding.
        """
        if not self.texts or not query:
            return ()
        cut = tokens(query)
        bm25, tfidf = self._bm25.scores(cut), self._tfidf.scores(cut)
        equal = np.array(self._exact.get(_bare(query), ()), dtype=np.int64)
        rows = np.unique(
            np.concatenate(
                [equal, self._dense.nearest(vector, _DENSE_RECALLED), _top(bm25), _top(tfidf)]
            )
        )
        cosines = self._dense.cosines(vector, rows)
        legs = _Legs(rows, cosines, bm25[rows], tfidf[rows], np.isin(rows, equal))
        means = calibration.fused(
            self._centres @ vector, self._mean(bm25), self._mean(tfidf), _NEVER
        )
        return self._candidates(legs, means)[:most]

    def _mean(self, scores: Scores) -> Scores:
        """Return the mean score of each pair's wordings."""
        return np.asarray(np.add.reduceat(scores, self._starts) / self._sizes, dtype=np.float32)

    def _candidates(self, legs: _Legs, means: Scores) -> tuple[Candidate, ...]:
        fused = calibration.fused(legs.cosines, legs.bm25, legs.tfidf, legs.exact)
        by_score = np.argsort(-fused, kind="stable")
        owners, first = np.unique(self._owners[legs.rows[by_score]], return_index=True)
        best = by_score[first]
        certain = bool(legs.exact.any())
        # Pairs that hold the very same wording are equally right, whatever else they hold.
        scores = fused[best] + (0 if certain else calibration.MEAN_WEIGHT * means[owners])
        ranked = np.argsort(-scores, kind="stable")[:_COMPARED]
        within = calibration.scope(1.0 if certain else float(legs.cosines.max()))
        shares = calibration.shares(scores[ranked])
        return tuple(
            self._candidate(legs, at, within * float(share))
            for at, share in zip(best[ranked], shares, strict=True)
        )

    def _candidate(self, legs: _Legs, at: int, score: float) -> Candidate:
        row = int(legs.rows[at])
        pair = self._order[self._owners[row]]
        features = {
            "cosine": round(float(legs.cosines[at]), 4),
            "bm25": round(float(legs.bm25[at]), 4),
            "tfidf": round(float(legs.tfidf[at]), 4),
        }
        if legs.exact[at] and row in self._canonical:
            features["canonical"] = 1.0
        return Candidate(pair.id, pair.question, score, legs.via(at), features)


@dataclass(frozen=True, slots=True)
class _Legs:
    """What each leg says of the recalled rows."""

    rows: Rows
    cosines: Vectors
    bm25: Scores
    tfidf: Scores
    exact: NDArray[np.bool_]
    """Whether the wording equals the query, marks aside."""

    def via(self, at: int) -> str:
        """Return the leg that ranks this row highest."""
        if self.exact[at]:
            return "exact"
        legs = {"dense": self.cosines, "bm25": self.bm25, "tfidf": self.tfidf}
        return min(legs, key=lambda leg: int((legs[leg] > legs[leg][at]).sum()))


def _wordings(
    pairs: Sequence[QAPair], synonyms: Synonyms
) -> tuple[NDArray[np.int32], list[str], list[int]]:
    """Return owners, wordings as compared without repeats in a pair, and the canonical rows."""
    owners: list[int] = []
    texts: list[str] = []
    canonical: list[int] = []
    for number, pair in enumerate(pairs):
        translated = (wording.question for wording in pair.translations.values())
        titles = {_compared(title, synonyms) for title in (pair.question, *translated)}
        for text in dict.fromkeys(_compared(text, synonyms) for text in pair.questions()):
            if text in titles:
                canonical.append(len(texts))
            owners.append(number)
            texts.append(text)
    return np.array(owners, dtype=np.int32), texts, canonical


def _compared(text: str, synonyms: Synonyms) -> str:
    return synonyms.folded(normalized(text))


def _rows_of(keys: Iterable[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    return rows


def _bare(text: str) -> str:
    """Return the letters and digits only: what exact comparison sees."""
    return _NO_LETTER.sub("", text) or text


def _top(scores: Scores) -> Rows:
    """Return the rows with the highest scores above zero, in no order."""
    if len(scores) > _LEXICAL_RECALLED:
        rows = np.argpartition(-scores, _LEXICAL_RECALLED)[:_LEXICAL_RECALLED]
    else:
        rows = np.arange(len(scores))
    found: Rows = rows[scores[rows] > 0].astype(np.int64)
    return found
