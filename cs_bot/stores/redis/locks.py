"""One turn at a time per conversation over many processes, by a queue in Redis.

Whoever lets go hands the lock to the next in the queue and calls it by name; nobody polls. What
dead processes left behind expires.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cs_bot.stores.redis.connection import refusal
from cs_bot.stores.redis.mail import RedisMail

logger = logging.getLogger(__name__)

# KEYS: owner, queue. ARGV: token, lock milliseconds. Returns 0 when the token holds the lock, else
# after how many milliseconds to ask again if nobody calls.
# A token waits while the key queue:token lives; heads of the queue without one are dead.
_TAKE = """
local owner, queue, token, ms = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local holder = redis.call('GET', owner)
if holder == token then
  redis.call('PEXPIRE', owner, ms)
  return 0
end
local head = redis.call('LINDEX', queue, 0)
while head and head ~= token and redis.call('EXISTS', queue .. ':' .. head) == 0 do
  redis.call('LPOP', queue)
  head = redis.call('LINDEX', queue, 0)
end
if not holder and (not head or head == token) then
  redis.call('LPOP', queue)
  redis.call('DEL', queue .. ':' .. token)
  redis.call('SET', owner, token, 'PX', ms)
  return 0
end
if not redis.call('LPOS', queue, token) then
  redis.call('RPUSH', queue, token)
end
redis.call('SET', queue .. ':' .. token, '', 'PX', 2 * ms)
redis.call('PEXPIRE', queue, 2 * ms)
if not holder then
  return math.max(1, math.floor(ms / 10))
end
return math.max(1, redis.call('PTTL', owner))
"""

# ARGV: token, lock milliseconds, channel of calls. Leaves the queue; lets go of the lock, if held.
_LEAVE = """
local owner, queue, token = KEYS[1], KEYS[2], ARGV[1]
redis.call('LREM', queue, 0, token)
redis.call('DEL', queue .. ':' .. token)
if redis.call('GET', owner) ~= token then
  return
end
redis.call('DEL', owner)
local head = redis.call('LPOP', queue)
while head and redis.call('DEL', queue .. ':' .. head) == 0 do
  head = redis.call('LPOP', queue)
end
if head then
  redis.call('SET', owner, head, 'PX', ARGV[2])
  redis.call('PUBLISH', ARGV[3] .. string.match(head, '^[^/]+'), head)
end
"""

_RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""


class RedisLocks:
    """`ConversationLocks` for many processes, first come first served among all of them."""

    def __init__(self, client: Redis, mail: RedisMail, prefix: str, lock_seconds: float) -> None:
        self._mail = mail
        self._prefix = prefix
        self._lock_ms = int(lock_seconds * 1000)
        self._numbers = itertools.count(1)
        self._take = client.register_script(_TAKE)
        self._leave = client.register_script(_LEAVE)
        self._renew = client.register_script(_RENEW)

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold the conversation for the length of the block; raises `Busy` without Redis."""
        # Braces keep both keys on one node of a Redis cluster.
        name = f"{self._prefix}:lock:{{{conversation_id}}}"
        keys = [name, f"{name}:queue"]
        token = f"{self._mail.process_id}/{next(self._numbers)}"
        try:
            await self._wait_for(keys, token)
            renewing = asyncio.create_task(self._keep(keys, token))
            try:
                yield
            finally:
                renewing.cancel()
                # Not `await renewing`: whose cancellation ended that could not be told from ours.
                await asyncio.wait((renewing,))
        finally:
            await asyncio.shield(self._let_go(keys, token))

    async def _wait_for(self, keys: list[str], token: str) -> None:
        with self._mail.expecting(token) as called:
            while wait_ms := await self._ask(keys, token):
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_ms / 1000):
                        await called.wait()
                called.clear()

    async def _ask(self, keys: list[str], token: str) -> int:
        try:
            return int(await self._take(keys=keys, args=[token, self._lock_ms]))
        except (RedisError, OSError) as error:
            raise refusal(error) from error

    async def _keep(self, keys: list[str], token: str) -> None:
        """Put off the lock's expiry while it is held: a slow turn keeps it, a dead one does not."""
        while True:
            await asyncio.sleep(self._lock_ms / 3000)
            try:
                renewed = await self._renew(keys=keys, args=[token, self._lock_ms])
            except (RedisError, OSError):
                logger.warning("a conversation lock could not be renewed: Redis does not answer")
                continue
            if not renewed:
                logger.warning("a conversation lock expired while its turn was running")
                return

    async def _let_go(self, keys: list[str], token: str) -> None:
        try:
            await self._leave(keys=keys, args=[token, self._lock_ms, self._mail.locks_channel])
        except (RedisError, OSError):
            logger.warning("a conversation lock was not released; it expires by itself")
