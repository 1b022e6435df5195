"""Units of work over draft pairs: what operators list, edit and archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    update,
)

from cs_bot.blocks import plain_text
from cs_bot.errors import Conflict, NotFound
from cs_bot.stores import tables
from cs_bot.stores.codec import digest, pair_as_json, pair_from_json
from cs_bot.stores.folding import ESCAPE, containing, searchable
from cs_bot.stores.protocols import (
    DraftDiff,
    DraftPair,
    PairPage,
    PairQuery,
)
from cs_bot.stores.sql.database import upsert
from cs_bot.types import QAPair

_draft = tables.drafts.c
_published = tables.release_pairs.c
_revision = and_(
    tables.revisions.c.pair_id == _draft.pair_id, tables.revisions.c.digest == _draft.digest
)
_status = case(
    (_draft.archived, "archived"),
    (_published.digest.is_(None), "draft"),
    (_published.digest != _draft.digest, "changed"),
    else_="published",
)
_pending = or_(
    and_(_draft.archived, _published.digest.is_not(None)),
    and_(_draft.archived.is_(False), _draft.digest.is_distinct_from(_published.digest)),
)
_current = select(tables.current_release.c.release).scalar_subquery()
_against_release = tables.drafts.join(tables.revisions, _revision).outerjoin(
    tables.release_pairs,
    and_(_published.pair_id == _draft.pair_id, _published.release == _current),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits, and when."""

    by: str
    at: datetime


def page(connection: Connection, query: PairQuery) -> PairPage:
    """Return one page of drafts, last edited first."""
    conditions = _conditions(query)
    wanted = (
        _select_drafts()
        .where(*conditions)
        .order_by(_draft.updated_at.desc(), _draft.pair_id)
        .limit(query.size)
        .offset((query.page - 1) * query.size)
    )
    return PairPage(
        items=tuple(_draft_pair(row) for row in connection.execute(wanted).mappings()),
        total=_count(connection, *conditions),
        categories=_categories(connection),
        pending=_count(connection, _pending),
    )


def draft(connection: Connection, pair_id: str) -> DraftPair:
    """Return one draft; raises `NotFound`."""
    row = connection.execute(_select_drafts().where(_draft.pair_id == pair_id)).mappings().first()
    if row is None:
        raise NotFound("QA pair", pair_id)
    return _draft_pair(row)


def kept_pairs(connection: Connection) -> tuple[QAPair, ...]:
    """Return every draft that is not archived, by id."""
    query = (
        select(tables.revisions.c.pair)
        .join(tables.drafts, _revision)
        .where(_draft.archived.is_(False))
    )
    pairs = (pair_from_json(stored) for stored in connection.scalars(query))
    return tuple(sorted(pairs, key=lambda pair: pair.id))


def diff(connection: Connection) -> DraftDiff:
    """Return what publishing now would change, each part by id."""
    query = (
        select(_draft.pair_id, tables.revisions.c.question, _status)
        .select_from(_against_release)
        .where(_pending)
    )
    changes: dict[str, list[tuple[str, str]]] = {"draft": [], "changed": [], "archived": []}
    for pair_id, question, status in connection.execute(query):
        changes[status].append((pair_id, question))
    added, changed, removed = (tuple(sorted(part)) for part in changes.values())
    return DraftDiff(added, changed, removed)


def version(connection: Connection) -> str:
    """Return text that changes with every edit: versions grow, who is removed is missed."""
    query = select(func.count(), func.sum(_draft.version), func.max(_draft.updated_at))
    return " ".join(map(str, connection.execute(query).one()))


def create(connection: Connection, pair: QAPair, edit: Edit) -> DraftPair:
    """Store a new draft; raises `Conflict` when the id is taken."""
    stored = pair_as_json(pair)
    store_revisions(connection, [stored], edit)
    new = upsert(connection, tables.drafts).values(version=1, **draft_row(stored, edit))
    if connection.execute(new.on_conflict_do_nothing()).rowcount == 0:
        raise Conflict(
            f"there is already a QA pair {pair.id!r}", current=draft(connection, pair.id)
        )
    return draft(connection, pair.id)


