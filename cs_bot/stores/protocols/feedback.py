"""What customers' choices and thumbs say of pairs, as it is read from the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MOST_VOTES = 50_000
"""Votes that are read at once, the newest ones."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one customer did, taken as a word for or against pairs that answer a question."""

    id: str
    """Of the choice, or of the answer that was judged: a later vote of this id replaces it."""
    voter: str
    """Who: the same customer of the same channel has the same name here."""
    question: str
    """The normalised question that the list or the answer was for."""
    pairs: tuple[str, ...]
    """The chosen pair, the answer that was judged, or all lines of a list that was refused."""
    value: int
    """1 for them, -1 against them, 0 for taken back."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Forgetting:
    """From when on the votes on a pair count, and who wanted that."""

    pair_id: str
    at: datetime
    by: str


class FeedbackStore(Protocol):
    """Votes, read from the log: it is the truth, and nothing is counted twice."""

    async def votes(self, *, since: datetime, most: int = MOST_VOTES) -> tuple[Vote, ...]:
        """Return what was voted at this time or later, oldest first; of too many the newest.

        A chosen line of a "did you mean" list is a vote for its pair, "none of these" one against
        every line; each belongs to the last list before it, or does not count. A thumb is a vote
        on a direct answer of `kbqa`, also where the cache gave it. One with reasons that blame the
        words of the answer, not the choice of it, is none. What was masked is left out.
        """
        ...

    async def forget(self, pair_id: str, *, by: str) -> Forgetting:
        """Write down that the votes on a pair until now count no longer; the log stays."""
        ...

    async def forgettings(self) -> tuple[Forgetting, ...]:
        """Return all of them, oldest first."""
        ...
