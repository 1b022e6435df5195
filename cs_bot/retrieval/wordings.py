"""All wordings of a release in the form in which they are compared, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair

Rows = NDArray[np.int64]

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Wordings:
    """One row per wording; the rows of a pair follow each other, its canonical question first."""

    texts: tuple[str, ...]
    owners: Rows
    """For each row the number of its pair."""
    canonical: NDArray[np.bool_]
    """For each row whether it holds a canonical question, in any language."""
    sizes: Rows
    """For each pair how many rows it has."""
    kept: Rows
    """For each row its row in the wordings before these, -1 where it is new."""
    sources: Rows
    """For each pair its number there, -1 where its wordings are new."""
    _pairs: Sequence[QAPair]
    _synonyms: Synonyms
    _starts: Rows
    _digests: NDArray[np.uint32]
    """Of each row's bare text, to find equal ones without a dictionary of 200,000 lists."""
    _by_digest: Rows

    @classmethod
    def of(
        cls, pairs: Sequence[QAPair], synonyms: Synonyms, before: Wordings | None = None
    ) -> Wordings:
        """Return the wordings of all pairs in all languages, repeats within a pair left out.

        Those of pairs that are the same in `before` are taken from there: normalising 200,000
        anew takes half a minute.
        """
        if before is None or before._synonyms is not synonyms:
            before = _NOTHING
        sources = before._same(pairs)
        texts: list[str] = []
        fresh: list[tuple[list[str], list[bool]]] = []
        starts, sizes = before._starts.tolist(), before.sizes.tolist()
        for pair, source in zip(pairs, sources, strict=True):
            if source < 0:
                fresh.append(_own(pair, synonyms))
                texts.extend(fresh[-1][0])
            else:
                texts.extend(before.texts[starts[source] : starts[source] + sizes[source]])
        return before._followed(pairs, synonyms, tuple(texts), np.array(sources, np.int64), fresh)

    def _followed(
        self,
        pairs: Sequence[QAPair],
        synonyms: Synonyms,
        texts: tuple[str, ...],
        sources: Rows,
        fresh: list[tuple[list[str], list[bool]]],
    ) -> Wordings:
        old, new = sources >= 0, sources < 0
        sizes = np.empty(len(pairs), dtype=np.int64)
        sizes[old] = self.sizes[sources[old]]
        sizes[new] = [len(own) for own, _ in fresh]
        kept = np.repeat(new, sizes) * np.int64(-1)
        kept[np.repeat(old, sizes)] = _ranges(self._starts[sources[old]], sizes[old])
        canonical = _merged(kept, self.canonical, [known for _, flags in fresh for known in flags])
        digests = _merged(kept, self._digests, [_digest(text) for own, _ in fresh for text in own])
        return Wordings(
            texts=texts,
            owners=np.repeat(np.arange(len(pairs)), sizes),
            canonical=canonical,
            sizes=sizes,
            kept=kept,
            sources=sources,
            _pairs=pairs,
            _synonyms=synonyms,
            _starts=np.cumsum(sizes) - sizes,
            _digests=digests,
            _by_digest=np.argsort(digests, kind="stable"),
        )

    def _same(self, pairs: Sequence[QAPair]) -> list[int]:
        """Return for each pair the number it has here, -1 where its wordings differ."""
        numbers = {pair.id: number for number, pair in enumerate(self._pairs)}
        found = [numbers.get(pair.id, -1) for pair in pairs]
        known = self._pairs
        return [
            at if at >= 0 and _alike(pair, known[at]) else -1
            for pair, at in zip(pairs, found, strict=True)
        ]

    def equal(self, query: str) -> Rows:
        """Return the rows whose wording equals the query, marks aside."""
        bare, digest = _bare(query), np.uint32(_digest(query))
        first, last = (
            np.searchsorted(self._digests, digest, side, sorter=self._by_digest)
            for side in ("left", "right")
        )
        alike = self._by_digest[first:last].tolist()
        return np.array([row for row in alike if _bare(self.texts[row]) == bare], dtype=np.int64)

    def rows(self, pairs: Rows) -> Rows:
        """Return the rows of these pairs, pair after pair."""
        return _ranges(self._starts[pairs], self.sizes[pairs])

    def mean(self, values: NDArray[np.float32], pairs: Rows | None = None) -> NDArray[np.float32]:
        """Return the mean per pair of one number or one vector per row.

        With `pairs` the values are those of `rows(pairs)`.
        """
        if not len(values):
            return values
        sizes = self.sizes if pairs is None else self.sizes[pairs]
        sums = np.add.reduceat(values, np.cumsum(sizes) - sizes)
        means = sums / sizes.reshape(-1, *(1 for _ in values.shape[1:]))
        return np.asarray(means, dtype=np.float32)


def _own(pair: QAPair, synonyms: Synonyms) -> tuple[list[str], list[bool]]:
    """Return the wordings of one pair and which of them are canonical."""
    titles = (pair.question, *(wording.question for wording in pair.translations.values()))
    known = {synonyms.folded(normalized(title)) for title in titles}
    own = dict.fromkeys(synonyms.folded(normalized(text)) for text in pair.questions())
    return list(own), [text in known for text in own]


def _alike(one: QAPair, other: QAPair) -> bool:
    return one is other or (
        one.question == other.question
        and one.similar == other.similar
        and one.translations == other.translations
    )


def _ranges(starts: Rows, sizes: Rows) -> Rows:
    """Return start, start + 1, ... of each size, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    rows: Rows = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return rows


def _merged(kept: Rows, before: NDArray[Any], fresh: Sequence[object]) -> NDArray[Any]:
    merged = np.empty(len(kept), dtype=before.dtype)
    merged[kept >= 0] = before[kept[kept >= 0]]
    merged[kept < 0] = fresh
    return merged


def _digest(text: str) -> int:
    return crc32(_bare(text).encode("utf-8", "surrogatepass"))


def _bare(text: str) -> str:
    """Return the letters and digits only, or all of a text that has none."""
    return _NO_LETTER.sub("", text) or text


def _nothing() -> Wordings:
    none = np.empty(0, dtype=np.int64)
    return Wordings(
        texts=(),
        owners=none,
        canonical=none.astype(np.bool_),
        sizes=none,
        kept=none,
        sources=none,
        _pairs=(),
        _synonyms=Synonyms(),
        _starts=none,
        _digests=none.astype(np.uint32),
        _by_digest=none,
    )


_NOTHING = _nothing()
