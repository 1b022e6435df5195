"""What one of two texts says and the other does not, word by word, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cs_bot.retrieval.contrast.alignment import Alignment
from cs_bot.retrieval.contrast.cutting import Word
from cs_bot.retrieval.contrast.facts import Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """The words that only one of two texts has, and the weight of those that both have."""

    query: Facts
    wording: Facts
    asked: tuple[Word, ...]
    known: tuple[Word, ...]
    shared: int

    @classmethod
    def between(cls, query: Facts, wording: Facts) -> Difference:
        """Compare two texts word by word, in whatever order."""
        return cls(
            query,
            wording,
            asked=_only(query, wording),
            known=_only(wording, query),
            shared=sum(query.weights[form] for form in query.forms & wording.forms),
        )

    def share(self, apart: Sequence[Word] = ()) -> float:
        """Return how much of the texts is the same, the words `apart` not counted."""
        rest = max(_weight(self.asked, apart), _weight(self.known, apart))
        return self.shared / (self.shared + rest) if rest else 1.0

    def far(self, heaviest: int) -> bool:
        """Return whether less than half is the same, whichever word is not counted."""
        rest = max(_weight(self.asked, ()), _weight(self.known, ()))
        return rest - heaviest > self.shared

    def aligned(self) -> Alignment:
        """Lay the texts beside each other."""
        return Alignment.of(self.query.sequence, self.wording.sequence)


def _only(facts: Facts, other: Facts) -> tuple[Word, ...]:
    return tuple(
        word
        for word in facts.words
        if word.form not in other.forms and not _inside(word.written, other.text)
    )


def _inside(written: str, text: str) -> bool:
    """Return whether a Chinese word stands in the text, however that was cut."""
    return len(written) > 1 and not written.isascii() and written in text


def _weight(words: Sequence[Word], apart: Sequence[Word]) -> int:
    return sum(word.weight for word in words if word not in apart)
