"""The drafts as a whole: what is wrong with them, and making them live."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import lru_cache

from cs_bot.admin.draft_check import Equal, Problem, equal_questions, problems
from cs_bot.models.lane import Lane
from cs_bot.stores.protocols import KnowledgeStore, Release

log = logging.getLogger(__name__)

_MOST_REMEMBERED = 65_536
"""Questions whose normal form is kept: most stay the same from one check to the next."""


class Drafts:
    """Checks drafts in a lane, publishes and rolls back, and tells the index at once."""

    def __init__(
        self,
        knowledge: KnowledgeStore,
        *,
        normalized: Callable[[str], str],
        published: Callable[[], Awaitable[None]],
        tasks: Collection[str] | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._normalized = lru_cache(_MOST_REMEMBERED)(normalized)
        self._published = published
        self._tasks = tasks
        self._lane = Lane("draft-check", most_waiting=8)

    async def equal(self, texts: Sequence[str], *, besides: str | None) -> tuple[Equal, ...]:
        """Return which texts are questions of another pair than `besides`; raises `Busy`."""
        pairs = await self._knowledge.draft_pairs()
        others = [pair for pair in pairs if pair.id != besides]
        return await self._lane.run(equal_questions, texts, others, self._normalized)

    async def problems(self) -> tuple[Problem, ...]:
        """Return what keeps the drafts from being published; raises `Busy`."""
        pairs = await self._knowledge.draft_pairs()
        return await self._lane.run(problems, pairs, self._normalized, self._tasks)

    async def publish(self, *, note: str, by: str) -> Release:
        """Make the drafts live; raises `Conflict` when they equal the current release."""
        release = await self._knowledge.publish(note=note, by=by)
        await self._tell()
        return release

    async def roll_back(self, release_id: str, *, by: str) -> Release:
        """Make an earlier release live again; raises `NotFound`."""
        release = await self._knowledge.rollback(release_id, by=by)
        await self._tell()
        return release

    async def _tell(self) -> None:
        try:
            await self._published()
        except Exception:  # the release is live in the store; the index polls and will follow
            log.exception("the index could not follow the release at once")
