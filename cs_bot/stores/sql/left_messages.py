"""The staff's list of left messages on SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, select, update

from cs_bot.errors import NotFound
from cs_bot.stores import tables
from cs_bot.stores.cursors import write_cursor
from cs_bot.stores.protocols import LeftMessage, Slice
from cs_bot.stores.sql.database import Database
from cs_bot.stores.sql.paging import older_than


class SqlLeftMessages:
    """`LeftMessageStore` on a `Database`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def left_messages(
        self, *, status: str | None = None, cursor: str | None = None, size: int = 30
    ) -> Slice[LeftMessage]:
        """Return left messages, newest first."""
        return await self._database.read(_left_messages, status, cursor, size)

    async def open_left_messages(self) -> int:
        """Return how many wait for somebody."""
        return await self._database.read(_open_left_messages)

    async def handle_left_message(
        self, message_id: str, *, status: Literal["open", "done"], note: str, by: str
    ) -> LeftMessage:
        """Set status and note; raises `NotFound`."""
        handled = (
            {"handled_by": by, "handled_at": self._clock()}
            if status == "done"
            else {"handled_by": None, "handled_at": None}
        )
        values = {"status": status, "note": note, **handled}
        return await self._database.write(_handle, message_id, values)


def _left_messages(
    connection: Connection, status: str | None, cursor: str | None, size: int
) -> Slice[LeftMessage]:
    own = tables.left_messages.c
    query = select(tables.left_messages)
    if status is not None:
        query = query.where(own.status == status)
    if cursor is not None:
        query = query.where(older_than(cursor, own.created_at, own.id))
    query = query.order_by(own.created_at.desc(), own.id.desc()).limit(size + 1)
    found = [LeftMessage(**row) for row in connection.execute(query).mappings()]
    items = tuple(found[:size])
    more = len(found) > size
    return Slice(items, write_cursor(items[-1].created_at, items[-1].id) if more else None)


def _open_left_messages(connection: Connection) -> int:
    query = select(func.count()).where(tables.left_messages.c.status == "open")
    return int(connection.execute(query).scalar_one())


def _handle(connection: Connection, message_id: str, values: dict[str, Any]) -> LeftMessage:
    own = tables.left_messages
    query = update(own).where(own.c.id == message_id).values(**values).returning(own)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("left message", message_id)
    return LeftMessage(**row)
