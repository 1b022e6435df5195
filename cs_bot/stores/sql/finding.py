"""Units of work that find a conversation, or make it where there is none."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from cs_bot.errors import NotFound
from cs_bot.stores import tables
from cs_bot.stores.protocols import Conversation

_conversation = tables.conversations.c
CONVERSATION = [column for column in _conversation if column is not _conversation.last_turn_at]


def conversation(connection: Connection, conversation_id: str) -> Conversation:
    """Return one conversation; raises `NotFound`."""
    found = _find(connection, conversation_id)
    if found is None:
        raise NotFound("conversation", conversation_id)
    return found


def find_open(
    connection: Connection, conversation_id: str | None, channel: str, user_id: str
) -> Conversation | None:
    """Return the named conversation, or without a name the owner's newest one.

    Raises `NotFound` when the named one belongs to somebody else.
    """
    if conversation_id is None:
        return _newest(connection, channel, user_id)
    found = _find(connection, conversation_id)
    if found is not None and (found.channel, found.user_id) != (channel, user_id):
        raise NotFound("conversation", conversation_id)
    return found


def open_or_make(connection: Connection, wanted: str | None, new: Conversation) -> Conversation:
    """Return what `find_open` finds, or store `new`; two at once make one."""
    if connection.dialect.name == "postgresql":
        owner = tables.storable(wanted or f"{new.channel} {new.user_id}")
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(owner, 0))))
    found = find_open(connection, wanted, new.channel, new.user_id)
    if found is not None:
        return found
    row = {column.name: getattr(new, column.name) for column in CONVERSATION}
    connection.execute(insert(tables.conversations), row)
    return new


def _find(connection: Connection, conversation_id: str) -> Conversation | None:
    query = select(*CONVERSATION).where(tables.conversations.c.id == conversation_id)
    row = connection.execute(query).mappings().first()
    return Conversation(**row) if row else None


def _newest(connection: Connection, channel: str, user_id: str) -> Conversation | None:
    own = tables.conversations.c
    query = (
        select(*CONVERSATION)
        .where(own.channel == channel, own.user_id == user_id)
        .order_by(own.created_at.desc(), own.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return Conversation(**row) if row else None
