"""Unit of work that sets and cancels reminders by the events of a turn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from cs_bot.events import ReminderCancelled, ReminderSet
from cs_bot.stores import tables
from cs_bot.stores.protocols import TurnRecord

_own = tables.reminders.c


def note_reminders(connection: Connection, record: TurnRecord, seq: int) -> None:
    """Set and cancel what the events of a turn say, in their order."""
    for event in record.trace.reply.events:
        if isinstance(event, ReminderSet):
            _forget(connection, record.conversation_id, [event.name])
            connection.execute(
                insert(tables.reminders).values(
                    conversation_id=record.conversation_id,
                    name=event.name,
                    intent=event.intent,
                    entities=dict(event.entities),
                    due=datetime.fromisoformat(event.due),
                    outlives_messages=event.outlives_messages,
                    locale=record.locale,
                    seq=seq,
                )
            )
        elif isinstance(event, ReminderCancelled):
            known = connection.execute(
                select(tables.reminders).where(_own.conversation_id == record.conversation_id)
            ).all()
            names = [row.name for row in known if _is_meant(row, event)]
            _forget(connection, record.conversation_id, names)


def _is_meant(row: Row[Any], event: ReminderCancelled) -> bool:
    return (
        event.name in (None, row.name)
        and event.intent in (None, row.intent)
        and event.entities in (None, row.entities)
    )


def _forget(connection: Connection, conversation_id: str, names: Iterable[str]) -> None:
    for name in names:
        connection.execute(
            delete(tables.reminders).where(
                _own.conversation_id == conversation_id, _own.name == name
            )
        )
