"""Tells Chinese from English in a short utterance, and says so when it cannot; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from cs_bot.text.english import frequency
from cs_bot.text.normalize import HAN
from cs_bot.text.pinyin import is_typed, splits

_HAN = re.compile(rf"[{HAN}]")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NO_PROSE = re.compile(r"@|://|www\.|\d")
_FUNCTION_WORDS = frozenset(
    """
    a about an and any are at be been but by can could did do does for from get had has have how
    i if in is it me my no not of on or our should so that the their there they this to us was we
    were what when where which who why will with would you your i'm i've don't can't it's what's
    doesn't didn't isn't won't where's
    """.split()  # noqa: SIM905 - as a list it is forty lines long
)
_ALONE = frozenset(
    """
    hello hi hey thanks help please yes sorry goodbye bye refund return returns cancel shipping
    delivery payment invoice password coupon discount complaint agent human why what when where how
    """.split()  # noqa: SIM905 - as a list it is thirty lines long
)


_RARE, _COMMON = 1_000, 1_000_000
"""Times from which a word counts as English, and one of two letters: abbreviations were counted
too, `de` 98,568 times, and `me` 12 million."""
_LEAST_SYLLABLES = 3


def language_of(text: str) -> Literal["zh", "en"] | None:
    """Return the language of the text, None where it does not tell (a number, a product, "ok")."""
    han = len(_HAN.findall(text))
    words = _WORD.findall(_prose(text.casefold().replace("’", "'")))
    telling = sum(word in _FUNCTION_WORDS for word in words)
    if han:
        return "en" if telling >= 2 and len(words) > han else "zh"
    if _OTHER_SCRIPT.search(text):
        return None
    if len(words) == 1:
        return "en" if words[0] in _ALONE else None
    if _is_pinyin(words):
        return "zh"
    return "en" if telling or len(words) >= 2 else None


def _is_pinyin(words: Sequence[str]) -> bool:
    """Tell whether these are syllables of Chinese, and enough of them to tell."""
    if not is_typed(words, _is_english):
        return False
    return sum(len(splits(word)[0]) for word in words) >= _LEAST_SYLLABLES


def _is_english(word: str) -> bool:
    return frequency(word) > (_RARE if len(word) > 2 else _COMMON)


def _prose(text: str) -> str:
    """Return the text without addresses, links and whatever else between spaces holds a digit."""
    # Piece by piece: one pattern over the whole text takes time in the square of its length.
    return " ".join(piece for piece in text.split() if not _NO_PROSE.search(piece))
