"""The words of a base as misspelt words are compared with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cs_bot.retrieval.postings import Counted
from cs_bot.retrieval.spelling.untouched import NUMERALS, TURNING
from cs_bot.text.normalize import HAN
from cs_bot.text.pinyin import ALIKE, alike, apart, sounds
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens

LEAST_LETTERS = 4
"""Of a Latin word that is corrected or taken for another; shorter ones are near too many."""

_LOOK_ALIKE = ("券卷", "已己", "末未", "拆折", "拨拔", "侯候", "戴带", "辩辨", "赠增", "绑帮")
_MOST_REMEMBERED = 1000
"""Characters whose like ones are not looked for again."""

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[a-z]{{{LEAST_LETTERS},}}")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Characters by how they sound, and Latin words by their letters."""

    counted: Counted
    """How often each token stands in the base: characters, pairs of them, Latin words."""
    spelt: Mapping[str, str]
    """For each syllable the characters of the base that may be read so."""
    words: tuple[str, ...]
    letters: NDArray[np.uint32]
    """For each word a bit for every letter it holds."""
    _synonyms: Synonyms
    _listed: frozenset[str]
    """Tokens of the synonyms: no wording holds those that are folded into another."""
    _near: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, counted: Counted, synonyms: Synonyms, before: Vocabulary | None = None
    ) -> Vocabulary:
        """Return the vocabulary; `counted` goes on numbering where that of `before` ended."""
        if before is not None and before._synonyms is not synonyms:
            before = None
        done = len(before.counted.numbers) if before else 0
        listed = before._listed if before else _listed(synonyms)
        new = list(islice(counted.numbers, done, None))
        if before is None:
            new += [token for token in listed if token not in counted.numbers]
        words = [token for token in new if _WORD.fullmatch(token)]
        chars = [token for token in new if len(token) == 1 and _HAN.match(token)]
        letters = np.array([letters_of(word) for word in words], dtype=np.uint32)
        return cls(
            counted=counted,
            spelt=_spelt(chars, before.spelt if before else {}),
            words=(*before.words, *words) if before else tuple(words),
            letters=np.concatenate([before.letters, letters]) if before else letters,
            _synonyms=synonyms,
            _listed=listed,
        )

    def times(self, token: str) -> int:
        """Return in how many wordings the token stands, 1 where it is read as another."""
        return self.counted.frequency(token) or int(token in self._listed)

    def holds(self, token: str) -> bool:
        """Whether some wording holds the token, or a list of synonyms."""
        return self.times(token) > 0

    def held(self, pairs: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return those of the tokens, each with its cost, that the base holds."""
        numbers, listed = self.counted.numbers, self._listed
        met = (pair for pair in pairs if pair[0] in numbers or pair[0] in listed)
        return [pair for pair in met if self.holds(pair[0])]

    def near(self, char: str) -> tuple[tuple[str, float], ...]:
        """Return the characters of the base that this one is written for, and how far they are."""
        found = self._near.get(char)
        if found is None:
            if len(self._near) == _MOST_REMEMBERED:
                self._near.clear()
            found = self._near[char] = tuple(self._sounding(char).items())
        return found

    def _sounding(self, char: str) -> dict[str, float]:
        near = {other: ALIKE for pair in _LOOK_ALIKE if char in pair for other in pair}
        likes = (like for sound in sounds(char) for like in (sound, *alike(sound)))
        for other in "".join(self.spelt.get(like, "") for like in likes):
            cost = apart(char, other)
            if cost is not None:
                near[other] = min(cost, near.get(other, cost))
        return {
            other: cost
            for other, cost in near.items()
            if other != char and other not in TURNING and other not in NUMERALS
        }


def letters_of(word: str) -> int:
    """Return a bit for every letter of a Latin word."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - ord("a"))
    return bits


def _listed(synonyms: Synonyms) -> frozenset[str]:
    return frozenset(token for word in synonyms.heads() for token in tokens(word))


def _spelt(chars: Iterable[str], before: Mapping[str, str]) -> Mapping[str, str]:
    spelt: dict[str, list[str]] = {}
    for char in chars:
        for syllable in sounds(char):
            spelt.setdefault(syllable, []).append(char)
    if not spelt:
        return before
    more = {syllable: before.get(syllable, "") + "".join(new) for syllable, new in spelt.items()}
    return {**before, **more}
