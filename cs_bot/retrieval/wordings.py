"""All wordings of a release in the form in which they are compared, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Wordings:
    """One row per wording; the rows of a pair follow each other, its canonical question first."""

    texts: tuple[str, ...]
    owners: NDArray[np.int64]
    """For each row the number of its pair."""
    canonical: frozenset[int]
    """Rows that hold a canonical question, in any language."""
    _starts: NDArray[np.int64]
    _sizes: NDArray[np.int64]
    _equal: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, pairs: Sequence[QAPair], synonyms: Synonyms) -> Wordings:
        """Return the wordings of all pairs in all languages, repeats within a pair left out."""
        texts: list[str] = []
        sizes: list[int] = []
        canonical: set[int] = set()
        for pair in pairs:
            titles = (pair.question, *(w.question for w in pair.translations.values()))
            known = {synonyms.folded(normalized(title)) for title in titles}
            own = dict.fromkeys(synonyms.folded(normalized(text)) for text in pair.questions())
            canonical |= {len(texts) + at for at, text in enumerate(own) if text in known}
            sizes.append(len(own))
            texts.extend(own)
        ends = np.cumsum(np.array(sizes, dtype=np.int64))
        return cls(
            texts=tuple(texts),
            owners=np.repeat(np.arange(len(sizes)), sizes),
            canonical=frozenset(canonical),
            _starts=ends - np.array(sizes, dtype=np.int64),
            _sizes=np.array(sizes, dtype=np.int64),
            _equal=_rows_of(texts),
        )

    def equal(self, query: str) -> NDArray[np.int64]:
        """Return the rows whose wording equals the query, marks aside."""
        return np.array(self._equal.get(_bare(query), ()), dtype=np.int64)

    def mean(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean per pair of one number or one vector per row."""
        if not len(values):
            return values
        sizes = self._sizes.reshape(-1, *(1 for _ in values.shape[1:]))
        means = np.add.reduceat(values, self._starts) / sizes
        return np.asarray(means, dtype=np.float32)


def _rows_of(texts: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        rows.setdefault(_bare(text), []).append(row)
    return rows


def _bare(text: str) -> str:
    """Return the letters and digits only, or all of a text that has none."""
    return _NO_LETTER.sub("", text) or text
