"""Units of work over turns: what waits for an answer, what operators read, how turns are rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    RowMapping,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
    tuple_,
    update,
)

from cs_bot.errors import NotFound
from cs_bot.stores import tables
from cs_bot.stores.codec import trace_from_json
from cs_bot.stores.cursors import write_cursor
from cs_bot.stores.folding import ESCAPE, containing
from cs_bot.stores.protocols import (
    Conversation,
    ConversationQuery,
    ConversationSummary,
    Feedback,
    LoggedTurn,
    PlacedTurn,
    Slice,
    TurnRecord,
    Unanswered,
)
from cs_bot.stores.sql.finding import CONVERSATION
from cs_bot.stores.sql.paging import older_than
from cs_bot.stores.sql.prepared import Prepared

_TURN_OF = Prepared(
    select(tables.turns).where(
        tables.turns.c.conversation_id == bindparam("id"),
        tables.turns.c.message_id == bindparam("message"),
    )
)


def unanswered(
    connection: Connection, before: datetime, limit: int, conversation_id: str | None
) -> tuple[Unanswered, ...]:
    """Return messages accepted before this time that have no turn, oldest first."""
    own = tables.inbound.c
    said = [own.message_id, own.text, own.payload, own.metadata]
    query = (
        select(*CONVERSATION, *said, own.locale.label("said_locale"), own.at)
        .join(tables.inbound)
        .where(own.turn_id.is_(None), own.at < before)
        .order_by(own.at, own.conversation_id, own.seq)
        .limit(limit)
    )
    if conversation_id is not None:
        query = query.where(own.conversation_id == conversation_id)
    return tuple(
        Unanswered(
            conversation=conversation_of(row),
            message_id=row["message_id"],
            text=row["text"],
            locale=row["said_locale"],
            payload=row["payload"],
            at=row["at"],
            metadata=row["metadata"],
        )
        for row in connection.execute(query).mappings()
    )


def rate(
    connection: Connection, conversation_id: str, turn_id: str, feedback: Feedback, at: datetime
) -> None:
    """Store the customer's judgement of a turn; raises `NotFound`."""
    own = tables.turns.c
    rated = connection.execute(
        update(tables.turns)
        .where(own.conversation_id == conversation_id, own.turn_id == turn_id)
        .values(
            feedback=feedback.value or None,
            feedback_reasons=list(feedback.reasons),
            feedback_comment=feedback.comment,
            rated_at=at,
        )
    )
    if rated.rowcount == 0:
        raise NotFound("turn", turn_id)


def turns(connection: Connection, conversation_id: str) -> tuple[LoggedTurn, ...]:
    """Return all turns of a conversation, oldest first."""
    own = tables.turns.c
    query = select(tables.turns).where(own.conversation_id == conversation_id).order_by(own.seq)
    return tuple(_logged_turn(row) for row in connection.execute(query).mappings())


def placed_turns(connection: Connection, conversation_id: str) -> tuple[PlacedTurn, ...]:
    """Return all turns of a conversation with their places, oldest first."""
    own, said = tables.turns.c, tables.inbound.c
    same = (said.conversation_id == own.conversation_id) & (said.message_id == own.message_id)
    query = (
        select(tables.turns, said.metadata)
        .join(tables.inbound, same)
        .where(own.conversation_id == conversation_id)
        .order_by(own.seq)
    )
    rows = connection.execute(query).mappings()
    return tuple(PlacedTurn(row["seq"], _logged_turn(row).record, row["metadata"]) for row in rows)


def turn_of(connection: Connection, conversation_id: str, message_id: str) -> TurnRecord | None:
    """Return the turn that answered this message, None when it has none yet."""
    answered = {"id": conversation_id, "message": message_id}
    rows = _TURN_OF.rows(connection, answered)
    return _logged_turn(rows[0]).record if rows else None


def summaries(connection: Connection, query: ConversationQuery) -> Slice[ConversationSummary]:
    """Return a part of the list of conversations that have turns, newest first."""
    rows = _summary_rows(connection, query)
    shown = rows[: query.size]
    ids = [row["id"] for row in shown]
    counts, last = _counts(connection, ids), _last_turns(connection, ids)
    items = tuple(_summary(row, counts[row["id"]], last[row["id"]]) for row in shown)
    more = len(rows) > query.size
    return Slice(items, write_cursor(items[-1].last_at, ids[-1]) if more else None)


