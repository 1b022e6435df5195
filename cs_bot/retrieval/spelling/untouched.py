"""What a correction must neither touch nor bring in: denials, numbers, what has an opposite."""

from __future__ import annotations

from functools import cache

from cs_bot.retrieval.contrast.lexicon import packaged

TURNING = frozenset("不没无未非别勿莫否买卖他她它")
"""Characters that turn the meaning, and those that sound like their opposite."""
NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两半几双第0123456789")
_NUMBER_WORDS = frozenset(
    ("zero", "four", "five", "seven", "eight", "nine", "eleven", "twelve", "hundred", "thousand")
)

_AUXILIARIES = frozenset(
    (
        *("have", "has", "had", "do", "does", "did", "is", "are", "was", "were", "could", "would"),
        *("should", "must", "need", "might", "ca", "wo", "ai"),
    )
)
"""With `nt` they deny, apostrophe or not."""


@cache
def never_read_as() -> frozenset[str]:
    """Return the Latin words that no word is read as: denials and numbers."""
    return packaged().denying | _NUMBER_WORDS


def known(word: str) -> bool:
    """Whether the contrast guard knows the word, or it denies: it means what it says."""
    return packaged().lists(word) or (word[-2:] == "nt" and word[:-2] in _AUXILIARIES)


def means_the_same(word: str, other: str) -> bool:
    """Whether the contrast guard compares both words alike: `帐户` and `账户`."""
    return packaged().form(word) == packaged().form(other)


def empty(word: str) -> bool:
    """Whether the word tells nothing of what a question is about, and may stand anywhere."""
    return word in packaged().empty
