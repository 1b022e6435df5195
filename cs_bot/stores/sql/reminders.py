"""Reminders on SQL: made into messages when they are due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, exists, insert, select

from cs_bot.stores import tables
from cs_bot.stores.protocols import Unanswered
from cs_bot.stores.sql.console import conversation_of
from cs_bot.stores.sql.database import Database
from cs_bot.stores.sql.finding import CONVERSATION

_own = tables.reminders.c
_inbound = tables.inbound.c
_DUE = (
    select(*CONVERSATION, *(column.label(f"own_{column.name}") for column in _own))
    .select_from(tables.conversations)
    .join(tables.reminders)
    .order_by(_own.due, _own.conversation_id, _own.name)
)


class SqlReminders:
    """`ReminderStore` on a `Database`."""

    def __init__(self, database: Database, *, ids: Callable[[str], str]) -> None:
        self._database = database
        self._ids = ids

    async def due(self, now: datetime, *, limit: int = 100) -> tuple[Unanswered, ...]:
        """Make messages of the reminders that are due, and forget these."""
        if not await self._database.read(_is_any_due, now):
            return ()
        return await self._database.write(_raise, now, limit, self._ids)


def _is_any_due(connection: Connection, now: datetime) -> bool:
    return connection.scalar(select(_own.name).where(_own.due <= now).limit(1)) is not None


def _raise(
    connection: Connection, now: datetime, limit: int, make_id: Callable[[str], str]
) -> tuple[Unanswered, ...]:
    rows = connection.execute(_DUE.where(_own.due <= now).limit(limit)).mappings().all()
    raised = (_raised(connection, row, now, make_id) for row in rows)
    return tuple(message for message in raised if message is not None)


def _raised(
    connection: Connection, row: RowMapping, now: datetime, make_id: Callable[[str], str]
) -> Unanswered | None:
    """Return the message of a reminder; None where another process had it, or it is obsolete."""
    conversation = conversation_of(row)
    mine = delete(tables.reminders).where(
        _own.conversation_id == conversation.id,
        _own.name == row["own_name"],
        _own.due == row["own_due"],
    )
    if connection.execute(mine).rowcount != 1:
        return None
    if not row["own_outlives_messages"] and _wrote_since(
        connection, conversation.id, row["own_seq"]
    ):
        return None
    message_id = make_id("r")
    triggered = {"intent": row["own_intent"], "entities": row["own_entities"]}
    message = Unanswered(
        conversation,
        message_id,
        f"/{row['own_intent']}",
        row["own_locale"],
        {"triggered": triggered},
        now,
    )
    connection.execute(
        insert(tables.inbound).values(
            conversation_id=conversation.id,
            message_id=message_id,
            client_id=message_id,
            first_seq=conversation.top_seq,
            seq=conversation.top_seq,
            text=message.text,
            locale=message.locale,
            payload=message.payload,
            at=now,
        )
    )
    return message


def _wrote_since(connection: Connection, conversation_id: str, seq: int) -> bool:
    written = (
        (_inbound.conversation_id == conversation_id)
        & (_inbound.seq > seq)
        # What a reminder makes has no entry of its own in the log, and is nobody's message.
        & exists().where(
            tables.entries.c.conversation_id == _inbound.conversation_id,
            tables.entries.c.message_id == _inbound.message_id,
        )
    )
    return connection.scalar(select(_inbound.message_id).where(written).limit(1)) is not None
