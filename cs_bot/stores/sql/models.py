"""Versions of the task model on SQL: one row each, and one row that says which answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from cs_bot.errors import Conflict, NotFound
from cs_bot.stores import tables
from cs_bot.stores.codec import weights_digest
from cs_bot.stores.protocols import ActiveModel, StoredModel, Trained
from cs_bot.stores.sql.database import Database

_model = tables.models.c
_pointer = tables.active_model.c
_SHORT = [column for column in _model if column.name not in ("weights", "judged")]
"""What a list shows: neither weights nor single judgements."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Who did something, and when."""

    by: str
    at: datetime


class SqlModels:
    """`ModelStore` on a `Database`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def models(self) -> tuple[StoredModel, ...]:
        """Return all versions, newest first."""
        return await self._database.read(_all)

    async def model(self, model_id: str) -> StoredModel:
        """Return one version; raises `NotFound`."""
        return await self._database.read(_one, _number(model_id))

    async def weights(self, model_id: str) -> bytes:
        """Return the weights as they lie in the store; raises `NotFound`."""
        return bytes(await self._database.read(_column, model_id, "weights"))

    async def judged(self, model_id: str) -> Mapping[str, Any]:
        """Return what its scores count; raises `NotFound`."""
        found: Mapping[str, Any] = await self._database.read(_column, model_id, "judged")
        return found

    async def active(self) -> ActiveModel | None:
        """Return which version answers now."""
        return await self._database.read(_active)

    async def with_key(self, key: str) -> StoredModel | None:
        """Return the newest version that was trained on this."""
        return await self._database.read(_with_key, key)

    async def keep(self, trained: Trained, weights: bytes, *, by: str) -> StoredModel:
        """Store a version, all of it or nothing, and leave the active one active."""
        return await self._database.write(_keep, trained, weights, self._who(by))

    async def score(
        self, model_id: str, scores: Mapping[str, Any], judged: Mapping[str, Any]
    ) -> StoredModel:
        """Keep what a version came to in its evaluation; raises `NotFound`."""
        return await self._database.write(_score, model_id, dict(scores), dict(judged))

    async def activate(self, model_id: str, *, instead_of: str | None, by: str) -> StoredModel:
        """Let a version answer instead of another one; raises `NotFound` or `Conflict`."""
        return await self._database.write(_activate, model_id, instead_of, self._who(by))

    async def roll_back(self, model_id: str, *, held_for: str, by: str) -> StoredModel:
        """Let a version answer for files with this digest; raises `NotFound`."""
        return await self._database.write(_roll_back, model_id, held_for, self._who(by))

    async def prune(self, *, keep: int) -> tuple[str, ...]:
        """Remove all but the newest versions and the active one."""
        return await self._database.write(_prune, keep)

    def _who(self, by: str) -> _Who:
        return _Who(by, self._clock())


def _all(connection: Connection) -> tuple[StoredModel, ...]:
    active = connection.scalar(select(_pointer.model))
    rows = connection.execute(select(*_SHORT).order_by(_model.number.desc())).mappings()
    return tuple(_as_model(row, active) for row in rows)


def _one(connection: Connection, number: int) -> StoredModel:
    row = connection.execute(select(*_SHORT).where(_model.number == number)).mappings().first()
    if row is None:
        raise NotFound("model", _id(number))
    return _as_model(row, connection.scalar(select(_pointer.model)))


def _column(connection: Connection, model_id: str, name: str) -> Any:
    number = _number(model_id)
    row = connection.execute(select(_model[name]).where(_model.number == number)).first()
    if row is None:
        raise NotFound("model", model_id)
    return row[0]


def _active(connection: Connection) -> ActiveModel | None:
    row = connection.execute(select(_pointer.model, _pointer.moves, _pointer.held_for)).one()
    return None if row.model is None else ActiveModel(_id(row.model), row.moves, row.held_for)


def _with_key(connection: Connection, key: str) -> StoredModel | None:
    newest = select(func.max(_model.number)).where(_model.key == key)
    number = connection.scalar(newest)
    return None if number is None else _one(connection, number)


def _keep(connection: Connection, trained: Trained, weights: bytes, who: _Who) -> StoredModel:
    _lock_pointer(connection)
    same = _same(connection, trained.key, weights)
    if same is not None:
        return _one(connection, same)
    newest = connection.scalar(select(_pointer.newest)) or 0
    row = {
        "number": newest + 1,
        "key": trained.key,
        "files": trained.files,
        "digest": weights_digest(weights),
        "size": len(weights),
        "trained_at": who.at,
        "trained_by": who.by,
        "about": dict(trained.about),
        "scores": dict(trained.scores),
        "judged": dict(trained.judged),
        "weights": weights,
    }
    connection.execute(insert(tables.models), row)
    connection.execute(update(tables.active_model).values(newest=newest + 1))
    return _one(connection, newest + 1)


def _same(connection: Connection, key: str, weights: bytes) -> int | None:
    """Return the newest version under a key that has these weights, and has them whole."""
    query = (
        select(_model.number, _model.weights)
        .where(_model.key == key, _model.digest == weights_digest(weights))
        .order_by(_model.number.desc())
    )
    rows = connection.execute(query)
    return next((row.number for row in rows if bytes(row.weights) == weights), None)


def _score(
    connection: Connection, model_id: str, scores: dict[str, Any], judged: dict[str, Any]
) -> StoredModel:
    number = _number(model_id)
    row = update(tables.models).where(_model.number == number)
    connection.execute(row.values(scores=scores, judged=judged))
    return _one(connection, number)


def _activate(
    connection: Connection, model_id: str, instead_of: str | None, who: _Who
) -> StoredModel:
    number, current = _number(model_id), _lock_pointer(connection)
    _one(connection, number)
    if (None if current is None else _id(current)) != instead_of:
        assert current is not None  # noqa: S101 - what answers may change, but never vanish
        answers = _one(connection, current)
        raise Conflict(f"the model {answers.id} answers by now", current=answers)
    _move_pointer(connection, number, None, who)
    return _one(connection, number)


def _roll_back(connection: Connection, model_id: str, held_for: str, who: _Who) -> StoredModel:
    number = _number(model_id)
    _lock_pointer(connection)
    _one(connection, number)
    _move_pointer(connection, number, held_for, who)
    return _one(connection, number)


def _prune(connection: Connection, keep: int) -> tuple[str, ...]:
    active = _lock_pointer(connection)
    numbers = list(connection.scalars(select(_model.number).order_by(_model.number.desc())))
    gone = [number for number in numbers[keep:] if number != active]
    connection.execute(delete(tables.models).where(_model.number.in_(gone)))
    return tuple(map(_id, gone))


def _lock_pointer(connection: Connection) -> int | None:
    """Hold the pointer until the transaction ends: one stores or activates at a time."""
    number: int | None = connection.execute(select(_pointer.model).with_for_update()).scalar_one()
    return number


def _move_pointer(connection: Connection, number: int, held_for: str | None, who: _Who) -> None:
    moved = {"moves": _pointer.moves + 1, "moved_at": who.at, "moved_by": who.by}
    row = update(tables.active_model).values(model=number, held_for=held_for, **moved)
    connection.execute(row)


def _as_model(row: RowMapping, active: int | None) -> StoredModel:
    own = {str(name): value for name, value in row.items() if name != "number"}
    return StoredModel(id=_id(row["number"]), active=row["number"] == active, **own)


def _id(number: int) -> str:
    return f"m{number}"


def _number(model_id: str) -> int:
    digits = model_id.removeprefix("m")
    if not digits.isascii() or not digits.isdigit() or _id(int(digits)) != model_id:
        raise NotFound("model", model_id)
    return int(digits)
