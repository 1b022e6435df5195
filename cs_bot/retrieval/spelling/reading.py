"""Reads a whole question: Chinese by sound, Latin words by letters, pinyin as characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cs_bot.retrieval.spelling import chinese, latin, typed_pinyin
from cs_bot.retrieval.spelling.untouched import known
from cs_bot.retrieval.spelling.vocabulary import Vocabulary
from cs_bot.text import dictionary
from cs_bot.text.english import frequency
from cs_bot.text.normalize import HAN
from cs_bot.text.pinyin import readings, splits

_MOST_CHARACTERS = 64
"""A longer question is told in other words as well; it is left as it is."""
_RUN = re.compile(rf"[{HAN}]+|[^\s{HAN}]+(?: [^\s{HAN}]+)*")
_HAN = re.compile(f"[{HAN}]")
_CHUNK = re.compile(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)
_WORD = re.compile(r"[a-z]+")

Changes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question as it is read, and which words were read as which others."""

    text: str
    changes: Changes = ()

    def as_detail(self) -> dict[str, object]:
        """Return what a trace says of it: nothing where nothing was changed."""
        return {"read_as": dict(self.changes)} if self.changes else {}


def load() -> None:
    """Load the dictionaries, 45 MB and a quarter of a second: no customer should wait for that."""
    dictionary.holds("")
    frequency("")
    readings()
    known("")


def read(query: str, vocabulary: Vocabulary) -> Corrected:
    """Return the normalised query as the base would have written it."""
    if len(query) > _MOST_CHARACTERS or not vocabulary.counted.numbers:
        return Corrected(query)
    parts: list[str] = []
    changes: list[tuple[str, str]] = []
    end = 0
    for run in _RUN.finditer(query):
        parts.append(query[end : run.start()])
        end = run.end()
        if _HAN.match(run[0]):
            text, changed = chinese.corrected(run[0], vocabulary)
        else:
            text, changed = _latin(run[0], vocabulary, query[: run.start()], query[end:])
        parts.append(text)
        changes.extend(changed)
    return Corrected("".join((*parts, query[end:])), tuple(changes))


def _latin(run: str, vocabulary: Vocabulary, before: str, after: str) -> tuple[str, Changes]:
    """Return words and signs as they are read; signs and digits stay with their words."""
    chunks = [_Chunk.of(chunk) for chunk in run.split(" ")]
    has_han = bool(_HAN.search(before) or _HAN.search(after))
    around = (_han_at(before.rstrip(), -1), _han_at(after.lstrip(), 0))
    parts: list[str] = []
    changes: list[tuple[str, str]] = []
    for together, group in groupby(chunks, key=lambda chunk: chunk.is_pinyin):
        of_group = list(group)
        beside = (around[0] if not parts else "", around[1] if of_group[-1] is chunks[-1] else "")
        alone = len(of_group) == len(chunks) or has_han
        read = _pinyin(of_group, vocabulary, *beside) if together and alone else None
        text, changed = read or _words(of_group, vocabulary)
        parts.append(text)
        changes.extend(changed)
    return " ".join(parts), tuple(changes)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A word with the signs around it; `word` is empty where it is more than a word."""

    opening: str
    word: str
    closing: str
    written: str

    @classmethod
    def of(cls, chunk: str) -> _Chunk:
        opening, word, closing = _CHUNK.fullmatch(chunk).groups()  # type: ignore[union-attr]
        return cls(opening, word if _WORD.fullmatch(word) else "", closing, chunk)

    @property
    def is_pinyin(self) -> bool:
        return bool(self.word) and bool(splits(self.word))


def _pinyin(
    chunks: Sequence[_Chunk], vocabulary: Vocabulary, before: str, after: str
) -> tuple[str, Changes] | None:
    words = [chunk.word for chunk in chunks]
    if not typed_pinyin.is_pinyin(words, vocabulary):
        return None
    text = typed_pinyin.decoded(words, vocabulary, before, after)
    if text is None:
        return None
    whole = chunks[0].opening + text + chunks[-1].closing
    return whole, ((" ".join(words), text),)


def _words(chunks: Sequence[_Chunk], vocabulary: Vocabulary) -> tuple[str, Changes]:
    pairs = [(chunk, latin.meant(chunk.word, vocabulary)) for chunk in chunks]
    text = " ".join(
        chunk.opening + meant + chunk.closing if meant else chunk.written for chunk, meant in pairs
    )
    return text, tuple((chunk.word, meant) for chunk, meant in pairs if meant)


def _han_at(text: str, at: int) -> str:
    return text[at] if text and _HAN.match(text[at]) else ""
