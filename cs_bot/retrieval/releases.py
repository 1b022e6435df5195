"""Holds the snapshot that answers now and follows the store to the next release."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from cs_bot.errors import EncoderDown
from cs_bot.models.lane import Lane
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.types import QAPair

log = logging.getLogger(__name__)

_LONGEST_PAUSE_SECONDS = 30.0

Build = Callable[[str, Sequence[QAPair]], Snapshot]
Restore = Callable[[str, Sequence[QAPair]], Snapshot]
"""Builds a release whole that was built by words alone; raises `EncoderDown` while it cannot."""
Learn = Callable[[Snapshot], Awaitable[None]]
"""Learns what a release teaches beside its answers, before it answers."""
Join = Callable[[Snapshot], Snapshot]
"""Adds what the answers say, or the second encoder's opinion: minutes for a large base."""


async def _nothing(_: Snapshot) -> None:
    pass


class Snapshots:
    """The current snapshot and the one before it, for turns that began with that one.

    A swap is one assignment: a search that has begun goes on in the snapshot it has.
    """

    def __init__(
        self,
        knowledge: KnowledgeStore,
        build: Build,
        lane: Lane,
        *,
        learn: Learn = _nothing,
        restore: Restore | None = None,
        read_answers: Join = Snapshot.with_answers,
        join: Join | None = None,
        join_lane: Lane | None = None,
        poll_seconds: float = 1.0,
    ) -> None:
        self._knowledge = knowledge
        self._build = build
        self._lane = lane
        self._learn = learn
        self._restore = restore
        self._read_answers = read_answers
        self._join = join
        self._join_lane = join_lane or lane
        self._poll_seconds = poll_seconds
        self._held: tuple[Snapshot, ...] = ()
        self._one_at_a_time = asyncio.Lock()
        self._joining = asyncio.Lock()

    @property
    def current(self) -> Snapshot | None:
        """The snapshot that answers now; None before the first release."""
        return self._held[0] if self._held else None

    def release(self) -> str | None:
        """Return the id of the release that answers now."""
        return self._held[0].release_id if self._held else None

    def of(self, release_id: str | None) -> Snapshot | None:
        """Return the snapshot of a turn's release, the current one when that is gone."""
        held = self._held
        return next(
            (one for one in held if one.release_id == release_id), held[0] if held else None
        )

    async def refresh(self) -> bool:
        """Build and swap in the store's current release; False when it answers already."""
        async with self._one_at_a_time:
            release_id = await self._knowledge.current_release()
            if release_id == self.release():
                return False
            self._held = await self._with(release_id)
            log.info("release %s answers now", release_id)
            return True

    async def complete(self) -> None:
        """Let the encoders that have not read the current release read it, and its answers be read.

        The snapshot without them answers meanwhile. Raises `EncoderDown` while the first is down.
        """
        async with self._joining:
            try:
                await self._restored()
            finally:  # what else is missing need not wait for the first encoder
                await self._with_answers()
                await self._joined()

    async def _restored(self) -> None:
        by_words = self.current
        if self._restore is None or by_words is None or by_words.has_first:
            return
        pairs = tuple(by_words.pairs.values())
        whole = await self._join_lane.run(self._restore, by_words.release_id, pairs)
        await self._learn(whole)
        self._swap(by_words, whole)
        log.info("release %s answers by more than words now", whole.release_id)

    async def _with_answers(self) -> None:
        unread = self.current
        if unread is not None and not unread.has_answers:
            self._swap(unread, await self._join_lane.run(self._read_answers, unread))

    async def _joined(self) -> None:
        first = self.current
        if self._join is None or first is None or first.has_second:
            return
        joined = await self._join_lane.run(self._join, first)
        self._swap(first, joined)
        log.info("release %s has a second opinion now", joined.release_id)

    def _swap(self, old: Snapshot, new: Snapshot) -> None:
        self._held = tuple(new if one is old else one for one in self._held)

    async def follow(self) -> None:
        """Refresh about every second until cancelled, the second encoder following behind.

        After a failure the old release stays; it is logged once and tried again ever more rarely.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._again_and_again(self.refresh))
            tasks.create_task(self._again_and_again(self.complete))

    async def _again_and_again(self, step: Callable[[], Awaitable[object]]) -> None:
        pause_seconds = self._poll_seconds
        while True:
            try:
                await step()
                pause_seconds = self._poll_seconds
            except EncoderDown as error:  # whoever built by words alone has said so
                log.info("%s; it is asked again in %g s", error, pause_seconds)
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            except Exception:  # a store that is down must not end the watch
                if pause_seconds == self._poll_seconds:
                    log.exception("no newer index can be made, %s stays", self.release())
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause_seconds)

    async def _with(self, release_id: str | None) -> tuple[Snapshot, ...]:
        if release_id is None:
            return ()
        kept = next((one for one in self._held if one.release_id == release_id), None)
        if kept is None:
            pairs = await self._knowledge.release_pairs(release_id)
            kept = await self._lane.run(self._build, release_id, pairs)
        await self._learn(kept)
        return (kept, *self._held[:1])
