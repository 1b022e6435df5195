"""Tells every process that a conversation has grown, through Redis."""

from __future__ import annotations

from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cs_bot.stores.audience import Heard
from cs_bot.stores.redis.connection import refusal
from cs_bot.stores.redis.mail import RedisMail


class RedisWakeUps:
    """`WakeUps` for many processes; this one hears its own announcements without Redis."""

    def __init__(self, client: Redis, mail: RedisMail) -> None:
        self._client = client
        self._mail = mail

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Say that the conversation's log has grown; raises `Busy` when only this process heard."""
        self._mail.audience.tell(conversation_id, top_seq)
        news = f"{self._mail.process_id} {top_seq} {conversation_id}"
        try:
            await self._client.publish(self._mail.grown_channel, news)
        except (RedisError, OSError) as error:
            raise refusal(error) from error

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call `heard(conversation_id, top_seq)` on every announcement; returns how to stop."""
        return self._mail.audience.join(heard)
