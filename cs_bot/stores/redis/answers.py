"""The answer cache in Redis: every process gains from what one has answered."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict
from hashlib import blake2b

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cs_bot.stores.protocols import CachedAnswer

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 0.25
"""A cache that takes longer than this to say what it knows is as good as none."""


class RedisAnswerCache:
    """`AnswerCache` for many processes; without Redis it finds nothing and keeps nothing."""

    def __init__(self, client: Redis, prefix: str, answer_seconds: float) -> None:
        self._client = client
        self._prefix = f"{prefix}:answer:"
        self._counts = f"{prefix}:asked:"
        self._answer_ms = int(answer_seconds * 1000)
        self._down = False

    async def find(self, key: str) -> CachedAnswer | None:
        """Return what is stored and not too old."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                stored = await self._client.get(self._prefix + key)
        except (RedisError, OSError):
            self._say_down()
            return None
        self._down = False
        return _read(stored) if stored else None

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        """Store an answer."""
        stored = json.dumps(asdict(answer))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._client.set(self._prefix + key, stored, px=self._answer_ms)
        except (RedisError, OSError):
            self._say_down()

    async def asked(self, key: str) -> int:
        """Count a question under its digest, which is shorter than most questions."""
        name = self._counts + blake2b(key.encode(), digest_size=12).hexdigest()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._client.pipeline() as both:
                both.set(name, 0, px=self._answer_ms, nx=True)
                both.incr(name)
                return int((await both.execute())[1])
        except (RedisError, OSError):
            self._say_down()
            return 0

    def _say_down(self) -> None:
        """Say it once per outage: every message would say it again."""
        if not self._down:
            logger.warning("Redis does not answer; answers are not cached until it is back")
        self._down = True


def _read(stored: bytes | str) -> CachedAnswer:
    answer = json.loads(stored)
    return CachedAnswer(**{**answer, "blocks": tuple(answer["blocks"])})
