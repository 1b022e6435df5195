"""What may be asked of the reminders that actions set."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cs_bot.stores.protocols.conversations import Unanswered


class ReminderStore(Protocol):
    """What the bot means to come back to; turns set and cancel it by their events."""

    async def due(self, now: datetime, *, limit: int = 100) -> tuple[Unanswered, ...]:
        """Make messages of the reminders that are due, soonest first, and forget these.

        Each is made once, whichever process asks first. It is one that nobody wrote: its payload
        is `{"triggered": {"intent", "entities"}}`, no client sees it, and it counts as unanswered
        until a turn is appended for it. A reminder that does not outlive messages is forgotten
        without one where the customer has written since it was set.
        """
        ...
