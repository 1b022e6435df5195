"""Slips in Chinese: the wrong character of the same sound, or of nearly the same look."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from cs_bot.retrieval.spelling.places import Place, is_word, spans_of
from cs_bot.retrieval.spelling.untouched import empty, known, means_the_same
from cs_bot.retrieval.spelling.vocabulary import Vocabulary
from cs_bot.text import dictionary
from cs_bot.text.pinyin import ALIKE, OTHER_TONE, SAME

_MOST_CHANGES = 3
_RARE = 500
"""Times below which the dictionary's corpus holds a word that no context need speak against."""
_NEVER_LAST = "或和与及在再只把被给跟让从"
"""Something must follow these: at the end of what is said they are a slip."""
_PARTICLE = "的"
_TAKEN_FOR_IT = "地得"
"""Nothing is read as these: they begin and end other words (`地址`, `获得`)."""

Scored = Iterator[tuple[float, str]]


def corrected(run: str, vocabulary: Vocabulary) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a run of Chinese characters as it was meant, and what was read as what."""
    changes: list[tuple[str, str]] = []
    spans = None
    for at in range(len(run) - 1):
        if len(changes) == _MOST_CHANGES:
            break
        if vocabulary.holds(run[at : at + 2]):
            continue
        spans = spans or spans_of(run, vocabulary)
        place = Place(run, at, spans, vocabulary)
        found = max(_meant(place), default=None)
        if found is not None:
            changes.append((place.pair, found[1]))
            run, spans = run[:at] + found[1] + run[at + 2 :], None
    return run, tuple(changes)


def _meant(place: Place) -> Scored:
    """Return what two characters that the base has nowhere may be read as."""
    if not place.word:
        yield from _words(place)
        yield from _particles(place)
    else:
        yield from _longer_words(place)
        if dictionary.holds(place.pair):
            yield from _other_words(place)


def _words(place: Place) -> Scored:
    """Return words of the base that make one word of what were two."""
    held = place.vocabulary.held(_changed(place))
    before = place.words(place.pair)[0] if held else 0
    for pair, cost in held:
        words, one = place.words(pair)
        if one and words < before and _believable(place, pair):
            times = place.vocabulary.times(pair)
            yield math.log(times) + place.support(pair) - 2 * cost, pair


def _believable(place: Place, pair: str) -> bool:
    """Whether the context bears out what is doubtful by itself.

    That is to change both characters, or one that may stand anywhere, or to read a word that may.
    Of `怎么绑` nothing is left to guess: `怎么` is followed by anything.
    """
    changed = [side for side in (0, 1) if pair[side] != place.pair[side]]
    anywhere = any(empty(place.pair[side]) for side in changed)
    if len(changed) > 1:
        return not anywhere and place.support(pair) > 0
    if empty(place.word_at(1 - changed[0])) and not empty(pair):
        return False
    if place.ends and place.pair[changed[0]] in _NEVER_LAST:
        return True
    return not (anywhere or empty(pair)) or place.support(pair) > 0


def _changed(place: Place) -> list[tuple[str, float]]:
    """Return the pair with one character of like sound, or both of the same."""
    ones, others = (place.near(side) if place.free(side) else () for side in (0, 1))
    first, second = tuple(place.pair)
    changed = [(char + second, cost) for char, cost in ones]
    changed += [(first + char, cost) for char, cost in others]
    for one, cost in ones:
        if cost <= OTHER_TONE:
            left = OTHER_TONE - cost
            changed += [(one + other, cost + more + 1) for other, more in others if more <= left]
    return changed


def _particles(place: Place) -> Scored:
    """Return the pair with `的` for what sounds like it, where the base has it so."""
    first, second = tuple(place.pair)
    if second not in _TAKEN_FOR_IT or not place.free(1):
        return
    pair, holds = first + _PARTICLE, place.vocabulary.holds
    if holds(pair) and (not place.right or holds(_PARTICLE + place.right)):
        yield 0.0, pair


def _other_words(place: Place) -> Scored:
    """Return words of the base that are typed like this word.

    The context must speak for them, or both sound the same and share a character, and the one that
    is there means the same or is improbable.
    """
    listed = known(place.pair)
    for pair, cost in _typed_alike(place):
        alike = listed and means_the_same(place.pair, pair)
        if (listed and not alike) or not is_word(pair, place.vocabulary):
            continue
        support = place.support(pair)
        shared = any(old == new for old, new in zip(place.pair, pair, strict=True))
        if support or (shared and cost == SAME and (alike or _improbable(place, pair))):
            yield math.log(place.vocabulary.times(pair)) + 2 * support - 2 * cost, pair


def _improbable(place: Place, pair: str) -> bool:
    """Whether a word is rare, or stands where the base has the other."""
    return dictionary.frequency(place.pair) < _RARE or place.fits(pair)


def _typed_alike(place: Place) -> list[tuple[str, float]]:
    ones, others = (
        [(place.pair[side], SAME), *(near for near in place.near(side) if near[1] < ALIKE)]
        for side in (0, 1)
    )
    pairs = [(one + other, cost + more) for one, cost in ones for other, more in others]
    return [pair for pair in place.vocabulary.held(pairs) if pair[0] != place.pair]


def _longer_words(place: Place) -> Scored:
    """Return pairs of the base that make another word of a long one: `优惠券` of `优惠卷`."""
    if len(place.word) == len(place.pair):
        return
    start, end = place.spans[place.at]
    before, after = place.run[start : place.at], place.run[place.at + 2 : end]
    first, second = tuple(place.pair)
    changed = [(char + second, cost) for char, cost in place.near(0)]
    changed += [(first + char, cost) for char, cost in place.near(1)]
    for pair, cost in place.vocabulary.held(changed):
        word = before + pair + after
        inside = (one + other for one, other in pairwise(word))
        if dictionary.holds(word) and all(map(place.vocabulary.holds, inside)):
            yield -cost, pair
