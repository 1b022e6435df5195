"""Units of work that add events to a conversation between turns, and read all that happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from cs_bot.events import Event
from cs_bot.stores import tables
from cs_bot.stores.codec import events_as_json, events_from_json
from cs_bot.stores.entries import shown_entries
from cs_bot.stores.protocols import Addition, History, Shown
from cs_bot.stores.sql.console import placed_turns
from cs_bot.stores.sql.log import move_top, store_entries

_addition = tables.additions.c
LATEST = (
    select(func.max(_addition.number))
    .where(_addition.conversation_id == bindparam("id"))
    .scalar_subquery()
)
"""The number of a conversation's latest addition, None where it has none."""
_AFTER = (
    select(_addition.number, _addition.seq, _addition.events, _addition.told, _addition.at)
    .where(_addition.conversation_id == bindparam("id"), _addition.number > bindparam("number"))
    .order_by(_addition.number)
)


def add(
    connection: Connection,
    conversation_id: str,
    events: Sequence[Event],
    told: Sequence[Mapping[str, Any]],
    shown: Shown | None,
    at: datetime,
) -> Addition:
    """Store events behind everything that has happened so far; raises `NotFound`."""
    places = 0 if shown is None else len(shown.messages)
    seq = move_top(connection, conversation_id, places)
    if shown is not None:
        store_entries(connection, conversation_id, shown_entries(shown, seq - places, at))
    number = (connection.scalar(select(LATEST), {"id": conversation_id}) or 0) + 1
    row = {
        "conversation_id": conversation_id,
        "number": number,
        "seq": seq,
        "events": events_as_json(events),
        "told": [dict(event) for event in told],
        "at": at,
    }
    connection.execute(insert(tables.additions), row)
    return Addition(number, seq, tuple(events), tuple(told), at)


def additions_after(
    connection: Connection, conversation_id: str, number: int
) -> tuple[Addition, ...]:
    """Return the additions with a greater number, oldest first."""
    rows = connection.execute(_AFTER, {"id": conversation_id, "number": number})
    return tuple(
        Addition(row.number, row.seq, events_from_json(row.events), tuple(row.told), row.at)
        for row in rows
    )


def history(connection: Connection, conversation_id: str) -> History:
    """Return everything that happened in a conversation."""
    return History(
        placed_turns(connection, conversation_id), additions_after(connection, conversation_id, 0)
    )
