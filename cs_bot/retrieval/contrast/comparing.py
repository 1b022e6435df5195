"""Compares what two texts say and names the first thing in which they exclude each other.

A longer text may say more; only what stands in the place of something else is a mismatch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.retrieval.contrast.alignment import Alignment
from cs_bot.retrieval.contrast.amounts import Amount
from cs_bot.retrieval.contrast.cutting import Word
from cs_bot.retrieval.contrast.difference import Difference
from cs_bot.retrieval.contrast.facts import Facts
from cs_bot.retrieval.contrast.lexicon import packaged
from cs_bot.retrieval.contrast.likeness import alike, mean_the_same, written

_KNOWN_SHARE = 0.5
"""Of the rest of two texts that must be the same for listed opposites and amounts to count."""
_HEAVIEST = 10
"""No listed word weighs more."""
_LEAST_AROUND = 1
"""What a denial and what it denies have in common at least: a verb of one character."""
_MOST_EMPTY = 1
"""Words that tell nothing by which two texts may differ beside a negation."""
_LONGEST_UNLISTED = 3
"""Characters of Chinese of a replaced word that is on no list; an English word counts as two."""
_UNIT_PREFIXES = frozenset(("公", "千", "毫", "厘", "英", "海", "市", "平方", "立方"))
_TWO_WORDS = 4
_WHEN = frozenset(("什么时候", "多久", "when", "long"))
_REVERSING = ("un", "dis", "de", "in", "im", "ir", "non", "mis", "re")
_DIRECTIONS = {frozenset(pair) for pair in (("in", "out"), ("on", "off"), ("up", "down"))}
_OPPOSITE = {frozenset(pair) for pair in ("上下", "开关", "进出", "入出", "前后", "内外")}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What one text says and the other excludes."""

    kind: str
    asked: str
    """The words of the question, empty where they are missing."""
    known: str
    """The words of the wording, empty where they are missing."""

    def as_detail(self) -> dict[str, Any]:
        """Return it as a trace shows it."""
        return {"kind": self.kind, "asked": self.asked, "known": self.known}


def contradiction(difference: Difference) -> Mismatch | None:
    """Return the first thing in which the texts exclude each other, None where they agree."""
    comparable = difference.query.chinese == difference.wording.chinese
    rules = _IN_ONE_LANGUAGE if comparable else _IN_ANY_LANGUAGE
    return next((found for rule in rules if (found := rule(difference))), None)


def _codes(difference: Difference) -> Mismatch | None:
    asked = [word.written for word in difference.asked if word.role == "code"]
    known = [word.written for word in difference.known if word.role == "code"]
    return Mismatch("name", asked[0], known[0]) if asked and known else None


def _amounts(difference: Difference) -> Mismatch | None:
    asked = _unmatched(difference.query.amounts, difference.wording.amounts)
    known = _unmatched(difference.wording.amounts, difference.query.amounts)
    if not asked or not known or difference.share() < _KNOWN_SHARE:
        return None
    for one in asked:
        for other in known:
            if _same_measure(one, other):
                named = bool(one.before) and one.before == other.before
                kind = "date" if one.dated and other.dated else "name" if named else "number"
                return Mismatch(kind, one.written, other.written)
    return None


def _unmatched(amounts: Sequence[Amount], others: Sequence[Amount]) -> list[Amount]:
    return [one for one in amounts if not any(_equal(one, other) for other in others)]


def _equal(one: Amount, other: Amount) -> bool:
    known = "?" not in (one.dimension, other.dimension)
    return one.value == other.value and (not known or one.dimension == other.dimension)


def _same_measure(one: Amount, other: Amount) -> bool:
    if one.dimension != "?" and one.dimension == other.dimension:
        return True
    beside = one.dimension == other.dimension and one.beside == other.beside
    return beside or (bool(one.before) and one.before == other.before)


def _listed(difference: Difference) -> Mismatch | None:
    if difference.far(_HEAVIEST):
        return None
    lexicon, aligned = packaged(), difference.aligned()
    for one in (*difference.asked, *aligned.asked):
        for other in (*difference.known, *aligned.known):
            kind = lexicon.opposed(one.form, other.form) or _reversed(one.form, other.form)
            if not kind or difference.share((one, other)) < _KNOWN_SHARE:
                continue
            if not (_holds_like(difference.query, other) or _holds_like(difference.wording, one)):
                return Mismatch(kind, one.written, other.written)
    return None


def _holds_like(facts: Facts, word: Word) -> bool:
    """Return whether the text says the same in another word."""
    return any(packaged().on_one_side(form, word.form) for form in facts.forms)


