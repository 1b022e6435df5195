"""What processes of one bot share: in this process, or in Redis."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import blake2b

from cs_bot import __version__
from cs_bot.app.makers import knowledge, new_id, now
from cs_bot.errors import BadInput
from cs_bot.settings import Settings, Table
from cs_bot.stages.cache import CacheSettings
from cs_bot.stores.memory import InProcessAnswerCache, InProcessLocks, InProcessWakeUps
from cs_bot.stores.protocols import AnswerCache, ConversationLocks, Stores, WakeUps


@dataclass(frozen=True, slots=True)
class Shared:
    """Locks, cached answers and wake-ups."""

    locks: ConversationLocks
    answers: AnswerCache
    wake_ups: WakeUps


async def shared_by(settings: Settings, stack: AsyncExitStack) -> Shared:
    """Return what the settings say; raises `BadInput` where Redis lacks its client, or `Busy`."""
    dials = cache_settings(settings)
    if not settings.store.redis:
        answers = InProcessAnswerCache(size=dials.most, ttl_seconds=dials.ttl_seconds, clock=now)
        return Shared(InProcessLocks(), answers, InProcessWakeUps())
    try:
        from cs_bot.stores.redis.opening import open_redis
    except ImportError:
        raise BadInput(
            "Redis is configured but its client is not installed",
            where=settings.where("store", "redis"),
            remedy="pip install 'cs-bot[redis]'",
        ) from None
    redis = await open_redis(
        settings.store.redis,
        process_id=f"{socket.gethostname()}-{os.getpid()}-{new_id('p')}",
        answer_seconds=dials.ttl_seconds,
    )
    stack.push_async_callback(redis.close)
    return Shared(redis.locks, redis.answers, redis.wake_ups)


def cache_settings(settings: Settings) -> CacheSettings:
    """Return `[stages.cache]`."""
    return settings.stages.get("cache", Table("stages.cache")).read(CacheSettings)


def dials_digest(settings: Settings) -> bytes:
    """Return what sets answers of other dials, models, synonyms or versions apart."""
    dials = settings.stages.get("kbqa", Table("stages.kbqa")).values
    path = knowledge(settings) / "synonyms.txt"
    folded = path.read_bytes() if path.exists() else b""
    said = repr((sorted(dials.items()), settings.models, __version__)).encode()
    return blake2b(said + folded, digest_size=8).digest()


async def own_digest(stores: Stores, dials: bytes) -> str:
    """Return what sets this bot's cached answers apart in a Redis that outlives restarts."""
    database = await stores.secrets.secret("answer_cache", lambda: secrets.token_bytes(8))
    return blake2b(database + dials, digest_size=8).hexdigest()
