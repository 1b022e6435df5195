"""One release, ready to be searched: an immutable index over every wording of every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cs_bot.models.adapter import Adapter
from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.models.indexes import DenseIndex
from cs_bot.retrieval import calibration, spelling
from cs_bot.retrieval.answers_leg import AnswersLeg
from cs_bot.retrieval.indexed import Indexed
from cs_bot.retrieval.legs import LexicalLegs
from cs_bot.retrieval.ranking import Ranking, ranked
from cs_bot.retrieval.second_space import SecondSpace
from cs_bot.retrieval.spaces import FirstSpace, JointSpace, View
from cs_bot.retrieval.spelling import Corrected
from cs_bot.retrieval.vectors import Progress, VectorFiles, encoded
from cs_bot.retrieval.wordings import Wordings
from cs_bot.text import meanings
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import Candidate, QAPair

_NO_SYNONYMS = Synonyms()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Snapshot:
    """An index of one release. Searching changes nothing, so any thread may search."""

    release_id: str
    pairs: Mapping[str, QAPair]
    _order: tuple[QAPair, ...]
    _synonyms: Synonyms
    _indexed: Indexed
    _lexical: LexicalLegs
    _first: FirstSpace | None
    _second: SecondSpace | None = None
    _joint: JointSpace | None = None
    has_answers: bool = False
    """Whether the answers were read for long questions, as far as there are not too many."""

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
        snapshot = cls._of(pairs, synonyms, indexed)
        if pairs:  # numpy imports more at the first search; no customer should wait for that
            snapshot.search(snapshot.texts[0], snapshot.dense.taken(np.arange(1))[0])
        return snapshot

    @classmethod
    def by_words(
        cls,
        release_id: str,
        pairs: Sequence[QAPair],
        *,
        synonyms: Synonyms | None = None,
        before: Snapshot | None = None,
    ) -> Snapshot:
        """Index the pairs by their words alone, for as long as the first encoder is down."""
        synonyms = synonyms or _NO_SYNONYMS
        known = before._indexed if before else None
        return cls._of(pairs, synonyms, Indexed.by_words(release_id, pairs, synonyms, known))

    @classmethod
    def _of(cls, pairs: Sequence[QAPair], synonyms: Synonyms, indexed: Indexed) -> Snapshot:
        dense, centres = indexed.dense, indexed.centres
        spelling.load()
        space = FirstSpace.of(dense, centres, indexed.wordings) if dense and centres else None
        return cls(
            release_id=indexed.release_id,
            pairs={pair.id: pair for pair in pairs},
            _order=tuple(pairs),
            _synonyms=synonyms,
            _indexed=indexed,
            _lexical=LexicalLegs(indexed.bm25, indexed.tfidf),
            _first=space,
        )

    def with_answers(self) -> Snapshot:
        """Return this snapshot with what its answers say; half a millisecond a pair, for a lane.

        Also reads what the contrast guard looks up only now and then.
        """
        meanings.load()
        answers = AnswersLeg.of(self._order, self._wordings, self._synonyms)
        return replace(self, _lexical=replace(self._lexical, answers=answers), has_answers=True)

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
        if files is None:
            second = encoded(self.texts, encoder, progress)
        else:
            second = files.vectors(self.release_id, self.texts, encoder, progress)
        alone = SecondSpace.of(second, self._wordings, adapter)
        made = replace(self, _second=alone)
        if self._first is None:
            return made
        joint = JointSpace.of(self._first, alone, self._wordings, adapter)
        return replace(made, _joint=joint)

    @property
    def has_first(self) -> bool:
        """Whether the first encoder's vectors are in it; the other legs find answers without."""
        return self._first is not None

    @property
    def has_second(self) -> bool:
        """Whether the second encoder's vectors are in it."""
        return self._second is not None

    @property
    def _wordings(self) -> Wordings:
        return self._indexed.wordings

    @property
    def texts(self) -> tuple[str, ...]:
        """Every wording of every pair as it is compared: normalised, synonyms folded."""
        return self._wordings.texts

    @property
    def vectors(self) -> Vectors:
        """The first encoder's vectors of `texts`, shape (wordings, dimensions); read only."""
        return self.dense.vectors

    @property
    def dense(self) -> DenseIndex:
        """The index of `vectors`."""
        assert self._indexed.dense is not None  # noqa: S101 - whoever asks has it: `has_first`
        return self._indexed.dense

    def sample(self, most: int) -> tuple[tuple[str, ...], Vectors]:
        """Return up to `most` wordings and their vectors: the same ones in the next release."""
        rows = self._wordings.sample(most)
        return tuple(self.texts[row] for row in rows), self.dense.taken(rows)

    def compared(self, query: str) -> str:
        """Return a normalised query in the form in which this snapshot holds its wordings."""
        return self._synonyms.folded(query)

    def read(self, query: str, *, slips: bool = True) -> Corrected:
        """Return a normalised query as it is searched: compared, slips read as the base's words.

        Where a wording equals the query, or `slips` are to be left, it is only compared.
        """
        compared = self.compared(query)
        if not slips or self.holds(compared):
            return Corrected(compared)
        reading = spelling.read(compared, self._indexed.vocabulary)
        if not reading.changes:
            return reading
        return replace(reading, text=self.compared(normalized(reading.text)))

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
        found = zip(ranking.pairs[:most], ranking.probabilities()[:most].tolist(), strict=True)
        traced = ranking.traced(most, self._wordings.canonical)
        return tuple(
            Candidate(
                id=self._order[pair].id,
                question=self._order[pair].question,
                score=score,
                via=via,
                features=features,
            )
            for (pair, score), (via, features) in zip(found, traced, strict=True)
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
        if vector is None or self._first is None:
            if second is None or self._second is None:
                return None, calibration.LEXICAL
            return self._second.view(second), calibration.SECOND
        if second is None or self._joint is None:
            return self._first.view(vector), calibration.FIRST
        return self._joint.view(vector, second), calibration.JOINT
