"""What may be asked of the messages customers left for the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from cs_bot.stores.protocols.slices import Slice


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A message a customer left for the staff, and what became of it."""

    id: str
    conversation_id: str
    created_at: datetime
    name: str
    contact: str
    text: str
    status: Literal["open", "done"]
    note: str
    handled_by: str | None
    handled_at: datetime | None


class LeftMessageStore(Protocol):
    """The staff's list of left messages."""

    async def left_messages(
        self, *, status: str | None = None, cursor: str | None = None, size: int = 30
    ) -> Slice[LeftMessage]:
        """Return left messages, newest first."""
        ...

    async def open_left_messages(self) -> int:
        """Return how many wait for somebody."""
        ...

    async def handle_left_message(
        self, message_id: str, *, status: Literal["open", "done"], note: str, by: str
    ) -> LeftMessage:
        """Set status and note; raises `NotFound`."""
        ...
