"""Those who listen for announcements in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

Heard = Callable[[str, int], Awaitable[None]]


class Audience:
    """Tells every listener in a task of its own: a slow one holds up nobody."""

    def __init__(self) -> None:
        self._listeners: dict[object, Heard] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, heard: Heard) -> Callable[[], None]:
        """Add a listener; returns how it leaves."""
        key = object()
        self._listeners[key] = heard

        def leave() -> None:
            self._listeners.pop(key, None)

        return leave

    def tell(self, conversation_id: str, top_seq: int) -> None:
        """Let every listener hear this soon."""
        for heard in self._listeners.values():
            task = asyncio.create_task(_hear(heard, conversation_id, top_seq))
            self._telling.add(task)
            task.add_done_callback(self._told)

    def _told(self, task: asyncio.Task[None]) -> None:
        self._telling.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("a listener failed", exc_info=task.exception())


async def _hear(heard: Heard, conversation_id: str, top_seq: int) -> None:
    await heard(conversation_id, top_seq)
