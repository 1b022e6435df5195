"""One release, ready to be searched: an immutable index over every wording of every pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval import calibration
from cs_bot.retrieval.centres import Centres
from cs_bot.retrieval.indexed import Indexed
from cs_bot.retrieval.lexical import BM25, Scores, TfIdf
from cs_bot.retrieval.vectors import Progress, VectorFiles
from cs_bot.retrieval.wordings import Wordings
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens
from cs_bot.types import Candidate, QAPair

_NO_SYNONYMS = Synonyms()
_DENSE_RECALLED = 64
_LEXICAL_RECALLED = 32
_COMPARED = 10
"""Pairs among which the probability is shared out; the calibration was made with this many."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Snapshot:
    """An index of one release. Searching changes nothing, so any thread may search."""

    release_id: str
    pairs: Mapping[str, QAPair]
    _order: tuple[QAPair, ...]
    _synonyms: Synonyms
    _indexed: Indexed
    _wordings: Wordings
    _bm25: BM25
    _tfidf: TfIdf
    _dense: DenseIndex
    _centres: Centres

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
        before: Snapshot | None = None,
    ) -> Snapshot:
        """Index the pairs; long work for a lane. With `files`, known vectors are read from disk.

        What a snapshot `before` this one has indexed of the same wordings is not done again: with
        200,000 wordings of which few are new that takes a second instead of a minute.
        """
        synonyms = synonyms or _NO_SYNONYMS
        indexed = Indexed.of(
            release_id,
            pairs,
            encoder,
            synonyms,
            files=files,
            progress=progress,
            before=before._indexed if before else None,
        )
        snapshot = cls(
            release_id=release_id,
            pairs={pair.id: pair for pair in pairs},
            _order=tuple(pairs),
            _synonyms=synonyms,
            _indexed=indexed,
            _wordings=indexed.wordings,
            _bm25=indexed.bm25,
            _tfidf=indexed.tfidf,
            _dense=indexed.dense,
            _centres=indexed.centres,
        )
        if pairs:  # numpy imports more at the first search; no customer should wait for that
            snapshot.search(snapshot.texts[0], snapshot._dense.taken(np.arange(1))[0])
        return snapshot

    @property
    def texts(self) -> tuple[str, ...]:
        """Every wording of every pair as it is compared: normalised, synonyms folded."""
        return self._wordings.texts

    @property
    def vectors(self) -> Vectors:
        """The vectors of `texts`, shape (wordings, dimensions); not to be written to."""
        return self._dense.vectors

    def sample(self, most: int) -> tuple[tuple[str, ...], Vectors]:
        """Return up to `most` wordings and their vectors: the same ones in the next release."""
        rows = self._wordings.sample(most)
        return tuple(self.texts[row] for row in rows), self._dense.taken(rows)

    @property
    def dense(self) -> DenseIndex:
        """The index of `vectors`."""
        return self._dense

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
        lexical = (self._bm25.found(cut), self._tfidf.found(cut))
        equal = self._wordings.equal(query)
        near = self._dense.nearest(vector, _DENSE_RECALLED)
        shared = (leg.best(_LEXICAL_RECALLED) for leg in lexical)
        rows = np.unique(np.concatenate([equal, near, *shared]))
        cosines = self._dense.cosines(vector, rows)
        bm25, tfidf = (leg.of(rows) for leg in lexical)
        legs = _Legs(rows, cosines, bm25, tfidf, np.isin(rows, equal))

        def means(pairs: Rows) -> Scores:  # of the recalled pairs only: all are megabytes
            own = self._wordings.rows(pairs)
            held = (self._wordings.mean(leg.of(own), pairs) for leg in lexical)
            return calibration.fused(self._centres.cosines(vector, pairs), *held)

        return self._candidates(legs, means, most)

    def _candidates(
        self, legs: _Legs, means: Callable[[Rows], Scores], most: int
    ) -> tuple[Candidate, ...]:
        """Rank pairs by their best wording and the mean of all, and share the probability out."""
        fused = calibration.fused(legs.cosines, legs.bm25, legs.tfidf)
        fused += calibration.EXACT_BONUS * legs.exact
        by_score = np.argsort(-fused, kind="stable")
        owners, first = np.unique(self._wordings.owners[legs.rows[by_score]], return_index=True)
        best = by_score[first]
        certain = bool(legs.exact.any())
        # Pairs that hold the very same wording are equally right, whatever else they hold.
        scores = fused[best] + (0 if certain else calibration.MEAN_WEIGHT * means(owners))
        ranked = np.argsort(-scores, kind="stable")[:_COMPARED]
        within = calibration.scope(1.0 if certain else float(legs.cosines.max()))
        shares = calibration.shares(scores[ranked])
        return tuple(
            self._candidate(legs, at, within * float(share))
            for at, share in zip(best[ranked][:most], shares[:most], strict=True)
        )

    def _candidate(self, legs: _Legs, at: int, score: float) -> Candidate:
        row = int(legs.rows[at])
        pair = self._order[self._wordings.owners[row]]
        features = {
            "cosine": round(float(legs.cosines[at]), 4),
            "bm25": round(float(legs.bm25[at]), 4),
            "tfidf": round(float(legs.tfidf[at]), 4),
        }
        if legs.exact[at] and self._wordings.canonical[row]:
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
