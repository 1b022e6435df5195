"""Which texts hold which tokens, how often, and sums of weights over them; knows no formula.

As in a sparse matrix by columns: the rows of token number `n` are `rows[starts[n]:starts[n + 1]]`
in rising order. Whole arrays instead of objects per token keep 200,000 texts in some 30 MB.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]
Query = Sequence[tuple[str, float]]
"""The tokens of a query and how much each counts."""

Entries = tuple[slice, float]
"""Where the entries of a token lie, and how much the token counts."""

_MOST_TOUCHED = 250_000
"""Entries a search walks through. Tokens in so many texts tell few apart: they only add to the
scores of texts that rarer tokens found."""
_SPARE = 4
"""Times as many texts as asked for are scored in full when frequent tokens were left out."""
_BLOCK = 64


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How often each token stands in each text."""

    size: int
    """Number of texts."""
    numbers: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    """For each text its number of tokens."""

    @classmethod
    def of(cls, corpus: Iterable[Iterable[str]]) -> Counted:
        """Count the tokens of each text; reads the corpus once, text by text."""
        numbers: dict[str, int] = {}
        keys, counts, lengths = _counted(corpus, numbers)
        size = len(lengths)
        tokens, rows = np.divmod(keys, max(size, 1))
        return cls._of(size, numbers, tokens, rows, counts, lengths)

    def changed(self, kept: Rows, corpus: Iterable[Iterable[str]]) -> Counted:
        """Return what `of` would for other texts, most of which are counted here already.

        `kept` has for each text its row here, -1 where it is new; `corpus` has the new ones. Takes
        tenths of a second for 200,000 texts of which few are new.
        """
        numbers = dict(self.numbers)
        added, more, further = _counted(corpus, numbers)
        size, fresh = len(kept), np.flatnonzero(kept < 0)
        lengths = np.empty(size, dtype=np.int32)
        lengths[kept >= 0], lengths[fresh] = self.lengths[kept[kept >= 0]], further
        tokens, at = np.divmod(added, max(len(fresh), 1))
        keys = tokens * size + fresh[at]
        old, counts = self._moved(kept)
        places = np.searchsorted(old, keys)
        tokens, rows = np.divmod(np.insert(old, places, keys), max(size, 1))
        return self._of(size, numbers, tokens, rows, np.insert(counts, places, more), lengths)

    def _moved(self, kept: Rows) -> tuple[Rows, NDArray[np.uint16]]:
        """Return key and count of each entry whose text is kept, under its new row."""
        target = np.full(self.size, -1, dtype=np.int64)
        rows = np.flatnonzero(kept >= 0)
        target[kept[rows]] = rows
        moved = target[self.rows]
        stays = moved >= 0
        keys = (self.tokens() * len(kept) + moved)[stays]
        counts = self.counts[stays]
        if (np.diff(kept[rows]) < 0).any():  # texts changed places
            order = np.argsort(keys, kind="stable")  # fast, as keys are nearly in order
            keys, counts = keys[order], counts[order]
        return keys, counts

    @classmethod
    def _of(
        cls,
        size: int,
        numbers: Mapping[str, int],
        tokens: Rows,
        rows: Rows,
        counts: NDArray[np.uint16],
        lengths: NDArray[np.int32],
    ) -> Counted:
        starts = np.zeros(len(numbers) + 1, dtype=np.int64)
        np.cumsum(np.bincount(tokens, minlength=len(numbers)), out=starts[1:])
        return cls(size, numbers, starts, rows.astype(np.int32), counts, lengths)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `of_arrays` needs beside the tokens."""
        names = ("starts", "rows", "counts", "lengths")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def of_arrays(cls, tokens: Iterable[str], arrays: Mapping[str, NDArray[Any]]) -> Counted:
        """Return what `arrays` and the tokens, in the order of their numbers, were taken from."""
        numbers = {token: number for number, token in enumerate(tokens)}
        named = (arrays[name] for name in ("starts", "rows", "counts", "lengths"))
        return cls(len(arrays["lengths"]), numbers, *named)

    def frequencies(self) -> Rows:
        """Return for each token the number of texts that hold it."""
        return np.diff(self.starts)

    def frequency(self, token: str) -> int:
        """Return the number of texts that hold the token."""
        number = self.numbers.get(token)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def tokens(self) -> Rows:
        """Return for each entry the number of its token."""
        return np.repeat(np.arange(len(self.numbers)), self.frequencies())


class Postings:
    """A weight for every token of every text, added up for the tokens of a query."""

    def __init__(self, counted: Counted, weights: NDArray[np.float32]) -> None:
        self._counted = counted
        self._weights = weights

    def scores(self, query: Query) -> Scores:
        """Return one score per row: the sum of weights times the query's own weights."""
        return self._sums(self._known(query))

    def found(self, query: Query, scale: float = 1.0) -> Found:
        """Return the scores of a query, divided by `scale`, as a search wants them."""
        known = self._known(query)
        if sum(entries.stop - entries.start for entries, _ in known) <= _MOST_TOUCHED:
            return Found(self._sums(known), (), self, np.float32(scale))
        rarest_first = sorted(known, key=lambda item: item[0].stop - item[0].start)
        touched = accumulate(entries.stop - entries.start for entries, _ in rarest_first)
        walked = max(1, sum(entries <= _MOST_TOUCHED for entries in touched))
        sums = self._sums(rarest_first[:walked])
        return Found(sums, rarest_first[walked:], self, np.float32(scale))

    def added(self, known: Iterable[Entries], rows: Rows) -> Scores:
        """Return what these entries add to the scores of some rows."""
        scores = np.zeros(len(rows), dtype=np.float32)
        for entries, weight in known:
            held, weights = self._counted.rows[entries], self._weights[entries]
            places = np.searchsorted(held, rows)
            places[places == len(held)] = 0
            scores += np.where(held[places] == rows, weights[places] * np.float32(weight), 0)
        return scores

    def _known(self, query: Query) -> list[Entries]:
        """Return where the entries of each known token lie, and the token's weight."""
        weights: dict[int, float] = {}
        for token, weight in query:
            number = self._counted.numbers.get(token)
            if number is not None:
                weights[number] = weights.get(number, 0.0) + weight
        starts = self._counted.starts.item  # plain numbers: a hundred of them a query
        known = []
        for number, weight in weights.items():
            first, after = starts(number), starts(number + 1)
            if after > first:
                known.append((slice(first, after), weight))
        return known

    def _sums(self, known: Iterable[Entries]) -> Scores:
        sums = np.zeros(self._counted.size, dtype=np.float32)
        for entries, weight in known:
            np.add.at(
                sums, self._counted.rows[entries], self._weights[entries] * np.float32(weight)
            )
        return sums


