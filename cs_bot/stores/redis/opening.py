"""Puts together what the processes of one bot share in Redis."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis.exceptions import RedisError

from cs_bot.stores.protocols import AnswerCache, ConversationLocks, WakeUps
from cs_bot.stores.redis.answers import RedisAnswerCache
from cs_bot.stores.redis.connection import client, refusal
from cs_bot.stores.redis.locks import RedisLocks
from cs_bot.stores.redis.mail import RedisMail
from cs_bot.stores.redis.wake_ups import RedisWakeUps

LOCK_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Shared:
    """What one process shares with the others, opened together and closed together."""

    locks: ConversationLocks
    answers: AnswerCache
    wake_ups: WakeUps
    close: Callable[[], Awaitable[None]]


async def open_redis(
    url: str,
    *,
    process_id: str,
    answer_seconds: float,
    prefix: str = "cs_bot",
    lock_seconds: float = LOCK_SECONDS,
) -> Shared:
    """Connect to Redis; `process_id` must differ from that of every other process.

    Bots that share a Redis need different prefixes. A cached answer lives `answer_seconds`;
    which one leaves earlier is up to the `maxmemory-policy` of the server. A lock whose holder
    died is free after `lock_seconds`. Raises `BadInput` or `Busy`.
    """
    commands, listener = client(url), client(url, waits=True)
    mail = RedisMail(listener, process_id, prefix)

    async def close() -> None:
        await mail.close()
        await listener.aclose()
        await commands.aclose()

    try:
        await mail.open()
    except (RedisError, OSError) as error:
        await close()
        raise refusal(error) from error
    return Shared(
        locks=RedisLocks(commands, mail, prefix, lock_seconds),
        answers=RedisAnswerCache(commands, prefix, answer_seconds),
        wake_ups=RedisWakeUps(commands, mail),
        close=close,
    )
