"""Two characters next to each other, in the words that a run of Chinese is cut into."""

from __future__ import annotations

from dataclasses import dataclass

from cs_bot.retrieval.spelling.untouched import NUMERALS, TURNING, empty
from cs_bot.retrieval.spelling.vocabulary import Vocabulary
from cs_bot.text import dictionary

_AROUND = 4
"""Characters on either side with which a place is cut into words."""
_COHESIVE = 0.3
_COHESIVE_TIMES = 2
"""Two characters are a word of the base where that share of the rarer one stands in the pair."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Two characters of a run of Chinese and what is around them."""

    run: str
    at: int
    spans: tuple[Span, ...]
    """For each character of the run where the word lies that it belongs to."""
    vocabulary: Vocabulary

    @property
    def pair(self) -> str:
        """The two characters."""
        return self.run[self.at : self.at + 2]

    @property
    def left(self) -> str:
        """The character before them, empty at the edge."""
        return self.run[self.at - 1 : self.at] if self.at else ""

    @property
    def right(self) -> str:
        """The character after them, empty at the edge."""
        return self.run[self.at + 2 : self.at + 3]

    @property
    def ends(self) -> bool:
        """Whether nothing comes after them."""
        return not self.right

    @property
    def word(self) -> str:
        """The word that the two are, or lie in; empty where they belong to two words."""
        together = self.spans[self.at] == self.spans[self.at + 1]
        return self.word_at(0) if together else ""

    def word_at(self, side: int) -> str:
        """Return the word that one of the two, 0 or 1, belongs to."""
        start, end = self.spans[self.at + side]
        return self.run[start:end]

    def fixed(self, side: int) -> bool:
        """Whether one of the two, 0 or 1, must stay.

        It turns the meaning, is part of a number, or counts what a number is beside.
        """
        at = self.at + side
        beside = self.run[max(0, at - 1) : at + 2]
        return self.run[at] in TURNING or not NUMERALS.isdisjoint(beside)

    def free(self, side: int) -> bool:
        """Whether one of the two stands alone, and so as the base nowhere has it."""
        start, end = self.spans[self.at + side]
        if end - start > 1 or self.fixed(side):
            return False
        beside = self.left + self.pair[0] if side == 0 else self.pair[1] + self.right
        return len(beside) == 1 or not self.vocabulary.holds(beside)

    def near(self, side: int) -> tuple[tuple[str, float], ...]:
        """Return the characters that may be meant at one side, and how far they are."""
        return () if self.fixed(side) else self.vocabulary.near(self.pair[side])

    def support(self, pair: str) -> int:
        """Return beside how many of the changed characters the base has the neighbour."""
        left, right = self._beside(pair)
        return (left and pair[0] != self.pair[0]) + (right and pair[1] != self.pair[1])

    def fits(self, pair: str) -> bool:
        """Whether the base has a neighbour beside such a pair."""
        return any(self._beside(pair))

    def _beside(self, pair: str) -> tuple[bool, bool]:
        """Return whether the base has the neighbours so; only those in other words tell."""
        holds = self.vocabulary.holds
        left = bool(self.left) and self.spans[self.at][0] == self.at
        right = bool(self.right) and self.spans[self.at + 1][1] == self.at + 2
        return left and holds(self.left + pair[0]), right and holds(pair[1] + self.right)

    def words(self, pair: str) -> tuple[int, bool]:
        """Return in how many words the surroundings are read with such a pair.

        And whether the pair lies in one of them.
        """
        first = max(0, self.at - _AROUND)
        around = self.run[first : self.at] + pair + self.run[self.at + 2 : self.at + 2 + _AROUND]
        spans = spans_of(around, self.vocabulary)
        return len(set(spans)), spans[self.at - first] == spans[self.at - first + 1]


def spans_of(run: str, vocabulary: Vocabulary) -> tuple[Span, ...]:
    """Return for each character the word it belongs to, words of the base among them."""
    spans: list[Span] = []
    for word in dictionary.cut(run):
        at = len(spans)
        alone = len(word) == 1 and at > 0 and spans[-1] == (at - 1, at)
        if alone and cohesive(run[at - 1 : at + 1], vocabulary):
            spans[-1:] = [(at - 1, at + 1)] * 2
        else:
            spans.extend([(at, at + len(word))] * len(word))
    return tuple(spans)


def is_word(pair: str, vocabulary: Vocabulary) -> bool:
    """Whether the base holds the two characters, and they are a word."""
    if not vocabulary.holds(pair):
        return False
    return dictionary.holds(pair) or cohesive(pair, vocabulary)


def cohesive(pair: str, vocabulary: Vocabulary) -> bool:
    """Whether two characters are a word in the base, whatever a dictionary holds."""
    times = vocabulary.times(pair)
    if times < _COHESIVE_TIMES or any(map(empty, pair)):
        return False
    return times >= _COHESIVE * min(vocabulary.times(pair[0]), vocabulary.times(pair[1]))
