"""The word lists of the contrast guard: what tells nothing, what is alike, what excludes what.

Knows lists only; how a text is cut by them is the business of `cutting`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from cs_bot.retrieval.contrast.word_files import (
    Contrast,
    Unit,
    read_apart,
    read_contrasts,
    read_groups,
    read_negations,
    read_units,
    read_words,
)
from cs_bot.text.regional import mainland_words

_LEAST_STEM = 3
_ENDINGS = ("ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y")
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists, looked up by the form of a word."""

    contrasts: Mapping[str, Mapping[int, int]]
    """For each form the rows that hold it, and on which side."""
    kinds: tuple[str, ...]
    """For each row its kind."""
    units: Mapping[str, Unit]
    empty: frozenset[str]
    """Words that tell nothing of what a question is about, but how it asks."""
    particles: frozenset[str]
    """Words that tell nothing at all."""
    denying: frozenset[str]
    undoing: frozenset[str]
    heads: Mapping[str, str]
    """For each listed word the form that stands for it and its likes."""
    every: frozenset[str]
    """All words of all lists."""
    lengths: Mapping[str, tuple[int, ...]]
    """For each first character the lengths of the listed words, longest first."""

    def lists(self, word: str) -> bool:
        """Return whether the word stands in some list as it is written."""
        return word in self.every

    def form(self, word: str) -> str:
        """Return what is compared instead of the word: the head of its group, or its stem."""
        head = self.heads.get(word)
        if head is not None:
            return head
        stem = stemmed(word)
        return self.heads.get(stem, stem)

    def opposed(self, one: str, other: str) -> str | None:
        """Return the kind of the row in which the forms stand on different sides, if any."""
        rows, others = self.contrasts.get(one), self.contrasts.get(other)
        if rows is None or others is None:
            return None
        shared = [row for row in rows if row in others]
        apart = [row for row in shared if rows[row] != others[row]]
        return self.kinds[apart[0]] if apart else None

    def on_one_side(self, one: str, other: str) -> bool:
        """Return whether the forms stand on the same side of some row."""
        others = self.contrasts.get(other, {})
        return any(others.get(row) == side for row, side in self.contrasts.get(one, {}).items())


def stemmed(word: str) -> str:
    """Return an English word without its ending; what is no such word is returned as it is."""
    if not _LATIN.fullmatch(word) or word.endswith("ss"):
        return word
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _LEAST_STEM:
            return rest[:-1] if len(rest) > _LEAST_STEM and rest[-1] == rest[-2] else rest
    return word


@cache
def packaged() -> Lexicon:
    """Return the lists that come with the package."""
    return read_lexicon(Path(str(files("cs_bot.retrieval.contrast").joinpath("words"))))


def read_lexicon(directory: Path) -> Lexicon:
    """Return the lists of a directory; raises `BadInput` with file and line."""
    alike = read_groups(directory / "alike.txt")
    empty = read_apart(directory / "function_words.txt")
    particles = read_apart(directory / "particles.txt")
    idioms = {line for _, line in read_words(directory / "idioms.txt") for line in line.split()}
    denying, undoing = read_negations(directory / "negations.txt")
    contrasts = read_contrasts(directory / "contrasts.csv")
    listed = {word for row in contrasts for side in row.sides for word in side}
    heads = _with_taiwan(_heads(alike, listed | idioms))
    every = {*listed, *heads, *empty, *particles, *idioms, *denying, *undoing}
    return Lexicon(
        contrasts=_by_form(contrasts, heads),
        kinds=tuple(row.kind for row in contrasts),
        units=read_units(directory / "units.csv"),
        empty=frozenset(empty),
        particles=frozenset(particles),
        denying=denying,
        undoing=undoing,
        heads=heads,
        every=frozenset(every),
        lengths=_lengths(every),
    )


def _heads(groups: Iterable[Collection[str]], others: Iterable[str]) -> dict[str, str]:
    heads: dict[str, str] = {}
    for group in groups:
        head = stemmed(next(iter(group)))
        for word in group:
            heads.setdefault(word, head)
            heads.setdefault(stemmed(word), head)
    for word in sorted(others):
        heads.setdefault(word, heads.get(stemmed(word), stemmed(word)))
    return heads


def _with_taiwan(heads: Mapping[str, str]) -> dict[str, str]:
    """Return the heads, and for Taiwan's words that of the mainland's; listed words stay."""
    words = mainland_words()
    own = {word: word for word in words.values()} | dict(heads)
    return {taiwan: own[mainland] for taiwan, mainland in words.items()} | own


def _by_form(rows: Iterable[Contrast], heads: Mapping[str, str]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for number, row in enumerate(rows):
        for side, words in enumerate(row.sides):
            for word in words:
                found.setdefault(heads[word], {})[number] = side
    return found


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {char: tuple(sorted(sizes, reverse=True)) for char, sizes in found.items()}
