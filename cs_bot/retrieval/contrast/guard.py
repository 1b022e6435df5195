"""Compares a question with all wordings of the pair that is about to answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import chain

from cs_bot.retrieval.contrast.comparing import Mismatch, contradiction
from cs_bot.retrieval.contrast.conditions import too_early
from cs_bot.retrieval.contrast.difference import Difference
from cs_bot.retrieval.contrast.facts import Facts, facts_of
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair

_MOST_WORDINGS = 300
"""Of a pair that are compared: the first ones, the canonical question among them."""
_AS_NEAR = 0.15
"""Wordings that are this much less close may be nearer, word for word."""
_ALIGNED = 8
"""Wordings that are compared word for word; of a hundred far ones none is the nearer."""
_SAME = 0.95
"""Closeness from which on a wording of the same polarity asks the same."""
_REMEMBERED = 16384
"""Wordings that are not normalised again."""
_FEW = 8
"""Wordings from which on they show which of their words matter."""
_MATTERS = 0.5
_MATTERS_UNLISTED = 0.2
"""Part of the wordings that hold a word without which the question is another one."""


def mismatch(query: str, wording: str) -> Mismatch | None:
    """Return how the normalised query excludes the normalised wording, None where it does not."""
    if query == wording:
        return None
    return contradiction(Difference.between(facts_of(query), facts_of(wording)))


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides for a pair: the wording nearest to the question excludes it, and no other agrees.

    Another wording agrees when it holds the very word, amount or negation that the nearest one
    excludes. A word that is on no list excludes nothing where the pair has many wordings and most
    of them do without it: then it is an example (`transfer $100 to Bob`), not the subject. Nor
    does it where the question is put in other words throughout, unless the knowledge base has
    something of that name: then it may just be one more of the other words.
    """

    wordings: tuple[Facts, ...]

    @classmethod
    def of(cls, wordings: Sequence[str]) -> Guard:
        """Prepare for the normalised wordings of a pair."""
        return cls(tuple(facts_of(text) for text in wordings[:_MOST_WORDINGS]))

    def mismatch(self, query: str, others: Iterable[str] = ()) -> Mismatch | None:
        """Return how the question excludes the pair, None where it may be answered.

        `others` are the wordings of the pairs that came next: what the question may mean instead.
        """
        facts = facts_of(query)
        if not self.wordings or any(facts.bare == own.bare for own in self.wordings):
            return None
        nearest = Difference.between(facts, self._nearest(facts))
        found = contradiction(nearest)
        if found is None or self._agrees(found, nearest):
            return None
        if found.kind != "word" or (nearest.aligned().verbatim and not _shortened(found)):
            return found
        return found if any(found.asked in text for text in others) else None

    def _nearest(self, facts: Facts) -> Facts:
        """Return the wording with the most words in common, of equal ones the best aligned."""
        all_of_them = ((facts.closeness(own), at) for at, own in enumerate(self.wordings))
        near = nlargest(_ALIGNED, all_of_them)
        least = near[0][0] - _AS_NEAR
        aligned = (
            (facts.around(self.wordings[at]), close, -at) for close, at in near if close >= least
        )
        return self.wordings[-max(aligned)[2]]

    def _agrees(self, found: Mismatch, nearest: Difference) -> bool:
        others = [own for own in self.wordings if own is not nearest.wording]
        if found.kind == "negation":
            return any(self._same_polarity(nearest, own) for own in others)
        if found.kind not in ("antonym", "action") and self._example(found, nearest):
            return True
        if found.kind in ("number", "date"):
            return any(found.asked in own.text for own in others)
        if len(found.asked) == 1:
            return False
        return any(found.asked in own.text and found.known not in own.text for own in others)

    def _same_polarity(self, nearest: Difference, own: Facts) -> bool:
        query = nearest.query
        return own.negative == query.negative and query.closeness(own) >= _SAME

    def _example(self, found: Mismatch, nearest: Difference) -> bool:
        """Return whether the pair holds in most of its wordings without what was replaced."""
        wordings = [own for own in self.wordings if own.chinese == nearest.wording.chinese]
        if len(wordings) < _FEW:
            return False
        holding = sum(found.known in own.text for own in wordings)
        unlisted = found.kind == "word" and len(found.known) > 1
        least = _MATTERS_UNLISTED if unlisted else _MATTERS
        return holding < least * len(wordings)


def _shortened(found: Mismatch) -> bool:
    """Return whether the question has a single Chinese character for a word, perhaps for short."""
    return len(found.asked) == 1 < len(found.known) and not found.asked.isascii()


def excluded(
    query: str, pair: QAPair, compared: Callable[[str], str], others: Sequence[QAPair] = ()
) -> Mismatch | None:
    """Return how the normalised question excludes the pair; work for a lane.

    `compared` brings a normalised text to the form in which the knowledge base compares it;
    `others` are the pairs that came next.
    """
    own = list(_compared_wordings(pair, compared))
    theirs = chain.from_iterable(_compared_wordings(other, compared) for other in others)
    return Guard.of(own).mismatch(compared(query), theirs) or too_early(
        compared(query), own, lambda: _answers(pair)
    )


def _answers(pair: QAPair) -> Iterator[str]:
    texts = (pair.answer, *(wording.answer for wording in pair.translations.values()))
    return (_normalized(text) for text in texts)


def _compared_wordings(pair: QAPair, compared: Callable[[str], str]) -> Iterator[str]:
    return (compared(_normalized(text)) for text in pair.questions()[:_MOST_WORDINGS])


_normalized = lru_cache(maxsize=_REMEMBERED)(normalized)
