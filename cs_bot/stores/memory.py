"""What one process can keep for itself: conversation locks, the answer cache, wake-ups."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from cs_bot.stores.audience import Audience, Heard
from cs_bot.stores.protocols import CachedAnswer

V = TypeVar("V")


@dataclass(slots=True)
class _Held:
    """A lock and how many hold it or wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class InProcessLocks:
    """`ConversationLocks` for one process; `asyncio.Lock` serves in order of arrival."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    def __len__(self) -> int:
        """Return how many conversations are held or waited for now."""
        return len(self._held)

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold the conversation for the length of the block."""
        held = self._held.setdefault(conversation_id, _Held())
        held.users += 1
        try:
            async with held.lock:
                yield
        finally:
            held.users -= 1
            if not held.users:
                del self._held[conversation_id]


class InProcessAnswerCache:
    """`AnswerCache` for one process: the least recently used answer leaves first."""

    def __init__(self, *, size: int, ttl_seconds: float, clock: Callable[[], datetime]) -> None:
        self._size = size
        self._lifetime = timedelta(seconds=ttl_seconds)
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, CachedAnswer]] = OrderedDict()
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    async def find(self, key: str) -> CachedAnswer | None:
        """Return what is stored and not too old."""
        if key not in self._kept:
            return None
        stored_at, answer = self._kept[key]
        if self._clock() - stored_at >= self._lifetime:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return answer

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        """Store an answer; the least recently used one may leave for it."""
        self._put(self._kept, key, (self._clock(), answer))

    async def asked(self, key: str) -> int:
        """Count a question; the count of the one asked longest ago may leave for it."""
        since, count = self._counts.get(key, (self._clock(), 0))
        if self._clock() - since >= self._lifetime:
            since, count = self._clock(), 0
        self._put(self._counts, key, (since, count + 1))
        return count + 1

    def _put(self, shelf: OrderedDict[str, V], key: str, value: V) -> None:
        shelf[key] = value
        shelf.move_to_end(key)
        while len(shelf) > self._size:
            shelf.popitem(last=False)


class InProcessWakeUps:
    """`WakeUps` for one process: whoever listens hears, each in a task of its own."""

    def __init__(self) -> None:
        self._audience = Audience()

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Say that the conversation's log has grown; does not wait for those who hear it."""
        self._audience.tell(conversation_id, top_seq)

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call `heard(conversation_id, top_seq)` on every announcement; returns how to stop."""
        return self._audience.join(heard)
