"""Reads the word lists of the contrast guard; every problem names file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.text.texts import read_text

KINDS = ("negation", "antonym", "number", "date", "name", "action", "object")


@dataclass(frozen=True, slots=True)
class Contrast:
    """Words of which a question means one side only; words of one side are alike."""

    kind: str
    sides: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: `factor` of its dimension's base unit."""

    dimension: str
    factor: float


def read_contrasts(path: Path) -> list[Contrast]:
    """Return the rows of a file `kind,sides`; raises `BadInput` with file and line."""
    found = []
    for number, (kind, written) in _rows(path, "kind,sides"):
        sides = tuple(tuple(side.split("|")) for side in written.split("/"))
        if kind not in KINDS:
            raise BadInput(
                f"{kind!r} is no kind of contrast",
                where=f"{path}:{number}",
                remedy=f"write one of {', '.join(KINDS)}",
            )
        if len(sides) < 2 or not all(word.strip() for side in sides for word in side):
            raise BadInput(
                "a contrast has two sides or more",
                where=f"{path}:{number}",
                remedy="write: antonym,open/close|shut",
            )
        found.append(Contrast(kind, sides))
    return found


def read_units(path: Path) -> dict[str, Unit]:
    """Return the units of a file `dimension,units`; raises `BadInput` with file and line."""
    found = {}
    for number, (dimension, written) in _rows(path, "dimension,units"):
        for part in written.split("|"):
            name, _, factor = part.rpartition("=")
            try:
                found[name] = Unit(dimension, float(factor))
            except ValueError:
                raise BadInput(
                    f"{part!r} is no unit with its factor",
                    where=f"{path}:{number}",
                    remedy="write: weight,g=1|kg=1000",
                ) from None
    return found


def read_words(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a list with their numbers, comments and empty ones left out."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        written = line.partition("#")[0].strip()
        if written:
            yield number, written


def _rows(path: Path, header: str) -> Iterator[tuple[int, tuple[str, str]]]:
    lines = list(read_words(path))
    if not lines or lines[0][1] != header:
        raise BadInput(
            "the first row must name the columns", where=f"{path}:1", remedy=f"write {header}"
        )
    for number, line in lines[1:]:
        first, comma, rest = line.partition(",")
        if not comma:
            raise BadInput("1 column", where=f"{path}:{number}", remedy=f"write {header}")
        yield number, (first, rest)


def read_groups(path: Path) -> list[list[str]]:
    """Return the groups of a file of words that are alike; raises `BadInput`."""
    places: dict[str, int] = {}
    groups = []
    for number, line in read_words(path):
        groups.append([word.strip() for word in line.split(",")])
        for word in groups[-1]:
            if places.setdefault(word, number) != number:
                raise BadInput(
                    f"{word!r} stands on line {places[word]} already",
                    where=f"{path}:{number}",
                    remedy="let a word be in one group only",
                )
    return groups


def read_apart(path: Path) -> set[str]:
    """Return the words of a file, apart by spaces."""
    return {word for _, line in read_words(path) for word in line.split()}


def read_negations(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that deny and those that undo; raises `BadInput`."""
    lists: dict[str, set[str]] = {"deny": set(), "undo": set()}
    for number, line in read_words(path):
        first, *words = line.split()
        if first not in lists:
            raise BadInput(
                f"{first!r} is neither deny nor undo",
                where=f"{path}:{number}",
                remedy="begin the line with deny or undo",
            )
        lists[first].update(words)
    return frozenset(lists["deny"]), frozenset(lists["undo"])
