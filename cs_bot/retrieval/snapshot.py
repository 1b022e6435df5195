"""One release, ready to be searched: an immutable index over every wording of every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs_bot.models.adapter import Adapter
from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.retrieval import calibration
from cs_bot.retrieval.legs import LexicalLegs
from cs_bot.retrieval.ranking import Ranking, ranked
from cs_bot.retrieval.spaces import FirstSpace, JointSpace, View
from cs_bot.retrieval.vectors import Progress, VectorFiles, encoded
from cs_bot.retrieval.wordings import Wordings
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import Candidate, QAPair


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Snapshot:
    """An index of one release. Searching changes nothing, so any thread may search."""

    release_id: str
    pairs: Mapping[str, QAPair]
    _order: tuple[QAPair, ...]
    _synonyms: Synonyms
    _wordings: Wordings
    _lexical: LexicalLegs
    _first: FirstSpace
    _joint: JointSpace | None = None

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
        wordings = Wordings.of(pairs, synonyms)
        vectors = _vectors(release_id, wordings, encoder, files, progress)
        snapshot = cls(
            release_id=release_id,
            pairs={pair.id: pair for pair in pairs},
            _order=tuple(pairs),
            _synonyms=synonyms,
            _wordings=wordings,
            _lexical=LexicalLegs.of(wordings.texts),
            _first=FirstSpace.of(vectors, wordings),
        )
        if wordings.texts:  # numpy imports more at the first search; no customer should wait
            snapshot.search(wordings.texts[0], vectors[0])
        return snapshot

    def joined(
        self,
        encoder: Encoder,
        adapter: Adapter | None = None,
        *,
        files: VectorFiles | None = None,
        progress: Progress | None = None,
    ) -> Snapshot:
        """Return this snapshot with the second encoder's opinion; long work for a lane.

        `adapter` is for the two encoders together.
        """
        second = _vectors(self.release_id, self._wordings, encoder, files, progress)
        joint = JointSpace.of(self._first.index, second, self._wordings, adapter)
        return replace(self, _joint=joint)

    @property
    def has_second(self) -> bool:
        """Whether the second encoder's vectors are in it."""
        return self._joint is not None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every wording of every pair as it is compared: normalised, synonyms folded."""
        return self._wordings.texts

    @property
    def vectors(self) -> Vectors:
        """The first encoder's vectors of `texts`, shape (wordings, dimensions); read only."""
        return self._first.index.vectors

    def compared(self, query: str) -> str:
        """Return a normalised query in the form in which this snapshot holds its wordings."""
        return self._synonyms.folded(query)

    def holds(self, query: str) -> bool:
        """Whether a wording equals the query, marks aside: then no encoder need be asked."""
        return len(self._wordings.equal(query)) > 0

    def search(
        self, query: str, vector: Vectors | None, most: int = 5, second: Vectors | None = None
    ) -> tuple[Candidate, ...]:
        """Return up to `most` (10 at most) pairs, the most probable first.

        `query` is what `compared` returned, `vector` and `second` its encodings by the two
        encoders: None where one is not there, and the other legs find what they can.
        """
        ranking = self.ranking(query, vector, second)
        if ranking is None:
            return ()
        found = zip(ranking.pairs, ranking.rows, ranking.probabilities(), strict=True)
        return tuple(
            Candidate(
                id=self._order[pair].id,
                question=self._order[pair].question,
                score=float(score),
                via=ranking.via(row),
                features=ranking.features(row, canonical=row in self._wordings.canonical),
            )
            for pair, row, score in list(found)[:most]
        )

    def ranking(
        self, query: str, vector: Vectors | None, second: Vectors | None = None
    ) -> Ranking | None:
        """Return the pairs as ranked, with what the ranking was made of; None without any."""
        if not self.texts or not query:
            return None
        view, weights = self._view(vector, second)
        return ranked(query, view, self._lexical, self._wordings, weights)

    def _view(
        self, vector: Vectors | None, second: Vectors | None
    ) -> tuple[View | None, calibration.Weights]:
        if vector is None:
            return None, calibration.LEXICAL
        if second is None or self._joint is None:
            return self._first.view(vector), calibration.FIRST
        return self._joint.view(vector, second), calibration.JOINT


def _vectors(
    release_id: str,
    wordings: Wordings,
    encoder: Encoder,
    files: VectorFiles | None,
    progress: Progress | None,
) -> Vectors:
    if files is None:
        return np.asarray(encoded(wordings.texts, encoder, progress))
    return files.vectors(release_id, wordings.texts, encoder, progress)
