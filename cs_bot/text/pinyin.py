"""How Chinese characters sound, which syllables are taken for one another, and typed pinyin; pure.

The readings are those of GB 2312's 6,763 characters; see `words/README.md` for their source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

_INITIAL = re.compile(r"[zcs]h?|[bpmfdtnlgkhjqxryw]|")
_SWAPPED_INITIALS = (("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("h", "f"))
_SWAPPED_FINALS = (("in", "ing"), ("en", "eng"), ("an", "ang"), ("uan", "uang"), ("ian", "iang"))
_LONGEST_SYLLABLE = 6
_MOST_SPLITS = 4
_MOST_LETTERS = 60
_NOT_TYPED = frozenset(("m", "n", "ng", "o"))
"""Exclamations; as letters they are the rest of another syllable."""

SAME, OTHER_TONE, ALIKE = 0.0, 0.5, 1.5
"""How far apart two characters sound: not at all, in tone only, as an accent mixes them up."""


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Return for each character its readings with their tone: `退` has `tui4`."""
    found: dict[str, tuple[str, ...]] = {}
    for reading, chars in _rows():
        for char in chars:
            found[char] = (*found.get(char, ()), reading)
    return found


@cache
def syllables() -> frozenset[str]:
    """Return all syllables, without tones."""
    return frozenset(reading[:-1] for reading, _ in _rows())


def sounds(char: str) -> tuple[str, ...]:
    """Return the syllables a character may be read as, without tones; none for a rare one."""
    return tuple(dict.fromkeys(reading[:-1] for reading in readings().get(char, ())))


@cache
def alike(syllable: str) -> tuple[str, ...]:
    """Return the syllables that an accent, or a hasty ear, takes for this one."""
    initial = _INITIAL.match(syllable)[0]  # type: ignore[index]  # it matches everything
    final = syllable[len(initial) :]
    mixed = (
        *(other + final for other in _others(initial, _SWAPPED_INITIALS)),
        *(initial + other for other in _others(final, _SWAPPED_FINALS)),
    )
    return tuple(one for one in mixed if one in syllables())


def apart(char: str, other: str) -> float | None:
    """Return how far apart two characters sound, None where nobody takes one for the other."""
    one, two = readings().get(char, ()), readings().get(other, ())
    if not set(one).isdisjoint(two):
        return SAME
    mine, theirs = sounds(char), sounds(other)
    if not set(mine).isdisjoint(theirs):
        return OTHER_TONE
    return ALIKE if any(like in theirs for sound in mine for like in alike(sound)) else None


@lru_cache(maxsize=1024)
def splits(letters: str) -> tuple[tuple[str, ...], ...]:
    """Return up to four ways to read letters as syllables, the fewest syllables first."""
    if len(letters) > _MOST_LETTERS:
        return ()
    from_here: list[tuple[tuple[str, ...], ...]] = [((),)]
    for at in range(len(letters) - 1, -1, -1):
        heads = (letters[at : at + size] for size in range(_LONGEST_SYLLABLE, 0, -1))
        typed = dict.fromkeys(head for head in heads if head in _typed())
        ways = ((head, *rest) for head in typed for rest in from_here[-len(head)])
        from_here.append(tuple(sorted(ways, key=len)[:_MOST_SPLITS]))
    return from_here[-1]


def is_typed(words: Sequence[str], is_english: Callable[[str], bool]) -> bool:
    """Tell whether words can be read as syllables and most of them are no English."""
    return all(map(splits, words)) and 2 * sum(map(is_english, words)) < len(words)


@cache
def _typed() -> frozenset[str]:
    return syllables() - _NOT_TYPED


def _others(part: str, swapped: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(two if part == one else one for one, two in swapped if part in (one, two))


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    text = files("cs_bot.text").joinpath("words/readings.txt").read_text(encoding="utf-8")
    return tuple((row[0], row[1]) for row in map(str.split, text.splitlines()))
