"""Comes back to customers when a reminder is due, whichever process and run set it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from cs_bot.channels.inbound import unanswered_message
from cs_bot.errors import Busy
from cs_bot.stores.protocols import ReminderStore, TurnRecord, Unanswered
from cs_bot.types import Message

log = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 1.0


class Answers(Protocol):
    """What a reminder needs of the bot."""

    async def reply(self, message: Message) -> TurnRecord:
        """Answer a stored message once, however often asked; raises `Busy`."""
        ...


class Announces(Protocol):
    """What a reminder needs of wake-ups: that open pages hear of the answer."""

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Say that the conversation's log has grown."""
        ...


class Reminders:
    """The reminders of one bot."""

    def __init__(
        self,
        store: ReminderStore,
        bot: Answers,
        wake_ups: Announces,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._bot = bot
        self._wake_ups = wake_ups
        self._clock = clock
        self._sleep = sleep

    async def watch(self) -> None:
        """Look every second for what is due, until cancelled."""
        while True:
            await self._sleep(LOOKS_EVERY_SECONDS)
            try:
                await self.run()
            except (Busy, OSError) as error:
                log.warning("reminders could not be looked for: %s", error)

    async def run(self) -> int:
        """Let every reminder that is due have its turn; returns how many had."""
        due = await self._store.due(self._clock())
        for message in due:
            await self._remind(message)
        return len(due)

    async def _remind(self, due: Unanswered) -> None:
        """Let one have its turn; what fails stays unanswered, and is tried again like the rest."""
        try:
            await self._bot.reply(unanswered_message(due))
            grown = due.conversation.top_seq + 1
            await self._wake_ups.announce(due.conversation.id, grown)
        except (Busy, OSError) as error:
            log.warning("the reminder %s of %s: %s", due.text, due.conversation.id, error)
