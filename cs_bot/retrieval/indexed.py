"""Everything that is searched in one release; made from the one before it where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_bot.models.clusters import Clusters
from cs_bot.models.encoders import Encoder, Vectors
from cs_bot.models.indexes import DenseIndex
from cs_bot.retrieval.centres import Centres
from cs_bot.retrieval.kept import Kept, Known
from cs_bot.retrieval.lexical import BM25, TfIdf
from cs_bot.retrieval.postings import Counted
from cs_bot.retrieval.spelling import Vocabulary
from cs_bot.retrieval.vectors import Progress, VectorFiles, encoded
from cs_bot.retrieval.wordings import Wordings
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens
from cs_bot.types import QAPair

_MOST_ENCODED_AT_ONCE = 1000
"""New wordings that are encoded faster than the files are searched for them."""


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """The wordings of a release and what each leg knows of them."""

    release_id: str
    encoder_name: str
    known: Known
    bm25: BM25
    tfidf: TfIdf
    centres: Centres | None
    vocabulary: Vocabulary

    @property
    def wordings(self) -> Wordings:
        """The wordings."""
        return self.known.wordings

    @property
    def dense(self) -> DenseIndex | None:
        """The vectors of the wordings; None where the encoder was down."""
        return self.known.dense

    @classmethod
    def by_words(
        cls,
        release_id: str,
        pairs: Sequence[QAPair],
        synonyms: Synonyms,
        before: Indexed | None = None,
    ) -> Indexed:
        """Index the pairs by their words alone, for as long as no encoder is there."""
        base = before.known if before else None
        wordings = Wordings.of(pairs, synonyms, base.wordings if base else None)
        counted = _counted(wordings, base)
        known = Known(wordings, counted, None)
        vocabulary = Vocabulary.of(counted, synonyms, before.vocabulary if before else None)
        return cls(release_id, "", known, BM25(counted), TfIdf(counted), None, vocabulary)

    @classmethod
    def of(
        cls,
        release_id: str,
        pairs: Sequence[QAPair],
        encoder: Encoder,
        synonyms: Synonyms,
        *,
        files: VectorFiles | None = None,
        progress: Progress | None = None,
        before: Indexed | None = None,
    ) -> Indexed:
        """Index the pairs; what `before`, or a file, knows of their wordings is not done again."""
        kept = Kept(files.directory, encoder.name, synonyms) if files else None
        if before is not None and before.encoder_name != encoder.name:
            before = None
        if before is not None:
            base: Known | None = before.known
        else:
            base = kept.load(pairs) if kept else None
        wordings = Wordings.of(pairs, synonyms, base.wordings if base else None)
        dense = _dense(release_id, wordings, encoder, files, progress, before, base)
        counted = _counted(wordings, base)
        known = Known(wordings, counted, dense)
        if kept and dense.clusters and dense.clusters is not _clusters(base):
            kept.save(pairs, known, dense.clusters)
        centres = Centres(wordings, dense, before.centres if before else None)
        vocabulary = Vocabulary.of(counted, synonyms, before.vocabulary if before else None)
        legs = (BM25(counted), TfIdf(counted))
        return cls(release_id, encoder.name, known, *legs, centres, vocabulary)


def _dense(
    release_id: str,
    wordings: Wordings,
    encoder: Encoder,
    files: VectorFiles | None,
    progress: Progress | None,
    before: Indexed | None,
    base: Known | None,
) -> DenseIndex:
    new = [wordings.texts[row] for row in np.flatnonzero(wordings.kept < 0)]
    if base is None or base.dense is None:
        if files is None:
            return DenseIndex(encoded(wordings.texts, encoder, progress))
        return DenseIndex(files.vectors(release_id, wordings.texts, encoder, progress))
    done = len(wordings.texts) - len(new)
    vectors: Vectors
    if not new:
        vectors = np.empty((0, base.dense.dimensions), dtype=np.float32)
    elif files is None or len(new) <= _MOST_ENCODED_AT_ONCE:
        vectors = encoded(new, encoder, progress, known=done)
    else:
        vectors = files.looked_up(release_id, new, encoder, progress, known=done)
    if files is not None and before is not None:
        files.follow(release_id, before.release_id, wordings.texts, new, vectors, encoder)
    if progress is not None:
        progress(len(wordings.texts), len(wordings.texts))
    return base.dense.changed(wordings.kept, vectors)


def _clusters(base: Known | None) -> Clusters | None:
    return base.dense.clusters if base and base.dense else None


def _counted(wordings: Wordings, base: Known | None) -> Counted:
    if base is None:
        return Counted.of(map(tokens, wordings.texts))
    new = (tokens(wordings.texts[row]) for row in np.flatnonzero(wordings.kept < 0))
    return base.counted.changed(wordings.kept, new)