def _reversed(one: str, other: str) -> str | None:
    """Tell opposites by their shape: `lock` and `unlock`, `上传` and `下传`."""
    shorter, longer = sorted((one, other), key=len)
    if longer.isascii():
        reverses = len(shorter) >= 3 and longer.removesuffix(shorter) in _REVERSING
        return "antonym" if reverses else None
    if len(shorter) != len(longer):
        return None
    apart = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return "antonym" if len(apart) == 1 and frozenset(apart[0]) in _OPPOSITE else None


def _denied(difference: Difference) -> Mismatch | None:
    query, wording = difference.query, difference.wording
    if query.negative == wording.negative:
        return None
    aligned = difference.aligned()
    if (
        aligned.around < _LEAST_AROUND
        or not aligned.empty
        or max(len(aligned.asked), len(aligned.known)) > _MOST_EMPTY
    ):
        return None
    if any(word.form in _WHEN for word in (*aligned.asked, *aligned.known)):
        return None  # "when will it come" and "it has not come yet" want the same answer
    return Mismatch("negation", " ".join(query.denied), " ".join(wording.denied))


def _recounted(difference: Difference) -> Mismatch | None:
    """Find an amount in the place of another where each stands elsewhere in the other text."""
    aligned = difference.aligned()
    if len(aligned.asked) != 1 or len(aligned.known) != 1:
        return None
    one, other = aligned.asked[0], aligned.known[0]
    if one.amount is None or other.amount is None or _equal(one.amount, other.amount):
        return None
    return Mismatch("number", one.written, other.written)


def _replaced(difference: Difference) -> Mismatch | None:
    """Find one stretch of words in the place of another, all else being equal."""
    aligned = difference.aligned()
    asked, known = _telling(aligned.asked), _telling(aligned.known)
    if bool(asked) != bool(known) and _in_words(aligned):
        asked, known = aligned.asked, aligned.known
    if _turned_round(aligned):
        return Mismatch("antonym", written(aligned.asked), written(aligned.known))
    if _undone(asked, known) and aligned.around:
        return Mismatch("antonym", written(asked), written(known))
    if not asked and not known:
        return None
    if _unit_grew(aligned):
        return Mismatch("number", written(aligned.asked), written(aligned.known))
    if not asked or not known or not aligned.replaces:
        return None
    if aligned.size > min(_longest(aligned), 2 * aligned.around) or alike(asked, known):
        return None
    if mean_the_same(aligned):
        return None
    return Mismatch("word", written(asked), written(known))


def _telling(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(word for word in words if word.role != "empty")


def _longest(aligned: Alignment) -> int:
    """Return the most that counts as one word: two English ones where far more is the same."""
    latin = all(word.written.isascii() for word in (*aligned.asked, *aligned.known))
    clear = latin and aligned.verbatim and aligned.around >= 2 * aligned.size
    return _TWO_WORDS if clear else _LONGEST_UNLISTED


def _in_words(aligned: Alignment) -> bool:
    """Return whether two characters begin or end a word of which no list knows: `还书`, `借书`.

    Alone `还` tells nothing.
    """
    beside = (*aligned.before[-1:], *aligned.after[:1])
    characters = (*aligned.asked, *aligned.known)
    return (
        len(aligned.asked) == len(aligned.known) == 1
        and all(len(word.written) == 1 and word.chinese for word in characters)
        and any(word.chinese and not packaged().lists(word.written) for word in beside)
    )


def _undone(asked: Sequence[Word], known: Sequence[Word]) -> bool:
    """Return whether one text undoes what the other does, and says nothing else."""
    alone = asked or known
    return bool(alone) and not (asked and known) and all(word.role == "undo" for word in alone)


def _turned_round(aligned: Alignment) -> bool:
    """Return whether a verb goes the other way: `drop in` and `drop out`."""
    alone = len(aligned.asked) == len(aligned.known) == 1 and bool(aligned.before)
    ways = frozenset(word.written for word in (*aligned.asked, *aligned.known))
    return alone and ways in _DIRECTIONS and aligned.before[-1].role == "word"


def _unit_grew(aligned: Alignment) -> bool:
    """Return whether something came between a number and its unit: `5斤` and `5公斤`."""
    one_sided = bool(aligned.asked) != bool(aligned.known)
    last = aligned.before[-1].amount if aligned.before else None
    grown = written(aligned.asked or aligned.known)
    return one_sided and last is not None and last.dimension == "?" and grown in _UNIT_PREFIXES


Rule = Callable[[Difference], Mismatch | None]
_IN_ANY_LANGUAGE: tuple[Rule, ...] = (_codes, _amounts)
_IN_ONE_LANGUAGE: tuple[Rule, ...] = (
    *_IN_ANY_LANGUAGE,
    _recounted,
    _listed,
    _denied,
    _replaced,
)
