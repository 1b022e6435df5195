"""Connects to Redis and says in one sentence why it cannot."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError

from cs_bot.errors import BadInput, Busy, CsBotError

WHERE = "[store] redis"
_COMMAND_SECONDS = 2.0


def client(url: str, *, waits: bool = False) -> Redis:
    """Return a client, connected at its first command; one that `waits` may listen for ever."""
    try:
        return Redis.from_url(
            url,
            socket_connect_timeout=_COMMAND_SECONDS,
            socket_timeout=None if waits else _COMMAND_SECONDS,
            # Once more at once, for a connection that Redis closed meanwhile; then say so.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        # Not the URL itself: it may hold a password.
        raise BadInput(
            "this is no URL of a Redis",
            where=WHERE,
            remedy="write redis://HOST:PORT/NUMBER, rediss://... or unix://...",
        ) from None


def refusal(error: RedisError | OSError) -> CsBotError:
    """Return what went wrong as an error for people."""
    if isinstance(error, AuthenticationError):
        return BadInput(
            "Redis refuses this user or password", where=WHERE, remedy="correct the URL"
        )
    return Busy(f"the Redis of {WHERE} does not answer", remedy="start it, or correct the URL")