def replace(connection: Connection, pair: QAPair, version: int, edit: Edit) -> DraftPair:
    """Replace a draft that is still at `version`; raises `Conflict` with the current one."""
    stored = pair_as_json(pair)
    store_revisions(connection, [stored], edit)
    changed = connection.execute(
        update(tables.drafts)
        .where(_draft.pair_id == pair.id, _draft.version == version)
        .values(version=version + 1, **draft_row(stored, edit))
    )
    current = draft(connection, pair.id)
    if changed.rowcount == 0:
        raise Conflict(
            f"QA pair {pair.id!r} was changed by {current.updated_by} meanwhile", current=current
        )
    return current


def set_archived(connection: Connection, pair_id: str, archived: bool, edit: Edit) -> DraftPair:
    """Take a draft out of the next release or put it back; raises `NotFound`."""
    connection.execute(
        update(tables.drafts)
        .where(_draft.pair_id == pair_id, _draft.archived.is_not(archived))
        .values(
            archived=archived,
            version=_draft.version + 1,
            updated_at=edit.at,
            updated_by=edit.by,
        )
    )
    return draft(connection, pair_id)


def _conditions(query: PairQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        _draft.archived.is_(False) if query.status is None else _status == query.status
    ]
    if query.search.strip():
        conditions.append(_draft.search.like(containing(query.search), escape=ESCAPE))
    if query.category is not None:
        conditions.append(_draft.category == query.category)
    return conditions


def _select_drafts() -> Select[Any]:
    return select(
        tables.revisions.c.pair,
        _status.label("status"),
        _draft.version,
        _draft.updated_at,
        _draft.updated_by,
    ).select_from(_against_release)


def _draft_pair(row: RowMapping) -> DraftPair:
    return DraftPair(**{**row, "pair": pair_from_json(row["pair"])})


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(_against_release).where(*conditions)
    return int(connection.execute(query).scalar_one())


def _categories(connection: Connection) -> tuple[tuple[str, int], ...]:
    query = (
        select(_draft.category, func.count())
        .where(_draft.archived.is_(False))
        .group_by(_draft.category)
    )
    return tuple(sorted((category, count) for category, count in connection.execute(query)))


def store_revisions(connection: Connection, pairs: Sequence[Mapping[str, Any]], edit: Edit) -> None:
    """Store what the pairs say, where it was never stored before."""
    rows = [
        {
            "pair_id": stored["id"],
            "digest": digest(stored),
            "question": stored["question"],
            "pair": stored,
            "created_at": edit.at,
            "created_by": edit.by,
        }
        for stored in pairs
    ]
    if rows:
        connection.execute(upsert(connection, tables.revisions).on_conflict_do_nothing(), rows)


def store_drafts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add these drafts or put them in the place of those with their ids."""
    if rows:
        new = upsert(connection, tables.drafts)
        replaced = {name: new.excluded[name] for name in rows[0]} | {"version": _draft.version + 1}
        added = [{"version": 1, **row} for row in rows]
        connection.execute(
            new.on_conflict_do_update(index_elements=["pair_id"], set_=replaced), added
        )


def draft_row(stored: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """Return the row of a draft that is not archived, less its version."""
    pair = pair_from_json(stored)
    answers = (pair.answer, *(wording.answer for wording in pair.translations.values()))
    further = (words for one in pair.answers for words in (one.text, plain_text(one.blocks)))
    return {
        "pair_id": pair.id,
        "digest": digest(stored),
        "category": pair.category,
        "search": searchable([pair.id, *pair.questions(), *answers, *further]),
        "archived": False,
        "updated_at": edit.at,
        "updated_by": edit.by,
    }
