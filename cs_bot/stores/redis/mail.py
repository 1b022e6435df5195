"""What other processes send to this one: locks that it now holds, conversations that grew."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from cs_bot.stores.audience import Audience

logger = logging.getLogger(__name__)

_RECONNECT_SECONDS = 1.0


class RedisMail:
    """One subscription per process, kept up as long as the process lives."""

    def __init__(self, listener: Redis, process_id: str, prefix: str) -> None:
        self.process_id = process_id
        self.grown_channel = f"{prefix}:grown"
        self.locks_channel = f"{prefix}:locks:"
        """Followed by the id of the process that a message is for."""
        self.audience = Audience()
        self._own_locks = f"{self.locks_channel}{process_id}"
        self._subscription: PubSub = listener.pubsub(ignore_subscribe_messages=True)
        self._listening: asyncio.Task[None] | None = None
        self._expected: dict[str, asyncio.Event] = {}

    async def open(self) -> None:
        """Subscribe; from now on nothing that is sent is missed while Redis is there."""
        await self._subscription.subscribe(self.grown_channel, self._own_locks)
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        await self._subscription.aclose()  # type: ignore[no-untyped-call]  # redis leaves it untyped

    @contextmanager
    def expecting(self, token: str) -> Iterator[asyncio.Event]:
        """Return the event that is set whenever this token is called within the block."""
        called = self._expected[token] = asyncio.Event()
        try:
            yield called
        finally:
            del self._expected[token]

    async def _listen(self) -> None:
        down = False
        while True:
            try:
                async for message in self._subscription.listen():
                    down = False
                    self._deliver(message["channel"].decode(), message["data"].decode())
            except (RedisError, OSError):
                if not down:  # one line an outage, not one a second
                    logger.warning("Redis does not answer; listening goes on when it is back")
                down = True
                await asyncio.sleep(_RECONNECT_SECONDS)

    def _deliver(self, channel: str, text: str) -> None:
        if channel == self.grown_channel:
            sender, top_seq, conversation_id = text.split(" ", 2)
            if sender != self.process_id:
                self.audience.tell(conversation_id, int(top_seq))
        elif text in self._expected:
            self._expected[text].set()