class Found:
    """The scores of one query; most are 0, and few are ever looked at."""

    def __init__(
        self, sums: Scores, left: Sequence[Entries], postings: Postings, scale: np.float32
    ) -> None:
        self._sums = sums
        self._left = left
        """Entries of the most frequent tokens, too many to walk through."""
        self._postings = postings
        self._scale = scale

    def of(self, rows: Rows) -> Scores:
        """Return the scores of these rows."""
        scores = self._sums[rows]
        if self._left:
            scores += self._postings.added(self._left, rows)
        return scores / self._scale

    def best(self, most: int) -> Rows:
        """Return the rows with the highest scores above zero, best first.

        A row that only tokens in very many rows would have found may be missed; such rows are
        alike by hundreds.
        """
        if not self._left:
            return _highest(self._sums, most)
        rows = _highest(self._sums, most * _SPARE)
        return rows[np.argsort(-self.of(rows), kind="stable")[:most]]


def _highest(scores: Scores, most: int) -> Rows:
    """Return the rows of the highest scores above zero, best first.

    The k-th highest of the highest per block is no higher than the k-th highest of all, which
    spares sorting 200,000 scores of which nearly all are low.
    """
    blocks = np.maximum.reduceat(scores, np.arange(0, len(scores), _BLOCK)) if len(scores) else ()
    floor = np.partition(blocks, -most)[-most] if len(blocks) > most else 0.0
    rows = np.flatnonzero(scores >= floor if floor > 0 else scores > 0)
    return rows[np.argsort(-scores[rows], kind="stable")[:most]]


def _counted(
    corpus: Iterable[Iterable[str]], numbers: dict[str, int]
) -> tuple[Rows, NDArray[np.uint16], NDArray[np.int32]]:
    """Return a key per token and text, how often it stands there, and the texts' lengths.

    New tokens are numbered in the order in which they are met. A key is token * texts + text.
    """
    met, lengths = array("i"), []
    for tokens in corpus:
        before = len(met)
        met.extend([numbers.setdefault(token, len(numbers)) for token in tokens])
        lengths.append(len(met) - before)
    sizes = np.array(lengths, dtype=np.int32)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    keys, times = np.unique(
        np.frombuffer(met, dtype=np.int32) * np.int64(max(len(sizes), 1)) + rows, return_counts=True
    )
    return keys, np.minimum(times, np.iinfo(np.uint16).max).astype(np.uint16), sizes
