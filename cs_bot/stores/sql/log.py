"""Units of work of the conversation log: accept, append, and what a resume reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cs_bot.blocks import Block, from_wire, plain_text
from cs_bot.errors import Conflict, NotFound
from cs_bot.events import MessageLeft
from cs_bot.stores import tables
from cs_bot.stores.codec import events_as_json, trace_as_json
from cs_bot.stores.entries import inbound_entries, message_id, reply_entry, said_blocks
from cs_bot.stores.folding import searchable
from cs_bot.stores.protocols import Accepted, BlocksReplaced, Inbound, LogEntry, TurnRecord
from cs_bot.stores.sql.prepared import Prepared
from cs_bot.stores.sql.reminder_events import note_reminders

# Statements that every turn runs are built once: building one costs more than running it.
_conversation, _entry, _inbound = tables.conversations.c, tables.entries.c, tables.inbound.c

_ENTRY = [_entry.seq, _entry.type, _entry.at, _entry.data]

_MOVE_TOP = (
    update(tables.conversations)
    .where(_conversation.id == bindparam("moved"))
    .values(top_seq=_conversation.top_seq + bindparam("by"))
    .returning(_conversation.top_seq)
)
_TOP_AFTER_MESSAGE = Prepared(_MOVE_TOP)
_TOP_AFTER_TURN = Prepared(_MOVE_TOP.values(last_turn_at=bindparam("turn_at")))
_EARLIER = select(_inbound.message_id, _inbound.first_seq, _inbound.seq, _inbound.at).where(
    _inbound.conversation_id == bindparam("id"), _inbound.client_id == bindparam("client_id")
)
_ANSWER = Prepared(
    update(tables.inbound)
    .where(
        _inbound.conversation_id == bindparam("id"),
        _inbound.message_id == bindparam("message"),
        _inbound.turn_id.is_(None),
    )
    .values(turn_id=bindparam("turn"))
)
_NEW_ENTRY = Prepared(insert(tables.entries))
_SENT_AGAIN = [_inbound.conversation_id, _inbound.client_id]
_RECEIVED = [column.name for column in _inbound if column is not _inbound.turn_id]
_NEW_INBOUND = {
    database: Prepared(new.on_conflict_do_nothing(index_elements=_SENT_AGAIN), _RECEIVED)
    for database, new in (
        ("sqlite", sqlite.insert(tables.inbound)),
        ("postgresql", postgresql.insert(tables.inbound)),
    )
}
_RATED = {"feedback", "feedback_reasons", "feedback_comment", "rated_at"}
_NEW_TURN = Prepared(
    insert(tables.turns), [column.name for column in tables.turns.c if column.name not in _RATED]
)


def accept(
    connection: Connection, conversation_id: str, inbound: Inbound, at: datetime
) -> Accepted:
    """Store an inbound message once and give it its place."""
    places = 1 if inbound.update is None else 2
    top_seq = move_top(connection, conversation_id, places) - places
    made = inbound_entries(inbound, top_seq, at)
    said = made[-1]
    row = {
        "conversation_id": conversation_id,
        "message_id": message_id(said.seq),
        "client_id": inbound.client_id,
        "first_seq": made[0].seq,
        "seq": said.seq,
        "text": inbound.text,
        "locale": inbound.locale,
        "payload": inbound.payload,
        "at": at,
        "metadata": inbound.metadata or None,
    }
    if _NEW_INBOUND[connection.dialect.name].count(connection, row) != 1:
        move_top(connection, conversation_id, -places)
        return _earlier(connection, conversation_id, inbound.client_id)
    if inbound.update is not None:
        _check_unchanged(connection, conversation_id, inbound.update)
    store_entries(connection, conversation_id, made)
    return Accepted(message_id(said.seq), made, duplicate=False, at=at)


def append(
    connection: Connection, record: TurnRecord, make_id: Callable[[str], str]
) -> tuple[LogEntry, ...]:
    """Store a turn with its reply entry and left messages, or return what the first one made."""
    if not _mark_answered(connection, record):
        return _reply_of(connection, record)
    moved = {"moved": record.conversation_id, "by": 1, "turn_at": record.at}
    (top,) = _TOP_AFTER_TURN.rows(connection, moved)
    entry = reply_entry(record, top["top_seq"])
    if record.masked:
        _mask(connection, record)
    store_entries(connection, record.conversation_id, (entry,))
    _NEW_TURN.count(connection, _turn_row(record, entry.seq))
    _store_left_messages(connection, record, make_id)
    note_reminders(connection, record, entry.seq)
    return (entry,)


def entries(
    connection: Connection,
    conversation_id: str,
    after_seq: int | None,
    before_seq: int | None,
    limit: int,
) -> tuple[LogEntry, ...]:
    """Return entries in order: the first after a place, or the last before one."""
    seq = tables.entries.c.seq
    query = select(*_ENTRY).where(tables.entries.c.conversation_id == conversation_id).limit(limit)
    if before_seq is not None:
        query = query.where(seq < before_seq)
    if after_seq is not None:
        query = query.where(seq > after_seq).order_by(seq)
        return _as_entries(connection.execute(query).mappings().all())
    return _as_entries(connection.execute(query.order_by(seq.desc())).mappings().all()[::-1])


def message_blocks(connection: Connection, conversation_id: str, wanted: str) -> tuple[Block, ...]:
    """Return the present blocks of one message; raises `NotFound`."""
    entry = tables.entries.c
    stored = connection.scalar(
        select(entry.data)
        .where(entry.conversation_id == conversation_id, entry.message_id == wanted)
        .order_by(entry.seq.desc())
        .limit(1)
    )
    if stored is None:
        raise NotFound("message", wanted)
    return tuple(from_wire(block) for block in stored["blocks"])


def _check_unchanged(connection: Connection, conversation_id: str, update: BlocksReplaced) -> None:
    """Raise `Conflict` when another choice came first, `NotFound` without such a message."""
    now = message_blocks(connection, conversation_id, update.message_id)
    if update.before is not None and now != update.before:
        raise Conflict(f"message {update.message_id!r} has changed meanwhile", current=now)


def move_top(connection: Connection, conversation_id: str, by: int) -> int:
    """Hold the conversation until the transaction ends, move its top seq and return it."""
    moved = {"moved": conversation_id, "by": by}
    tops = _TOP_AFTER_MESSAGE.rows(connection, moved)
    if not tops:
        raise NotFound("conversation", conversation_id)
    top_seq: int = tops[0]["top_seq"]
    return top_seq


def _earlier(connection: Connection, conversation_id: str, client_id: str) -> Accepted:
    """Return how a message that is sent again was accepted at first."""
    row = connection.execute(_EARLIER, {"id": conversation_id, "client_id": client_id}).one()
    made = entries(connection, conversation_id, row.first_seq - 1, row.seq + 1, 2)
    return Accepted(row.message_id, made, duplicate=True, at=row.at)


def store_entries(connection: Connection, conversation_id: str, made: Sequence[LogEntry]) -> None:
    for entry in made:
        row = {
            "conversation_id": conversation_id,
            "seq": entry.seq,
            "type": entry.type,
            "message_id": entry.data["message_id"],
            "at": entry.at,
            "data": entry.data,
        }
        _NEW_ENTRY.count(connection, row)


def _mark_answered(connection: Connection, record: TurnRecord) -> bool:
    """Say which turn answers the message; False when one does already or there is no message."""
    own = {"id": record.conversation_id, "message": record.message_id, "turn": record.turn_id}
    return _ANSWER.count(connection, own) == 1


def _reply_of(connection: Connection, record: TurnRecord) -> tuple[LogEntry, ...]:
    """Return the reply that the message has already; raises `NotFound` without a message."""
    turn = tables.turns.c
    replied = (turn.conversation_id == _entry.conversation_id) & (turn.seq == _entry.seq)
    query = (
        select(*_ENTRY)
        .join(tables.turns, replied)
        .where(turn.conversation_id == record.conversation_id, turn.message_id == record.message_id)
    )
    found = _as_entries(connection.execute(query).mappings().all())
    if not found:
        raise NotFound("message", record.message_id)
    return found


def _mask(connection: Connection, record: TurnRecord) -> None:
    """Put the words that may be kept in the place of the customer's own."""
    said = and_(
        _entry.conversation_id == record.conversation_id,
        _entry.message_id == record.message_id,
        _entry.type == "message",
    )
    stored = connection.execute(select(_entry.data).where(said)).scalar_one_or_none()
    if stored is not None:  # what a reminder makes has no entry
        masked = {**stored, "blocks": said_blocks(record.text)}
        connection.execute(update(tables.entries).where(said).values(data=masked))
    # The payload goes too: the values of a submitted form are the customer's words.
    connection.execute(
        update(tables.inbound)
        .where(
            _inbound.conversation_id == record.conversation_id,
            _inbound.message_id == record.message_id,
        )
        .values(text=record.text, payload=None)
    )


