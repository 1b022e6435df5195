"""Units of work that find a conversation, or make it where there is none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from cs_bot.errors import NotFound
from cs_bot.stores import tables
from cs_bot.stores.columns import storable
from cs_bot.stores.protocols import Conversation, Inbound, Received
from cs_bot.stores.sql.log import accept
from cs_bot.stores.sql.prepared import Prepared

_conversation = tables.conversations.c
CONVERSATION = [column for column in _conversation if column is not _conversation.last_turn_at]

# Built once: building a statement costs more than running it.
_OF_ID = Prepared(select(*CONVERSATION).where(_conversation.id == bindparam("id")))
_OF_OWNER = Prepared(
    select(*CONVERSATION)
    .where(
        _conversation.channel == bindparam("channel"), _conversation.user_id == bindparam("user")
    )
    .order_by(_conversation.created_at.desc(), _conversation.id.desc())
    .limit(1)
)


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
        owner = storable(wanted or f"{new.channel} {new.user_id}")
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(owner, 0))))
    found = find_open(connection, wanted, new.channel, new.user_id)
    if found is not None:
        return found
    row = {column.name: getattr(new, column.name) for column in CONVERSATION}
    connection.execute(insert(tables.conversations), row)
    return new


def receive(connection: Connection, new: Conversation, inbound: Inbound, at: datetime) -> Received:
    """Store a message in the owner's newest conversation, or in `new` where there is none."""
    found = _newest(connection, new.channel, new.user_id) or open_or_make(connection, None, new)
    return Received(found, accept(connection, found.id, inbound, at))


def _find(connection: Connection, conversation_id: str) -> Conversation | None:
    rows = _OF_ID.rows(connection, {"id": conversation_id})
    return Conversation(**rows[0]) if rows else None


def _newest(connection: Connection, channel: str, user_id: str) -> Conversation | None:
    owner = {"channel": channel, "user": user_id}
    rows = _OF_OWNER.rows(connection, owner)
    return Conversation(**rows[0]) if rows else None
