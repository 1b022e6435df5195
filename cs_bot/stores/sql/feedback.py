"""Customers' votes on SQL: read from the choices and thumbs that the log holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, null, select

from cs_bot.events import Suggested
from cs_bot.stores import tables
from cs_bot.stores.codec import events_from_json
from cs_bot.stores.columns import storable
from cs_bot.stores.entries import message_id
from cs_bot.stores.protocols import MOST_VOTES, Forgetting, Vote
from cs_bot.stores.sql.database import Database, upsert

_LIST, _DIRECT = "suggest", ("cache", "kbqa")
"""The stages whose replies are voted on: by a choice, by a thumb."""
_WRONG_PAIR = frozenset(("wrong", "not_my_question"))
"""Reasons that blame the choice of the answer; others blame its words or its age."""

_turn, _said, _update = tables.turns.c, tables.inbound.c, tables.entries.c
_WHO = (tables.conversations.c.channel, tables.conversations.c.user_id)


class SqlFeedback:
    """`FeedbackStore` on a `Database`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def votes(self, *, since: datetime, most: int = MOST_VOTES) -> tuple[Vote, ...]:
        """Return what was voted at this time or later, oldest first; of too many the newest."""
        return await self._database.read(_votes, since, most)

    async def forget(self, pair_id: str, *, by: str) -> Forgetting:
        """Write down that the votes on a pair until now count no longer; the log stays."""
        forgetting = Forgetting(storable(pair_id), self._clock(), by)
        await self._database.write(_forget, forgetting)
        return forgetting

    async def forgettings(self) -> tuple[Forgetting, ...]:
        """Return all of them, oldest first."""
        return await self._database.read(_forgettings)


def _votes(connection: Connection, since: datetime, most: int) -> tuple[Vote, ...]:
    found = [*_choices(connection, since, most), *_thumbs(connection, since, most)]
    found.sort(key=lambda vote: (vote.at, vote.id))
    return tuple(found[max(0, len(found) - most) :])


def _choices(connection: Connection, since: datetime, most: int) -> Iterator[Vote]:
    """Yield the votes of choices, each with the last list before it."""
    closed = and_(
        _update.conversation_id == _said.conversation_id,
        _update.seq == _said.first_seq,
        _update.type == "message.update",
    )
    query = (
        select(
            *_WHO,
            *(_said.conversation_id, _said.message_id, _said.payload, _said.at),
            *(_turn.seq, _turn.query, _turn.events, _update.message_id.label("closed")),
        )
        .join(tables.conversations, tables.conversations.c.id == _said.conversation_id)
        .join(
            tables.turns,
            and_(_turn.conversation_id == _said.conversation_id, _turn.seq == _last_list()),
        )
        .join(tables.entries, closed, isouter=True)
        .where(_said.payload.is_not(null()), _said.at >= since, _turn.query != "")
        .order_by(_said.at.desc())
        .limit(most)
    )
    for row in connection.execute(query).mappings():
        if "picked" in row["payload"] and row["closed"] in (None, message_id(row["seq"])):
            yield from _choice(row)


def _last_list() -> ColumnElement[int]:
    """Return the place of the last list before a choice."""
    earlier = tables.turns.alias()
    return (
        select(func.max(earlier.c.seq))
        .where(
            earlier.c.conversation_id == _said.conversation_id,
            earlier.c.seq < _said.seq,
            earlier.c.answered_by == _LIST,
        )
        .scalar_subquery()
    )


def _choice(row: RowMapping) -> Iterator[Vote]:
    events = events_from_json(row["events"])
    lines = next((event.pair_ids for event in events if isinstance(event, Suggested)), ())
    picked = row["payload"]["picked"]
    identity = f"{row['conversation_id']} {row['message_id']}"
    if picked is None and lines:
        yield Vote(identity, _voter(row), row["query"], lines, -1, row["at"])
    elif picked in lines:
        yield Vote(identity, _voter(row), row["query"], (picked,), 1, row["at"])


def _thumbs(connection: Connection, since: datetime, most: int) -> Iterator[Vote]:
    """Yield the votes of thumbs, taken back ones too: a reader may know them as given."""
    query = (
        select(
            *_WHO,
            *(_turn.turn_id, _turn.query, _turn.trace, _turn.rated_at),
            *(_turn.feedback, _turn.feedback_reasons),
        )
        .join(tables.conversations, tables.conversations.c.id == _turn.conversation_id)
        .where(_turn.rated_at >= since, _turn.answered_by.in_(_DIRECT), _turn.query != "")
        .order_by(_turn.rated_at.desc())
        .limit(most)
    )
    for row in connection.execute(query).mappings():
        reply = row["trace"]["reply"]
        if reply["ref"] is not None and reply["detail"].get("via") != "picked":
            value = _value(row["feedback"] or 0, row["feedback_reasons"] or ())
            pairs = (reply["ref"],)
            yield Vote(row["turn_id"], _voter(row), row["query"], pairs, value, row["rated_at"])


def _value(value: int, reasons: list[str] | tuple[()]) -> int:
    """Return what a thumb says of the choice of the answer, 0 where it blames its words."""
    return 0 if reasons and not _WRONG_PAIR & {*reasons} else value


def _voter(row: RowMapping) -> str:
    return f"{row['channel']} {row['user_id']}"


def _forget(connection: Connection, forgetting: Forgetting) -> None:
    row = {"pair_id": forgetting.pair_id, "at": forgetting.at, "by": forgetting.by}
    insert = upsert(connection, tables.forgettings).values(row)
    connection.execute(insert.on_conflict_do_nothing())


def _forgettings(connection: Connection) -> tuple[Forgetting, ...]:
    own = tables.forgettings.c
    query = select(tables.forgettings).order_by(own.at, own.pair_id)
    return tuple(Forgetting(**row) for row in connection.execute(query).mappings())
