"""Fast state that processes share: in one process, or in Redis when there are many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol


class ConversationLocks(Protocol):
    """One turn at a time per conversation, first come first served."""

    def hold(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the conversation for the length of the block."""
        ...


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer that is the same for everybody, as the cache keeps it (JSON values)."""

    ref: str
    question: str
    score: float
    blocks: tuple[Mapping[str, Any], ...]
    holds_from: str | None = None
    """The times of `Reply`, as ISO 8601."""
    holds_until: str | None = None


class AnswerCache(Protocol):
    """High-frequency answers by key; losing any of it at any time is fine."""

    async def find(self, key: str) -> CachedAnswer | None:
        """Return what is stored and not too old."""
        ...

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        """Store an answer; the least recently used one may leave for it."""
        ...

    async def asked(self, key: str) -> int:
        """Count a question once more; return its count within the time that an answer is kept.

        Counts may be lost like answers: 0 where nothing can be counted.
        """
        ...


class WakeUps(Protocol):
    """Tells every process that a conversation has new entries ("read from seq n")."""

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Say that the conversation's log has grown."""
        ...

    def listen(self, heard: Callable[[str, int], Awaitable[None]]) -> Callable[[], None]:
        """Call `heard(conversation_id, top_seq)` on every announcement; returns how to stop."""
        ...
