"""Holds customers' votes as they stand and follows the log to the next ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from cs_bot.errors import CsBotError
from cs_bot.models.encoders import MOST_CHARACTERS, Encoder, Vectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.vectors import encoded
from cs_bot.retrieval.votes import NO_VOTES, WINDOW, Votes, counted
from cs_bot.stores.protocols import MOST_VOTES, FeedbackStore, Vote

log = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0
"""Between two looks into the log, so that a vote counts within a minute."""

_READ_AGAIN = timedelta(minutes=5)
"""A vote may be stored a while after its time, or by a server whose clock is behind."""
_COUNTED_AGAIN = timedelta(hours=1)
"""Votes fade: they are counted again where none came."""
_MOST_VECTORS = 5_000
"""Questions whose votes count for near ones too: those that were voted on last."""
_ENCODED_AT_ONCE = 500
"""Questions that one look encodes; about two seconds of work."""


class VoteFollower:
    """The current votes; a swap is one assignment, so a turn goes on with those it began with."""

    def __init__(
        self,
        store: FeedbackStore,
        encoder: Encoder,
        lane: Lane,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.current: Votes = NO_VOTES
        self._store = store
        self._encoder = encoder
        self._lane = lane
        self._clock = clock
        self._sleep = sleep
        self._one_at_a_time = asyncio.Lock()
        self._votes: dict[str, Vote] = {}
        self._forgotten: dict[str, datetime] = {}
        self._vectors: dict[str, Vectors] = {}
        self._due = False
        """Whether there is something to count, whatever becomes of the next try."""
        self._read_at: datetime | None = None
        self._counted_at: datetime | None = None

    async def refresh(self) -> None:
        """Let every vote count that is in the log by now; raises `Busy`."""
        async with self._one_at_a_time:
            now = self._clock()
            since = now - WINDOW if self._read_at is None else self._read_at - _READ_AGAIN
            read = await self._store.votes(since=since)
            forgotten = {one.pair_id: one.at for one in await self._store.forgettings()}
            news = [vote for vote in read if self._votes.get(vote.id) != vote]
            self._due = self._due or bool(news) or forgotten != self._forgotten or self._fade(now)
            self._votes |= {vote.id: vote for vote in news}
            self._read_at, self._forgotten = now, forgotten
            if self._due:
                self.current = await self._lane.run(self._counted, now)
                self._due, self._counted_at = self._lacks_vectors(), now

    async def follow(self) -> None:
        """Refresh every 15 seconds until cancelled; after a failure the known votes go on."""
        failed = False
        while True:
            try:
                await self.refresh()
                failed = False
            except Exception:  # a store that is down must not end the watch
                if not failed:
                    log.exception("votes cannot be read, those known already go on counting")
                failed = True
            await self._sleep(PAUSE_SECONDS)

    def _fade(self, now: datetime) -> bool:
        """Tell whether the votes have aged enough to be counted again."""
        last = self._counted_at
        return last is not None and now - last >= _COUNTED_AGAIN and bool(self._votes)

    def _lacks_vectors(self) -> bool:
        """Tell whether questions wait to be encoded: for their turn, or for an encoder."""
        return len(self._vectors) < min(_MOST_VECTORS, len(self.current.counted))

    def _counted(self, now: datetime) -> Votes:
        """Count anew; work for the lane."""
        kept = (vote for vote in self._votes.values() if vote.at >= now - WINDOW)
        newest = sorted(kept, key=lambda vote: vote.at, reverse=True)[:MOST_VOTES]
        self._votes = {vote.id: vote for vote in newest}
        ballots = counted(newest, now, self._forgotten)
        asked = dict.fromkeys(vote.question for vote in newest if vote.question in ballots)
        texts = self._encoded(list(asked)[:_MOST_VECTORS])
        if not texts:
            return Votes.of(ballots)
        return Votes.of(ballots, texts, np.stack([self._vectors[text] for text in texts]))

    def _encoded(self, texts: Sequence[str]) -> list[str]:
        """Return the questions that have a vector by now; some may have to wait for the next."""
        known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in texts if text not in known]
        first = new[:_ENCODED_AT_ONCE]
        try:
            made = encoded([text[:MOST_CHARACTERS] for text in first], self._encoder)
            known |= dict(zip(first, made, strict=True))
        except CsBotError as error:  # votes count for the same question meanwhile
            log.warning("the encoder %s did not answer: %s", self._encoder.name, error)
        self._vectors = known
        return list(known)
