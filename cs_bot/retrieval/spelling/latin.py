"""Slips in Latin words: a letter too many, too few, wrong or swapped, a space forgotten."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cs_bot.retrieval.spelling.untouched import known, never_read_as
from cs_bot.retrieval.spelling.vocabulary import LEAST_LETTERS, Vocabulary, letters_of
from cs_bot.text.english import frequency

_COMMON = 500
"""Times from which on a word of the frequency list is what was meant."""
_RARER = 100
"""A rarer word is meant unless what it is read as is that many times more common."""
_LONG = 8
"""Letters from which on two may be wrong."""
_LONGEST = 24
_VERY_COMMON = 5000
"""Times from which on a word may be half of what was written without a space."""
_SHORT_WORDS = frozenset(
    (
        *("am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me"),
        *("my", "no", "of", "on", "or", "so", "to", "up", "us", "we"),
    )
)
_CLEARER = 0.3
"""How much better, in logarithms, the best of several near words must be than the next."""
_ONES = np.array([bits.bit_count() for bits in range(1 << 16)], dtype=np.uint8)


def meant(word: str, vocabulary: Vocabulary) -> str | None:
    """Return what an improbable word is read as, None where it is left as it is."""
    if not LEAST_LETTERS <= len(word) <= _LONGEST or probable(word, vocabulary):
        return None
    found = sorted(_candidates(word, vocabulary), reverse=True)
    near = [one for one in found if one[1] == 1]
    apart = None if near or frequency(word) else _apart(word, vocabulary)
    best = near or found
    if apart or not best:
        return apart
    return best[0][2] if len(best) == 1 or best[0][0] - best[1][0] >= _CLEARER else None


def probable(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the word is in the base, common, or known to the contrast guard."""
    common = max(frequency(word), frequency(word.removesuffix("s"))) >= _COMMON
    return common or vocabulary.holds(word) or known(word)


def distance(one: str, other: str, most: int) -> int:
    """Return the least number of slips between two words, `most` + 1 where there are more.

    Letters added, left out, replaced, or swapped with the next (Damerau, Levenshtein).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, facing in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def _candidates(word: str, vocabulary: Vocabulary) -> Iterator[tuple[float, int, str]]:
    """Return words of the base that are near: how probable, how far, which."""
    times = frequency(word)
    most = 2 if len(word) >= _LONG and not times else 1
    for other in _of_like_letters(word, most, vocabulary):
        if times and frequency(other) < _RARER * times:
            continue
        far = distance(word, other, most)
        if far > most or not _may_be(word, other, far, vocabulary):
            continue
        same = letters_of(word) == letters_of(other)
        score = math.log(vocabulary.times(other)) + 0.3 * math.log1p(frequency(other)) + same
        yield score, far, other


def _of_like_letters(word: str, most: int, vocabulary: Vocabulary) -> Iterator[str]:
    """Return the words of which few letters are not in the other, whatever their order."""
    mine = np.uint32(letters_of(word))
    rows = np.flatnonzero(_ones(vocabulary.letters & ~mine) <= most)
    rows = rows[_ones(mine & ~vocabulary.letters[rows]) <= most]
    near = (vocabulary.words[row] for row in rows.tolist())
    return (other for other in near if _begins_like(word, other, most))


def _begins_like(word: str, other: str, most: int) -> bool:
    """Whether two words may be that few slips apart, none of which adds or takes a prefix.

    `un-`, `in-` and `re-` turn the meaning.
    """
    longer = abs(len(other) - len(word))
    return longer <= most and (other[0] == word[0] or longer == 0)


def _ones(bits: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return how many bits are set in each number."""
    counted: NDArray[np.uint8] = _ONES[bits & 0xFFFF] + _ONES[bits >> 16]
    return counted


def _may_be(word: str, other: str, far: int, vocabulary: Vocabulary) -> bool:
    if not vocabulary.holds(other) or other in never_read_as():
        return False
    if other[0] != word[0] and far > 1:
        return False
    if len(word) == len(other) == LEAST_LETTERS and letters_of(word) != letters_of(other):
        return False  # too many words are one letter from each other
    if word in (other + "s", other + "es") or other in (word + "s", word + "es"):
        return False
    return frequency(other) > 0 or vocabulary.times(other) > 1


def _apart(word: str, vocabulary: Vocabulary) -> str | None:
    """Return the word as two words of which one at least is in the base."""
    ways = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
    found = [
        (min(frequency(one), frequency(other)), f"{one} {other}")
        for one, other in ways
        if _part(one, vocabulary) and _part(other, vocabulary) and _of_base(one, other, vocabulary)
    ]
    return max(found)[1] if found else None


def _of_base(one: str, other: str, vocabulary: Vocabulary) -> bool:
    held = [part for part in (one, other) if vocabulary.holds(part)]
    shortest = min(len(one), len(other))
    return any(len(part) > LEAST_LETTERS for part in held) or (
        len(held) == 2 and shortest >= LEAST_LETTERS
    )


def _part(part: str, vocabulary: Vocabulary) -> bool:
    common = part in _SHORT_WORDS if len(part) == 2 else frequency(part) >= _VERY_COMMON
    return common or (len(part) >= LEAST_LETTERS and vocabulary.holds(part))
