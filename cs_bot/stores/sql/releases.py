"""Units of work over releases: publish, roll back, and what the index is built from."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, func, insert, literal, select, update

from cs_bot.errors import Conflict, NotFound
from cs_bot.stores import tables
from cs_bot.stores.codec import pair_from_json
from cs_bot.stores.protocols import Release
from cs_bot.stores.sql.drafts import Edit, diff
from cs_bot.types import QAPair

_pointer = tables.current_release.c


def publish(connection: Connection, note: str, edit: Edit) -> Release:
    """Freeze the drafts as a new, current release; raises `Conflict` when nothing changed."""
    current = _lock_pointer(connection)
    changes = diff(connection)
    if not (changes.added or changes.changed or changes.removed):
        raise Conflict(
            "nothing to publish: the drafts equal the current release",
            current=current and _release(connection, current),
        )
    number = _next_number(connection)
    row = {"number": number, "created_at": edit.at, "created_by": edit.by, "note": note}
    connection.execute(insert(tables.releases), {**row, "pairs": 0})
    _freeze(connection, number)
    _move_pointer(connection, number, edit)
    return _release(connection, number)


def roll_back(connection: Connection, release_id: str, edit: Edit) -> Release:
    """Make an earlier release current again; raises `NotFound`."""
    number = _number(release_id)
    current = _lock_pointer(connection)
    _release(connection, number)
    if current != number:
        _move_pointer(connection, number, edit)
    return _release(connection, number)


def all_releases(connection: Connection) -> tuple[Release, ...]:
    """Return all releases, newest first."""
    current = _current_number(connection)
    query = select(tables.releases).order_by(tables.releases.c.number.desc())
    return tuple(_as_release(row, current) for row in connection.execute(query).mappings())


def current_id(connection: Connection) -> str | None:
    """Return the id of the release that answers now."""
    number = _current_number(connection)
    return None if number is None else _id(number)


def pairs(connection: Connection, release_id: str) -> tuple[QAPair, ...]:
    """Return the pairs of a release by id; raises `NotFound`."""
    number = _number(release_id)
    _release(connection, number)
    member, revision = tables.release_pairs.c, tables.revisions.c
    query = select(revision.pair).join(tables.release_pairs).where(member.release == number)
    found = (pair_from_json(stored) for stored in connection.scalars(query))
    return tuple(sorted(found, key=lambda pair: pair.id))


def _freeze(connection: Connection, number: int) -> None:
    """Make every draft that is not archived a member, in one statement: a consistent view."""
    draft = tables.drafts.c
    members = select(literal(number), draft.pair_id, draft.digest).where(draft.archived.is_(False))
    connection.execute(
        insert(tables.release_pairs).from_select(["release", "pair_id", "digest"], members)
    )
    count = select(func.count()).where(tables.release_pairs.c.release == number).scalar_subquery()
    connection.execute(
        update(tables.releases).where(tables.releases.c.number == number).values(pairs=count)
    )


def _lock_pointer(connection: Connection) -> int | None:
    """Hold the pointer until the transaction ends: one publishes at a time."""
    query = select(_pointer.release).with_for_update()
    number: int | None = connection.execute(query).scalar_one()
    return number


def _current_number(connection: Connection) -> int | None:
    number: int | None = connection.execute(select(_pointer.release)).scalar_one()
    return number


def _next_number(connection: Connection) -> int:
    newest = connection.scalar(select(func.max(tables.releases.c.number)))
    return (newest or 0) + 1


def _move_pointer(connection: Connection, number: int, edit: Edit) -> None:
    connection.execute(
        update(tables.current_release).values(
            release=number, moves=_pointer.moves + 1, moved_at=edit.at, moved_by=edit.by
        )
    )


def _release(connection: Connection, number: int) -> Release:
    query = select(tables.releases).where(tables.releases.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("release", _id(number))
    return _as_release(row, _current_number(connection))


def _as_release(row: RowMapping, current: int | None) -> Release:
    own = {str(name): value for name, value in row.items() if name != "number"}
    return Release(id=_id(row["number"]), current=row["number"] == current, **own)


def _id(number: int) -> str:
    return f"r{number}"


def _number(release_id: str) -> int:
    digits = release_id.removeprefix("r")
    if not digits.isascii() or not digits.isdigit() or _id(int(digits)) != release_id:
        raise NotFound("release", release_id)
    return int(digits)
