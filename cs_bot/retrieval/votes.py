"""Counts customers' votes into small, bounded shifts of pairs for a question; pure.

A shift is the log of a shrunk ratio of customers for and against a pair: two customers of one mind
count for nothing, the next ones move it, and no number of them moves it further than `BOUND`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import numpy as np

from cs_bot.models.encoders import Vectors
from cs_bot.retrieval.contrast import mismatch
from cs_bot.stores.protocols import Vote

BOUND = 1.0
"""The furthest that votes move a pair, in log-odds, however many they are."""
WINDOW = timedelta(days=180)
"""How far back votes are read."""

_HALF_LIFE = timedelta(days=30)
_PRIOR = 3.0
"""Customers for and customers against that every pair is thought to have had."""
_QUORUM = 2.0
"""Customers of one mind that count for nothing."""
_COUNTED = 100
"""Customers that count for one pair and one question, the newest ones."""
_LEAST_COSINE = 0.8
"""Of two questions of which one's votes count a little for the other; at 1 they count in full."""
_SPAN = 1 - _LEAST_COSINE
_NEAREST = 32
"""Questions that are near enough and have votes on a candidate: the nearest ones count."""

_NO_VECTORS: Vectors = np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one customer thinks of one pair for one question: 1 or -1, and how fresh that is."""

    voter: str
    value: int
    weight: float


Counted = Mapping[str, Mapping[str, Sequence[Ballot]]]
"""The ballots by question and pair."""


def counted(votes: Iterable[Vote], now: datetime, forgotten: Mapping[str, datetime]) -> Counted:
    """Return one ballot for each customer, question and pair: what they voted last.

    The order of the votes makes no difference. `forgotten` says until when votes on a pair count
    no longer.
    """
    last: dict[tuple[str, str, str], Vote] = {}
    for vote in _standing(votes):
        for pair_id in vote.pairs:
            key = (vote.question, pair_id, vote.voter)
            since = forgotten.get(pair_id)
            if (since is None or vote.at > since) and (
                key not in last or _rank(last[key]) < _rank(vote)
            ):
                last[key] = vote
    ballots: dict[str, dict[str, list[Ballot]]] = defaultdict(lambda: defaultdict(list))
    newest_first = sorted(last.items(), key=lambda item: _rank(item[1]), reverse=True)
    for (question, pair_id, voter), vote in newest_first:
        of_pair = ballots[question][pair_id]
        if len(of_pair) < _COUNTED:
            of_pair.append(Ballot(voter, vote.value, _weight(vote.at, now)))
    return {question: dict(pairs) for question, pairs in ballots.items()}


def _standing(votes: Iterable[Vote]) -> Iterator[Vote]:
    """Yield the last vote of each id, unless it was taken back."""
    last: dict[str, Vote] = {}
    for vote in votes:
        if vote.id not in last or _rank(last[vote.id]) < _rank(vote):
            last[vote.id] = vote
    return (vote for vote in last.values() if vote.value)


def _rank(vote: Vote) -> tuple[datetime, str, int]:
    """Return what says which of two votes came last, whatever order they are read in."""
    return vote.at, vote.id, vote.value


def _weight(at: datetime, now: datetime) -> float:
    return float(min(1.0, 0.5 ** ((now - at) / _HALF_LIFE)))


def shift(ballots: Iterable[tuple[int, float]]) -> float:
    """Return the shift in log-odds for values (1 or -1) and weights, one of each customer."""
    told = list(ballots)
    up = sum(weight for value, weight in told if value > 0)
    down = sum(weight for value, weight in told if value < 0)
    odds = (_PRIOR + max(0.0, up - _QUORUM)) / (_PRIOR + max(0.0, down - _QUORUM))
    return min(BOUND, max(-BOUND, math.log(odds)))


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The votes as they stand: a value that is swapped, never changed."""

    counted: Counted
    texts: tuple[str, ...]
    """The questions with votes that have a vector."""
    vectors: Vectors
    """Theirs, shape (questions, dimensions), rows of length 1."""
    _doubted: frozenset[str]

    @classmethod
    def of(
        cls, ballots: Counted, texts: Sequence[str] = (), vectors: Vectors = _NO_VECTORS
    ) -> Votes:
        """Return the votes with the vectors of their questions, as far as these are known."""
        return cls(ballots, tuple(texts), vectors, frozenset(_doubted(ballots)))

    def __bool__(self) -> bool:
        """Whether anybody has voted."""
        return bool(self.counted)

    def doubted(self, pair_id: str) -> bool:
        """Whether there is a question for which votes may count against this pair."""
        return pair_id in self._doubted

    def shifts(
        self, query: str, vector: Vectors | None, pair_ids: Collection[str]
    ) -> dict[str, float]:
        """Return by how much votes move these pairs for a normalised query, where they do.

        Votes on the same question count in full; votes on a near one the less the further it is,
        and not at all where one question excludes the other. A customer counts once for a pair.
        """
        near = self._near(query, vector, pair_ids)
        told = {pair_id: shift(self._ballots(pair_id, near)) for pair_id in pair_ids}
        return {pair_id: by for pair_id, by in told.items() if by}

    def _near(
        self, query: str, vector: Vectors | None, pair_ids: Collection[str]
    ) -> dict[str, float]:
        near = {}
        if vector is not None and self.texts:
            cosines = self.vectors @ vector
            rows = np.flatnonzero(cosines > _LEAST_COSINE)
            nearest = rows[np.argsort(-cosines[rows], kind="stable")]
            voted = (row for row in nearest if self._has_votes(self.texts[row], pair_ids))
            near = {
                self.texts[row]: min(1.0, float(cosines[row] - _LEAST_COSINE) / _SPAN)
                for row in islice(voted, _NEAREST)
                if mismatch(query, self.texts[row]) is None
            }
        return {**near, query: 1.0} if query in self.counted else near

    def _has_votes(self, question: str, pair_ids: Collection[str]) -> bool:
        return not self.counted[question].keys().isdisjoint(pair_ids)

    def _ballots(self, pair_id: str, near: Mapping[str, float]) -> Iterator[tuple[int, float]]:
        """Yield the value and weight of each customer's heaviest ballot on a pair."""
        heaviest: dict[str, tuple[float, int]] = {}
        for text, closeness in near.items():
            for ballot in self.counted[text].get(pair_id, ()):
                told = closeness * ballot.weight, ballot.value
                heaviest[ballot.voter] = max(heaviest.get(ballot.voter, told), told)
        return ((value, weight) for weight, value in heaviest.values())


def _doubted(ballots: Counted) -> Iterator[str]:
    """Yield the pairs with more customers against them, on all questions together, than nothing."""
    against: dict[str, dict[str, float]] = defaultdict(dict)
    for pairs in ballots.values():
        for pair_id, given in pairs.items():
            for ballot in given:
                if ballot.value < 0:
                    known = against[pair_id].get(ballot.voter, 0.0)
                    against[pair_id][ballot.voter] = max(known, ballot.weight)
    return (pair_id for pair_id, of in against.items() if sum(of.values()) > _QUORUM)


NO_VOTES = Votes.of({})
