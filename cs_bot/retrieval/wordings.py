"""All wordings of a release in the form in which they are compared, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
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
        sources, numbers = before._same(pairs)
        texts: list[str] = []
        fresh = []
        ends = (before._starts + before.sizes).tolist()
        starts = before._starts.tolist()
        for first, last in _runs(sources):
            if sources[first] >= 0:
                texts.extend(before.texts[starts[sources[first]] : ends[sources[last]]])
                continue
            pair = pairs[first]
            was = numbers.get(pair.id)
            rows = range(starts[was], ends[was]) if was is not None else ()
            fresh.append(_Fresh.of(pair, synonyms, {before.texts[row]: row for row in rows}))
            texts.extend(fresh[-1].texts)
        return before._followed(pairs, synonyms, tuple(texts), sources, fresh)

    def _followed(
        self,
        pairs: Sequence[QAPair],
        synonyms: Synonyms,
        texts: tuple[str, ...],
        sources: Rows,
        fresh: Sequence[_Fresh],
    ) -> Wordings:
        old, new = sources >= 0, sources < 0
        sizes = np.empty(len(pairs), dtype=np.int64)
        sizes[old] = self.sizes[sources[old]]
        sizes[new] = [len(one.texts) for one in fresh]
        kept = np.full(len(texts), -1, dtype=np.int64)
        kept[np.repeat(old, sizes)] = _ranges(self._starts[sources[old]], sizes[old])
        arrays = {
            "sizes": sizes,
            "canonical": _merged(kept, self.canonical, [one.canonical for one in fresh]),
            "digests": _merged(kept, self._digests, [one.digests for one in fresh]),
        }
        kept = _merged(kept, np.arange(len(self.texts)), [one.rows for one in fresh])
        made = Wordings.of_arrays(pairs, synonyms, texts, arrays)
        return replace(made, kept=kept, sources=sources)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `of_arrays` needs beside the texts."""
        return {"sizes": self.sizes, "canonical": self.canonical, "digests": self._digests}

    @classmethod
    def of_arrays(
        cls,
        pairs: Sequence[QAPair],
        synonyms: Synonyms,
        texts: tuple[str, ...],
        arrays: Mapping[str, NDArray[Any]],
    ) -> Wordings:
        """Return the wordings that `arrays` and `texts` were taken from."""
        sizes, digests = arrays["sizes"], arrays["digests"]
        return cls(
            texts=texts,
            owners=np.repeat(np.arange(len(sizes)), sizes),
            canonical=arrays["canonical"],
            sizes=sizes,
            kept=np.full(len(texts), -1, dtype=np.int64),
            sources=np.full(len(sizes), -1, dtype=np.int64),
            _pairs=pairs,
            _synonyms=synonyms,
            _starts=np.cumsum(sizes) - sizes,
            _digests=digests,
            _by_digest=np.argsort(digests, kind="stable"),
        )

    def _same(self, pairs: Sequence[QAPair]) -> tuple[Rows, dict[str, int]]:
        """Return for each pair the number it has here, -1 where its wordings differ.

        And the number of every pair here by its id.
        """
        known = self._pairs
        numbers = {pair.id: number for number, pair in enumerate(known)}
        found = [numbers.get(pair.id, -1) for pair in pairs]
        same = [
            at
            if at >= 0
            and pair.question == known[at].question
            and pair.similar == known[at].similar
            and pair.translations == known[at].translations
            else -1
            for pair, at in zip(pairs, found, strict=True)
        ]
        return np.array(same, dtype=np.int64), numbers

    def equal(self, query: str) -> Rows:
        """Return the rows whose wording equals the query, marks aside."""
        bare, digest = _bare(query), np.uint32(_digest(query))
        first, last = (
            np.searchsorted(self._digests, digest, side, sorter=self._by_digest)
            for side in ("left", "right")
        )
        alike = self._by_digest[first:last].tolist()
        return np.array([row for row in alike if _bare(self.texts[row]) == bare], dtype=np.int64)

    def sample(self, most: int) -> Rows:
        """Return up to `most` rows, in order: those of the same texts in every release."""
        return np.sort(self._by_digest[:most])

    def of_pair(self, pair: int) -> tuple[str, ...]:
        """Return the texts of one pair, its canonical question first."""
        start = int(self._starts[pair])
        return self.texts[start : start + int(self.sizes[pair])]

    def first_rows(self, pairs: Rows) -> Rows:
        """Return the row of the canonical question of each of these pairs."""
        first: Rows = self._starts[pairs]
        return first

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


@dataclass(frozen=True, slots=True)
class _Fresh:
    """The wordings of one pair that is new or has changed."""

    texts: list[str]
    canonical: list[bool]
    digests: list[int]
    rows: list[int]
    """Where each stood before, -1 where it is new: of 5,000 wordings an edit changes one."""

    @classmethod
    def of(cls, pair: QAPair, synonyms: Synonyms, before: Mapping[str, int]) -> _Fresh:
        titles = (pair.question, *(wording.question for wording in pair.translations.values()))
        known = {synonyms.folded(normalized(title)) for title in titles}
        own = dict.fromkeys(synonyms.folded(normalized(text)) for text in pair.questions())
        return cls(
            texts=list(own),
            canonical=[text in known for text in own],
            digests=[_digest(text) for text in own],
            rows=[before.get(text, -1) for text in own],
        )


def _runs(sources: Rows) -> Iterator[tuple[int, int]]:
    """Return first and last number of pairs that stood one after the other, fresh ones alone."""
    breaks = (np.diff(sources) != 1) | (sources[1:] < 0) | (sources[:-1] < 0)
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(sources)), np.bool_), breaks]))
    ends = np.append(starts[1:], len(sources)) - 1
    return zip(starts.tolist(), ends.tolist(), strict=False)


def _ranges(starts: Rows, sizes: Rows) -> Rows:
    """Return start, start + 1, ... of each size, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    rows: Rows = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return rows


def _merged(kept: Rows, before: NDArray[Any], fresh: Sequence[Sequence[Any]]) -> NDArray[Any]:
    """Return the numbers of kept rows, and those of the fresh pairs for the others."""
    merged = np.empty(len(kept), dtype=before.dtype)
    merged[kept >= 0] = before[kept[kept >= 0]]
    merged[kept < 0] = list(chain.from_iterable(fresh))
    return merged


def _digest(text: str) -> int:
    return crc32(_bare(text).encode("utf-8", "surrogatepass"))


def _bare(text: str) -> str:
    """Return the letters and digits only, or all of a text that has none."""
    return _NO_LETTER.sub("", text) or text


_NOTHING = Wordings.of_arrays(
    (),
    Synonyms(),
    (),
    {
        "sizes": np.empty(0, dtype=np.int64),
        "canonical": np.empty(0, dtype=np.bool_),
        "digests": np.empty(0, dtype=np.uint32),
    },
)
