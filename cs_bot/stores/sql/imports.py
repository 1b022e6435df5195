"""Units of work over imports: many drafts at once, and all of them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
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
    or_,
    select,
    text,
    update,
)

from cs_bot.errors import BadInput, Conflict
from cs_bot.stores import tables
from cs_bot.stores.codec import digest, pair_as_json
from cs_bot.stores.protocols import Import, ImportCounts
from cs_bot.stores.sql.drafts import Edit, draft_row, store_drafts, store_revisions
from cs_bot.stores.sql.stands import BATCH, Mark, Standing, standing
from cs_bot.types import QAPair

_MOST_NAMED = 10
_LOCK = 0x696D706F7274  # "import": any number that other users of the server do not lock

_imports = tables.imports.c
_imported = tables.imported_pairs.c
_draft = tables.drafts.c
_released = select(tables.release_pairs.c.pair_id)


def import_all(
    connection: Connection,
    pairs: Sequence[QAPair],
    file: str | None,
    mark: str | None,
    edit: Edit,
    progress: Callable[[int], None],
) -> ImportCounts:
    """Add or replace drafts by id; a pair that was archived comes back."""
    ordered = sorted(pairs, key=lambda pair: pair.id)
    _refuse_doubles(ordered)
    _one_at_a_time(connection)
    if mark is not None:
        _hold_drafts(connection)
    number = None if file is None else _begin(connection, file, edit)
    added = changed = 0
    found = Mark()
    for start in range(0, len(ordered), BATCH):
        batch = [pair_as_json(pair) for pair in ordered[start : start + BATCH]]
        known = standing(connection, [stored["id"] for stored in batch], lock=True)
        found.add(known)
        fresh = _import_batch(connection, batch, known, number, edit)
        new = sum(before is None for before in fresh.values())
        added, changed = added + new, changed + len(fresh) - new
        progress(start + len(batch))
    if mark is not None and found.text() != mark:
        raise Conflict("drafts that this would replace were changed meanwhile")
    counts = ImportCounts(added, changed, len(pairs) - added - changed)
    if number is not None:
        _finish(connection, number, counts)
    return counts


def all_imports(connection: Connection) -> tuple[Import, ...]:
    """Return all imports that can be undone or were, newest first."""
    query = select(tables.imports).order_by(_imports.number.desc())
    return tuple(_as_import(row) for row in connection.execute(query).mappings())


def undo(connection: Connection, import_id: str | None, edit: Edit) -> Import:
    """Put the drafts back to what they were before the last import; raises `Conflict`."""
    _one_at_a_time(connection)
    query = select(func.max(_imports.number)).where(_imports.undone_at.is_(None))
    number = connection.scalar(query)
    if number is None:
        raise Conflict("there is no import to undo")
    if import_id not in {None, f"i{number}"}:
        raise Conflict(f"the last import is i{number}, not {import_id}; undo that one first")
    _refuse_edited(connection, number)
    _take_back_added(connection, number, edit)
    _put_back_changed(connection, number, edit)
    connection.execute(
        update(tables.imports)
        .where(_imports.number == number)
        .values(undone_at=edit.at, undone_by=edit.by)
    )
    return _import(connection, number)


def _one_at_a_time(connection: Connection) -> None:
    """Hold back other imports until the transaction ends: each must know what it replaces."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _hold_drafts(connection: Connection) -> None:
    """Let nobody else write drafts until the transaction ends: one made meanwhile has no row yet.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE drafts IN SHARE ROW EXCLUSIVE MODE"))


def _refuse_doubles(ordered: Sequence[QAPair]) -> None:
    for one, next_one in pairwise(ordered):
        if one.id == next_one.id:
            raise BadInput(
                f"the id {one.id!r} stands twice",
                where="import",
                remedy="give each pair its own id",
            )


def _begin(connection: Connection, file: str, edit: Edit) -> int:
    number = (connection.scalar(select(func.max(_imports.number))) or 0) + 1
    row = {"number": number, "file": file, "imported_at": edit.at, "imported_by": edit.by}
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    connection.execute(insert(tables.imports), {**row, **counts})
    return number


def _finish(connection: Connection, number: int, counts: ImportCounts) -> None:
    """Write down what the import did; one that did nothing is none to undo."""
    own = _imports.number == number
    if not counts.added and not counts.changed:
        connection.execute(delete(tables.imports).where(own))
        return
    connection.execute(
        update(tables.imports)
        .where(own)
        .values(added=counts.added, changed=counts.changed, unchanged=counts.unchanged)
    )


def _import_batch(
    connection: Connection,
    batch: Sequence[Mapping[str, Any]],
    known: Mapping[str, Standing],
    number: int | None,
    edit: Edit,
) -> dict[str, Standing | None]:
    """Store what is new in a batch, and return what was there before it, by id."""
    fresh = [
        stored for stored in batch if known.get(stored["id"]) != Standing(digest(stored), False)
    ]
    store_revisions(connection, fresh, edit)
    rows = [draft_row(stored, edit) for stored in fresh]
    store_drafts(connection, rows)
    before = {row["pair_id"]: known.get(row["pair_id"]) for row in rows}
    if number is not None and rows:
        records = [_record(number, row, before[row["pair_id"]]) for row in rows]
        connection.execute(insert(tables.imported_pairs), records)
    return before


def _record(number: int, row: Mapping[str, Any], before: Standing | None) -> dict[str, Any]:
    return {
        "import_number": number,
        "pair_id": row["pair_id"],
        "digest": row["digest"],
        "previous_digest": before and before.digest,
        "was_archived": before is not None and before.archived,
    }


def _refuse_edited(connection: Connection, number: int) -> None:
    edited = or_(_draft.pair_id.is_(None), _draft.archived, _draft.digest != _imported.digest)
    query = (
        select(_imported.pair_id, _draft.updated_by)
        .select_from(
            tables.imported_pairs.outerjoin(tables.drafts, _draft.pair_id == _imported.pair_id)
        )
        .where(_imported.import_number == number, edited)
        .order_by(_imported.pair_id)
    )
    found = connection.execute(query).all()
    if found:
        raise Conflict(_edited_sentence(_import(connection, number), [(*row,) for row in found]))


def _edited_sentence(last: Import, found: Sequence[tuple[str, str | None]]) -> str:
    names = [f"{pair_id!r}" + (f" by {who}" if who else "") for pair_id, who in found]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        f"import {last.id} of {last.file} cannot be undone: pairs of it were edited since: "
        f"{', '.join(names[:_MOST_NAMED])}{more}; correct or archive its pairs one by one instead"
    )


def _take_back_added(connection: Connection, number: int, edit: Edit) -> None:
    """Remove the drafts that were not there; what a release holds is archived instead.

    Without its draft nobody could take it out of the next release.
    """
    added = _pairs_of(number, _imported.previous_digest.is_(None))
    connection.execute(
        delete(tables.drafts).where(_draft.pair_id.in_(added), _draft.pair_id.not_in(_released))
    )
    connection.execute(
        update(tables.drafts)
        .where(_draft.pair_id.in_(added))
        .values(archived=True, version=_draft.version + 1, updated_at=edit.at, updated_by=edit.by)
    )


def _put_back_changed(connection: Connection, number: int, edit: Edit) -> None:
    previous = and_(
        tables.revisions.c.pair_id == _imported.pair_id,
        tables.revisions.c.digest == _imported.previous_digest,
    )
    query = (
        select(tables.revisions.c.pair, _imported.was_archived)
        .join(tables.imported_pairs, previous)
        .where(_imported.import_number == number)
        .order_by(_imported.pair_id)
    )
    found = connection.execute(query).all()
    for start in range(0, len(found), BATCH):
        rows = [
            {**draft_row(stored, edit), "archived": archived}
            for stored, archived in found[start : start + BATCH]
        ]
        store_drafts(connection, rows)


def _pairs_of(number: int, condition: ColumnElement[bool]) -> Select[Any]:
    return select(_imported.pair_id).where(_imported.import_number == number, condition)


def _import(connection: Connection, number: int) -> Import:
    query = select(tables.imports).where(_imports.number == number)
    return _as_import(connection.execute(query).mappings().one())


def _as_import(row: RowMapping) -> Import:
    own = {str(name): value for name, value in row.items() if name != "number"}
    return Import(id=f"i{row['number']}", **own)
