"""What one text says that another may contradict, worked out once per text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cs_bot.retrieval.contrast.alignment import Alignment
from cs_bot.retrieval.contrast.amounts import Amount
from cs_bot.retrieval.contrast.cutting import Word, cut
from cs_bot.retrieval.contrast.lexicon import Lexicon, packaged
from cs_bot.text.normalize import HAN

_NO_LETTER = re.compile(r"[\W_]+")
_HAN = re.compile(f"[{HAN}]")
_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Facts:
    """The words of a text that count, and what they amount to."""

    text: str
    bare: str
    """The text without marks and spaces."""
    words: tuple[Word, ...]
    """What the text is about: no negations, amounts, or words that tell nothing."""
    sequence: tuple[Word, ...]
    """Everything but negations."""
    forms: frozenset[str]
    weights: Mapping[str, int]
    """For each form of the sequence how much of the question it is."""
    weight: int
    amounts: tuple[Amount, ...]
    denied: tuple[str, ...]
    """The negations as written."""
    chinese: bool

    def closeness(self, other: Facts) -> float:
        """Return from 0, no word in common, to 1, the same words in whatever order."""
        weights = self.weights
        shared = sum([weights[form] for form in weights.keys() & other.weights.keys()])
        return 2 * shared / ((self.weight + other.weight) or 1)

    def around(self, other: Facts) -> int:
        """Return how much both begin and end with."""
        return Alignment.plain(self.sequence, other.sequence).around

    @property
    def negative(self) -> bool:
        """Whether the text denies: two negations make none."""
        return len(self.denied) % 2 == 1


@lru_cache(maxsize=_REMEMBERED)
def facts_of(text: str) -> Facts:
    """Return the facts of a normalised text; the latest ones are remembered."""
    return _facts(text, packaged())


def _facts(text: str, lexicon: Lexicon) -> Facts:
    words = cut(text, lexicon)
    counted = tuple(word for word in words if word.role not in ("deny", "amount", "empty"))
    sequence = tuple(word for word in words if word.role != "deny")
    weights = {word.form: word.weight for word in sequence}
    return Facts(
        text=text,
        bare=_NO_LETTER.sub("", text) or text,
        words=counted,
        sequence=sequence,
        forms=frozenset(word.form for word in counted),
        weights=weights,
        weight=sum(weights.values()),
        amounts=tuple(word.amount for word in words if word.amount is not None),
        denied=tuple(word.written for word in words if word.role == "deny"),
        chinese=_HAN.search(text) is not None,
    )
