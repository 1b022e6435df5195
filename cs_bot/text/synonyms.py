"""Reads one word for another where an operator said that they mean the same; pure.

The file has one group a line, words separated by commas; the first is what the others are read
as. `#` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.text.normalize import normalized
from cs_bot.text.texts import read_text

_COMMA = re.compile(r"[,，]")
_LATIN = re.compile(r"[0-9a-z]")


class Synonyms:
    """Groups of words; folding text twice is folding it once."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self._heads = {word: group[0] for group in groups for word in group}
        # Longer words first, heads among them, so that no word is found inside another.
        words = sorted(self._heads, key=len, reverse=True)
        self._any = re.compile("|".join(map(_pattern, words))) if words else None

    def heads(self) -> dict[str, str]:
        """Return what each word of a group is read as."""
        return dict(self._heads)

    def folded(self, text: str) -> str:
        """Return normalised text with every word of a group replaced by the group's first."""
        if self._any is None:
            return text
        return self._any.sub(lambda found: self._heads[found[0]], text)


def read_synonyms(path: Path) -> Synonyms:
    """Return the groups of a file, none where there is no file; raises `BadInput`."""
    if not path.exists():
        return Synonyms()
    places: dict[str, int] = {}
    groups = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        written = line.partition("#")[0].strip()
        if written:
            groups.append(_group(written, places, number, f"{path}:{number}"))
    return Synonyms(groups)


def _group(written: str, places: dict[str, int], number: int, where: str) -> list[str]:
    words = [word for word in map(normalized, _COMMA.split(written)) if word]
    if len(words) < 2:
        raise BadInput("a group has two words or more", where=where, remedy="write: 退货, 退换货")
    for word in words:
        if word in places:
            raise BadInput(
                f"{word!r} stands on line {places[word]} already",
                where=where,
                remedy="let a word be in one group only",
            )
        places[word] = number
    return words


def _pattern(word: str) -> str:
    """Return a pattern that finds the word; Latin words only where they begin and end."""
    before = r"(?<![0-9a-z])" if _LATIN.match(word[0]) else ""
    after = r"(?![0-9a-z])" if _LATIN.match(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"
