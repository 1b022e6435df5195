"""Lays two texts beside each other: one stretch of words in the place of another, else equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cs_bot.retrieval.contrast.cutting import Word

_LONG = 3
"""Words between from which on it may be one word that was replaced in several places."""
_ENOUGH = 1.5
"""How many times as much is equal where several English words were replaced."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words between what two texts have in common at their beginning and at their end."""

    asked: tuple[Word, ...]
    known: tuple[Word, ...]
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    verbatim: bool
    """Whether that is written alike in both, and not only said in words that are alike."""

    @classmethod
    def of(cls, query: Sequence[Word], wording: Sequence[Word]) -> Alignment:
        """Align the texts' words, one exchange in several places as one."""
        plain = cls.plain(query, wording)
        if min(len(plain.asked), len(plain.known)) < _LONG:
            return plain
        return _repeated(query, wording) or plain

    @classmethod
    def plain(cls, query: Sequence[Word], wording: Sequence[Word]) -> Alignment:
        """Align what the texts begin with and what they end with."""
        most = min(len(query), len(wording))
        start = _equal(query, wording, most)
        end = _equal(query[::-1], wording[::-1], most - start)
        return cls(
            asked=tuple(query[start : len(query) - end]),
            known=tuple(wording[start : len(wording) - end]),
            before=tuple(query[:start]),
            after=tuple(query[len(query) - end :]),
            verbatim=_written(query[:start]) == _written(wording[:start])
            and _written(query[len(query) - end :]) == _written(wording[len(wording) - end :]),
        )

    @property
    def around(self) -> int:
        """How much the texts have in common."""
        return sum(word.weight for word in (*self.before, *self.after))

    @property
    def replaces(self) -> bool:
        """Whether a word stands for another: they have little in common, and no more differs."""
        if any(word.amount or word.asks for word in (*self.asked, *self.known)):
            return False
        if _whole(self.asked) & _whole(self.known):
            return False
        one, other = _rest(self.asked, self.known)
        common = Counter(one) & Counter(other)
        latin = any(piece.isascii() for piece in common)
        if not one or not other or latin or 2 * common.total() > min(len(one), len(other)):
            return False
        if len({piece.isascii() for piece in (*one, *other)}) > 1:
            return False
        single = len(self.asked) == len(self.known) == 1
        return single or not (one[0].isascii() and self.around < _ENOUGH * self.size)

    @property
    def size(self) -> int:
        """How much was replaced: characters of Chinese, two for a Latin word."""
        rests = _rest(_telling(self.asked), _telling(self.known))
        return max(sum(2 if piece.isascii() else 1 for piece in rest) for rest in rests)

    @property
    def empty(self) -> bool:
        """Whether nothing that matters stands between."""
        return all(word.role == "empty" for word in (*self.asked, *self.known))


def _repeated(query: Sequence[Word], wording: Sequence[Word]) -> Alignment | None:
    """Return the alignment of texts that differ by one exchange made in several places."""
    one, other = [word.form for word in query], [word.form for word in wording]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    apart = [block for block in blocks if block[0] != "equal"]
    if len({(*one[a:b], "/", *other[c:d]) for _, a, b, c, d in apart}) != 1:
        return None
    _, a, b, c, d = apart[0]
    equal = [(p, q, r, s) for tag, p, q, r, s in blocks if tag == "equal"]
    around = [word for p, q, _, _ in equal for word in query[p:q]]
    verbatim = all(_written(query[p:q]) == _written(wording[r:s]) for p, q, r, s in equal)
    return Alignment(tuple(query[a:b]), tuple(wording[c:d]), tuple(around), (), verbatim)


def _written(words: Sequence[Word]) -> list[str]:
    """Return how the words are written that a question is about; everyone asks in his own way."""
    return [word.written for word in words if word.role != "empty"]


def _equal(one: Sequence[Word], other: Sequence[Word], most: int) -> int:
    """Return how many words are equal from the beginning on."""
    return next((at for at in range(most) if one[at].form != other[at].form), most)


def _rest(asked: Sequence[Word], known: Sequence[Word]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the characters (of Latin script the words) between what both begin and end with."""
    one, other = _pieces(asked), _pieces(known)
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


def _telling(words: Sequence[Word]) -> Sequence[Word]:
    return [word for word in words if word.role != "empty"]


def _whole(words: Sequence[Word]) -> set[str]:
    """Return the words, a single character of a Chinese word left out."""
    return {w.form for w in words if len(w.form) > 1 or w.role == "empty"}


def _pieces(words: Sequence[Word]) -> Sequence[str]:
    return [p for word in words for p in ([word.form] if word.form.isascii() else word.written)]
