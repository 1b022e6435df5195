"""Folds text so that disguised words look alike: width, case, script, marks, symbols, repeats.

Folding is for looking words up in a list only; answers are matched on normalised text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

INVISIBLE = "\x00"
"""Stands for a character nobody sees: zero width, a combining mark, a control character."""
SPACE = " "
SYMBOL = "\x01"
"""Stands for a sign that may be put between letters as a disguise."""
BREAK = "\x02"
"""Stands for punctuation that ends a clause: what is left and right of it is no one word."""

_GAPS = frozenset((INVISIBLE, SPACE, SYMBOL, BREAK))
_CLAUSE_ENDS = frozenset("，。！？；：、,!?;:\n\r")
_KEPT = 0x20000
"""Code points below are remembered; a customer who sends all of them must not cost 140 MB."""
_REPEAT = re.compile(r"(.)\1+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Units:
    """A text as comparable units; `origins[i]` is the character of the text unit i comes from."""

    text: str
    origins: tuple[int, ...]


class _Units(dict[int, str]):
    """Code point to its units, worked out when first met; rare ones each time."""

    def __init__(self, simplified: dict[str, str]) -> None:
        super().__init__()
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        units = "".join(self._unit(char) for char in _compatible(chr(code)))
        if code < _KEPT:
            self[code] = units
        return units

    def _unit(self, char: str) -> str:
        char = self._simplified.get(char, char)
        if char.isalnum():
            return char
        if char in _CLAUSE_ENDS:
            return BREAK
        if char.isspace():
            return SPACE
        return INVISIBLE if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me") else SYMBOL


class _Folds(dict[int, str]):
    """Code point to its folded characters, empty for what folding drops; for `str.translate`."""

    def __init__(self, units: _Units) -> None:
        super().__init__()
        self._units = units

    def __missing__(self, code: int) -> str:
        fold = "".join(unit for unit in self._units[code] if unit not in _GAPS)
        if code < _KEPT:
            self[code] = fold
        return fold


def _compatible(char: str) -> str:
    """Return the character in its plain width and lower case, Latin letters without accents."""
    plain = unicodedata.normalize("NFKC", char).casefold()
    return "".join(_without_accent(part) for part in plain)


def _without_accent(char: str) -> str:
    letter = unicodedata.normalize("NFD", char)[0]
    return letter if letter.isascii() else char


def _simplified() -> dict[str, str]:
    """Return traditional characters with their most frequent simplified form (OpenCC's table)."""
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {row[0]: row[1].split()[0] for row in rows}


_UNITS = _Units(_simplified())
_FOLDS = _Folds(_UNITS)


def fold(text: str) -> str:
    """Return the text folded: only letters and digits, none of them twice in a row."""
    bare = text.translate(_FOLDS)
    return _REPEAT.sub(r"\1", bare) if _REPEAT.search(bare) else bare


def units(text: str) -> Units:
    """Return the text as units, gaps included; `fold` is what is left without gaps and repeats."""
    parts = [_UNITS[ord(char)] for char in text]
    origins = tuple(index for index, part in enumerate(parts) for _ in part)
    return Units("".join(parts), origins)
