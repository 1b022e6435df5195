"""Labelled questions on SQL, and the terms each release led to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from cs_bot.errors import NotFound
from cs_bot.stores import tables
from cs_bot.stores.columns import storable
from cs_bot.stores.protocols import Label, LabelCounts, LabelPage, LabelQuery
from cs_bot.stores.sql.database import Database, upsert

_label = tables.labels.c
_term = tables.release_terms.c


class SqlLabels:
    """`LabelStore` on a `Database`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def labels(self, query: LabelQuery) -> LabelPage:
        """Return one page of labels, newest first."""
        return await self._database.read(_page, query)

    async def all_labels(self) -> tuple[Label, ...]:
        """Return every label, oldest first."""
        return await self._database.read(_all)

    async def version(self) -> int:
        """Return a number that grows with every change."""
        return await self._database.read(_version)

    async def label(self, questions: Sequence[tuple[str, str | None]], *, by: str) -> LabelCounts:
        """Label questions, all or nothing; later labels replace."""
        return await self._database.write(_set_all, questions, by, self._clock())

    async def forget_label(self, label_id: str) -> None:
        """Remove a label; raises `NotFound`."""
        await self._database.write(_forget, label_id)

    async def terms(self, release_id: str, key: str) -> Mapping[str, Any] | None:
        """Return what was kept for a release under a key."""
        return await self._database.read(_terms, release_id, key)

    async def latest_terms(self, release_id: str) -> Mapping[str, Any] | None:
        """Return what was kept last for a release, under any key."""
        return await self._database.read(_terms, release_id, None)

    async def keep_terms(self, release_id: str, key: str, terms: Mapping[str, Any]) -> None:
        """Keep JSON values for a release under a key, in place of what was kept there."""
        await self._database.write(_keep_terms, release_id, key, terms, self._clock())

    async def last_questions(self, most: int) -> tuple[str, ...]:
        """Return the last different questions customers typed, newest first."""
        return await self._database.read(_last_questions, most)


def _page(connection: Connection, query: LabelQuery) -> LabelPage:
    found = _matching(query)
    total = connection.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = found.order_by(_label.number.desc())
    rows = connection.execute(newest.limit(query.size).offset((query.page - 1) * query.size))
    counts = select(func.count(), func.count(_label.pair_id))
    every, answerable = connection.execute(counts).one()
    items = tuple(_as_label(row) for row in rows.mappings())
    return LabelPage(items, total, answerable, every - answerable)


def _matching(query: LabelQuery) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if query.search:
        conditions.append(_label.search.contains(query.search.casefold(), autoescape=True))
    if query.pair_id is not None:
        conditions.append(_label.pair_id == query.pair_id)
    if query.answerable is not None:
        unknown = _label.pair_id.is_(None)
        conditions.append(~unknown if query.answerable else unknown)
    return select(tables.labels).where(*conditions)


def _all(connection: Connection) -> tuple[Label, ...]:
    rows = connection.execute(select(tables.labels).order_by(_label.number))
    return tuple(_as_label(row) for row in rows.mappings())


def _version(connection: Connection) -> int:
    version: int = connection.execute(select(tables.label_version.c.version)).scalar_one()
    return version


def _set_all(
    connection: Connection, questions: Sequence[tuple[str, str | None]], by: str, at: datetime
) -> LabelCounts:
    _bump(connection)  # first: it also keeps others out until this transaction ends
    wanted = {storable(question): pair_id for question, pair_id in questions}
    known = _known(connection, list(wanted))
    number = connection.scalar(select(func.max(_label.number))) or 0
    new = [question for question in wanted if question not in known]
    changed = [q for q, pair_id in wanted.items() if q in known and known[q] != pair_id]
    who = {"labelled_at": at, "labelled_by": by}
    rows = [
        {"number": number + place, "question": q, "search": q.casefold(), "pair_id": wanted[q]}
        for place, q in enumerate(new, 1)
    ]
    if rows:
        connection.execute(insert(tables.labels), [row | who for row in rows])
    for question in changed:
        row = update(tables.labels).where(_label.question == question)
        connection.execute(row.values(pair_id=wanted[question], **who))
    return LabelCounts(len(new), len(changed), len(wanted) - len(new) - len(changed))


_NO_QUESTION = ("task", "sensitive")
"""What these stages answered was a value, a job or worse."""
_AT_ONCE = 500
"""Questions asked for in one statement; SQLite takes no more than some thousand parameters."""


def _known(connection: Connection, questions: Sequence[str]) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for start in range(0, len(questions), _AT_ONCE):
        some = _label.question.in_(questions[start : start + _AT_ONCE])
        rows = connection.execute(select(_label.question, _label.pair_id).where(some))
        known |= dict(map(tuple, rows))
    return known


def _forget(connection: Connection, label_id: str) -> None:
    _bump(connection)
    gone = connection.execute(delete(tables.labels).where(_label.number == _number(label_id)))
    if not gone.rowcount:
        raise NotFound("label", label_id)


def _bump(connection: Connection) -> None:
    own = tables.label_version
    connection.execute(update(own).values(version=own.c.version + 1))


def _terms(connection: Connection, release_id: str, key: str | None) -> Mapping[str, Any] | None:
    query = select(_term.terms).where(_term.release == release_id)
    if key is not None:
        query = query.where(_term.key == key)
    newest = query.order_by(_term.made_at.desc()).limit(1)
    found: Mapping[str, Any] | None = connection.execute(newest).scalar_one_or_none()
    return found


def _keep_terms(
    connection: Connection, release_id: str, key: str, terms: Mapping[str, Any], at: datetime
) -> None:
    values = {"made_at": at, "terms": dict(terms)}
    row = upsert(connection, tables.release_terms).values(release=release_id, key=key, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["release", "key"], set_=values))


def _last_questions(connection: Connection, most: int) -> tuple[str, ...]:
    turn, said = tables.turns.c, tables.inbound.c
    same = and_(said.conversation_id == turn.conversation_id, said.message_id == turn.message_id)
    asks = turn.answered_by.not_in(_NO_QUESTION)
    query = (
        select(turn.query)
        .join_from(tables.turns, tables.inbound, same)
        .where(asks, turn.masked.is_(False), turn.query != "", said.payload.is_(None))
        .group_by(turn.query)
        .order_by(func.max(turn.at).desc(), turn.query)
        .limit(most)
    )
    return tuple(connection.scalars(query))


def _as_label(row: RowMapping) -> Label:
    own = {name: row[name] for name in ("question", "pair_id", "labelled_at", "labelled_by")}
    return Label(id=f"l{row['number']}", **own)


def _number(label_id: str) -> int:
    digits = label_id.removeprefix("l")
    if not digits.isascii() or not digits.isdigit() or label_id != f"l{int(digits)}":
        raise NotFound("label", label_id)
    return int(digits)