def _as_entries(rows: Sequence[RowMapping]) -> tuple[LogEntry, ...]:
    return tuple(LogEntry(**row) for row in rows)


def _turn_row(record: TurnRecord, seq: int) -> dict[str, Any]:
    reply = plain_text(record.trace.reply.blocks)
    return {
        "turn_id": record.turn_id,
        "conversation_id": record.conversation_id,
        "message_id": record.message_id,
        "seq": seq,
        "text": record.text,
        "masked": record.masked,
        "query": record.query,
        "locale": record.locale,
        "release": record.release,
        "channel": record.channel,
        "sender": record.sender,
        "answered_by": record.trace.answered_by,
        "reply": reply,
        "handoff": record.trace.reply.handoff,
        "events": events_as_json(record.trace.reply.events),
        "trace": trace_as_json(record.trace),
        "search": searchable([record.text, reply]),
        "at": record.at,
        "ms": record.ms,
    }


def _store_left_messages(
    connection: Connection, record: TurnRecord, make_id: Callable[[str], str]
) -> None:
    rows = [
        _left_row(event, record, make_id)
        for event in record.trace.reply.events
        if isinstance(event, MessageLeft)
    ]
    if rows:
        connection.execute(insert(tables.left_messages), rows)


def _left_row(
    event: MessageLeft, record: TurnRecord, make_id: Callable[[str], str]
) -> dict[str, Any]:
    return {
        "id": make_id("l"),
        "conversation_id": record.conversation_id,
        "created_at": record.at,
        "name": event.name,
        "contact": event.contact,
        "text": event.text,
        "status": "open",
        "note": "",
    }
