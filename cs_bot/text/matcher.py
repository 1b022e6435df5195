"""Finds many words in a text at once, disguised or not, with offsets of the text as written.

An Aho-Corasick automaton over folded text proposes; a pattern of the one word over the units of
the text decides. Knows nothing of what the words mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from ahocorasick_rs import AhoCorasick

from cs_bot.text.fold import BREAK, INVISIBLE, SPACE, SYMBOL, Units, fold, units

_CLOSE = f"[{INVISIBLE}{SYMBOL}]*"
"""Between letters of a Latin word that is written together."""
_APART = f"[{INVISIBLE}{SYMBOL}{SPACE}]+"
"""Between letters of a Latin word that is spelt out, and between its words."""
_LOOSE = f"[{INVISIBLE}{SYMBOL}{SPACE}]*"
"""Between characters of a script that is written without spaces."""
_MOST_REPEATS = 50
"""How much longer a run of one character may be than in the word; keeps matching linear."""
_LATIN = re.compile("[a-z0-9]")
_GAP = re.compile(f"[{INVISIBLE}{SPACE}{SYMBOL}{BREAK}]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One listed word in a text: `text[start:end]` as written."""

    start: int
    end: int
    word: str


class Matcher:
    """A set of words, and phrases inside which a hit does not count.

    Latin words match at word boundaries only; in other scripts a word matches anywhere.
    """

    def __init__(self, words: Iterable[str], *, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(allowed)
        folded: dict[str, list[str]] = {}
        for word in sorted({*words, *self._allowed}):
            folded.setdefault(fold(word), []).append(word)
        folded.pop("", None)
        self._words = [tuple(group) for group in folded.values()]
        self._automaton = AhoCorasick(folded, store_patterns=False)

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Return the listed words in the text by place, those inside allowed phrases left out."""
        proposed = self._automaton.find_matches_as_indexes(fold(text), overlapping=True)
        if not proposed:
            return ()
        written = units(text)
        words = {word for index, _, _ in proposed for word in self._words[index]}
        found = [hit for word in sorted(words) for hit in _occurrences(word, written)]
        spared = [hit for hit in found if hit.word in self._allowed]
        kept = (hit for hit in found if hit.word not in self._allowed and not _inside(hit, spared))
        return tuple(sorted(kept, key=lambda hit: (hit.start, hit.end)))


def _inside(hit: Hit, phrases: Iterable[Hit]) -> bool:
    return any(phrase.start <= hit.start and hit.end <= phrase.end for phrase in phrases)


def _occurrences(word: str, written: Units) -> Iterable[Hit]:
    for match in _pattern(word).finditer(written.text):
        start, end = written.origins[match.start()], written.origins[match.end() - 1] + 1
        yield Hit(start, end, word)


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """Return what the word looks like among units, under every disguise that folding undoes."""
    pieces = [piece for piece in _GAP.split(units(word).text) if piece]
    first, last = pieces[0][0], pieces[-1][-1]
    before = "(?<![a-z0-9])" if _LATIN.match(first) else ""
    after = "(?![a-z0-9])" if _LATIN.match(last) else ""
    if not all(_LATIN.match(char) for piece in pieces for char in piece):
        return re.compile(before + _sequence("".join(pieces), _LOOSE) + after)
    together = _LOOSE.join(_sequence(piece, _CLOSE) for piece in pieces)
    apart = _APART.join(_sequence(piece, _APART) for piece in pieces)
    return re.compile(f"{before}(?:{together}|{apart}){after}")


def _sequence(characters: str, gap: str) -> str:
    """Return a pattern of the characters with gaps, each at least as often as it is written."""
    runs = [(char, len(list(group))) for char, group in groupby(characters)]
    return gap.join(
        f"{char}(?:{gap}{char}){{{count - 1},{count + _MOST_REPEATS}}}" for char, count in runs
    )
