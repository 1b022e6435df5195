"""Pinyin typed instead of characters: `tuihuo`, `tui huo`, `wo yao tuihuo`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from cs_bot.retrieval.spelling.places import is_word
from cs_bot.retrieval.spelling.vocabulary import Vocabulary
from cs_bot.text.english import frequency
from cs_bot.text.pinyin import is_typed, splits

_LEAST_COVERED = 0.6
"""Share of the syllables that stand in a pair of characters which the base holds."""
_MOST_CHARACTERS = 24
"""The most frequent ones of a syllable."""
_MOST_WAYS = 6
"""To cut the letters into syllables, the fewest syllables first."""
_MOST_SYLLABLES = 20
_PAIR_COUNTS = 3.0
"""What a pair of characters counts that the base holds, before it is known how often."""
_COMMON_COUNTS = 0.3
"""What the frequency of a single character counts beside that of a pair."""
_COMMON = 500

_OPPOSITE = str.maketrans("买卖", "卖买")
"""They sound the same but for the tone, which nobody types."""

Path = tuple[float, str]


def is_pinyin(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether words can be read as syllables and most of them are no English."""

    def is_english(word: str) -> bool:
        return vocabulary.holds(word) or frequency(word) >= _COMMON

    return bool(vocabulary.spelt) and is_typed(words, is_english)


def decoded(
    words: Sequence[str], vocabulary: Vocabulary, before: str = "", after: str = ""
) -> str | None:
    """Return the characters that are meant, as the base would write them; None where unsure.

    `before` and `after` are the characters around them.
    """
    ways: list[tuple[str, ...]] = [()]
    for word in words:
        ways = [way + more for way in ways for more in splits(word)][:_MOST_WAYS]
    paths = [_best(way, vocabulary, before, after) for way in ways if len(way) <= _MOST_SYLLABLES]
    found = max((path for path in paths if path is not None), default=None)
    return found[1] if found and _sure(found[1], vocabulary, before, after) else None


def _best(way: tuple[str, ...], vocabulary: Vocabulary, before: str, after: str) -> Path | None:
    """Return the likeliest characters by the base's pairs (Viterbi 1967)."""
    paths: list[Path] = [(0.0, before)]
    for syllable in way:
        paths = [_best_to(char, paths, vocabulary) for char in _characters(syllable, vocabulary)]
        if not paths:
            return None
    if after:
        paths = [_best_to(after, paths, vocabulary)]
    score, text = max(paths)
    return score - len(way), text[len(before) : len(text) - len(after)]


def _characters(syllable: str, vocabulary: Vocabulary) -> list[str]:
    chars = [char for char in vocabulary.spelt.get(syllable, "") if vocabulary.holds(char)]
    return sorted(chars, key=vocabulary.times, reverse=True)[:_MOST_CHARACTERS]


def _best_to(char: str, paths: Sequence[Path], vocabulary: Vocabulary) -> Path:
    """Return the likeliest path that goes on with this character."""
    score, text = max(
        (score + _said(vocabulary.times(text[-1:] + char)) if text else score, text)
        for score, text in paths
    )
    return score + _COMMON_COUNTS * math.log1p(vocabulary.times(char)), text + char


def _said(times: int) -> float:
    return _PAIR_COUNTS + math.log(times) if times else 0.0


def _as_well(pair: str, vocabulary: Vocabulary) -> bool:
    """Whether the base has the opposite beside the same character."""
    opposite = pair.translate(_OPPOSITE)
    return opposite != pair and vocabulary.holds(opposite)


def _sure(text: str, vocabulary: Vocabulary, before: str, after: str) -> bool:
    pairs = [one + other for one, other in pairwise(before + text + after)]
    if not any(is_word(pair, vocabulary) for pair in pairs):
        return False
    if any(_as_well(pair, vocabulary) for pair in pairs):
        return False
    known = [False, *map(vocabulary.holds, pairs), False]
    covered = [a or b for a, b in pairwise(known)][len(before) :][: len(text)]
    return sum(covered) >= _LEAST_COVERED * len(text)