def _summary_rows(connection: Connection, query: ConversationQuery) -> Sequence[RowMapping]:
    own = tables.conversations.c
    wanted = select(*CONVERSATION, own.last_turn_at).where(own.last_turn_at.is_not(None))
    conditions = _turn_conditions(query)
    if conditions:
        same = tables.turns.c.conversation_id == own.id
        wanted = wanted.where(exists().where(same, *conditions))
    if query.cursor is not None:
        wanted = wanted.where(older_than(query.cursor, own.last_turn_at, own.id))
    wanted = wanted.order_by(own.last_turn_at.desc(), own.id.desc()).limit(query.size + 1)
    return connection.execute(wanted).mappings().all()


def _turn_conditions(query: ConversationQuery) -> list[ColumnElement[bool]]:
    """Return what one and the same turn must fulfil for its conversation to be listed."""
    own = tables.turns.c
    conditions: list[ColumnElement[bool]] = []
    if query.search.strip():
        conditions.append(own.search.like(containing(query.search), escape=ESCAPE))
    if query.answered_by is not None:
        conditions.append(own.answered_by == query.answered_by)
    if query.since is not None:
        conditions.append(own.at >= query.since)
    if query.until is not None:
        conditions.append(own.at < query.until)
    return conditions


def _counts(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """Return per conversation one row for each stage that answered, in order of appearance."""
    own = tables.turns.c
    query = (
        select(
            own.conversation_id,
            own.answered_by,
            func.count().label("turns"),
            func.sum(case((own.feedback > 0, 1), else_=0)).label("up"),
            func.sum(case((own.feedback < 0, 1), else_=0)).label("down"),
            func.max(cast(own.handoff, Integer)).label("handoff"),
        )
        .where(own.conversation_id.in_(ids))
        .group_by(own.conversation_id, own.answered_by)
        .order_by(func.min(own.seq))
    )
    counts: dict[str, list[Row[Any]]] = {conversation_id: [] for conversation_id in ids}
    for row in connection.execute(query):
        counts[row.conversation_id].append(row)
    return counts


def _last_turns(connection: Connection, ids: Sequence[str]) -> dict[str, RowMapping]:
    own = tables.turns.c
    last = (
        select(own.conversation_id, func.max(own.seq))
        .where(own.conversation_id.in_(ids))
        .group_by(own.conversation_id)
    )
    query = select(own.conversation_id, own.text, own.reply).where(
        tuple_(own.conversation_id, own.seq).in_(last)
    )
    return {row["conversation_id"]: row for row in connection.execute(query).mappings()}


def _summary(row: RowMapping, counts: Sequence[Row[Any]], last: RowMapping) -> ConversationSummary:
    return ConversationSummary(
        conversation=conversation_of(row),
        last_at=row["last_turn_at"],
        turns=sum(stage.turns for stage in counts),
        last_text=last["text"],
        last_reply=last["reply"],
        answered_by=tuple(stage.answered_by for stage in counts),
        up=sum(stage.up for stage in counts),
        down=sum(stage.down for stage in counts),
        handoff=any(stage.handoff for stage in counts),
    )


def conversation_of(row: RowMapping) -> Conversation:
    """Return the conversation in the columns `CONVERSATION`."""
    return Conversation(**{column.name: row[column] for column in CONVERSATION})


_RECORD_COLUMNS = (
    "turn_id",
    "conversation_id",
    "message_id",
    "text",
    "masked",
    "query",
    "locale",
    "release",
    "channel",
    "sender",
    "at",
    "ms",
)


def _logged_turn(row: Mapping[Any, Any]) -> LoggedTurn:
    own = {name: row[name] for name in _RECORD_COLUMNS}
    record = TurnRecord(**own, trace=trace_from_json(row["trace"], row["events"]))
    return LoggedTurn(record, _feedback(row))


def _feedback(row: Mapping[Any, Any]) -> Feedback | None:
    if row["feedback"] is None:
        return None
    reasons = tuple(row["feedback_reasons"] or ())
    return Feedback(row["feedback"], reasons, row["feedback_comment"] or "")
