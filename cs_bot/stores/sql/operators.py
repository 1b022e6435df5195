"""Operators, their sessions and the set-up token on SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError

from cs_bot.errors import Conflict
from cs_bot.stores import tables
from cs_bot.stores.folding import folded
from cs_bot.stores.protocols import Operator
from cs_bot.stores.sql.database import Database, upsert

_OPERATOR = [tables.operators.c[name] for name in ("id", "name", "role", "password_hash")]


class SqlOperators:
    """`OperatorStore` on a `Database`."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], ids: Callable[[str], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def has_operators(self) -> bool:
        """Tell whether anybody has been set up."""
        return await self._database.read(_has_operators)

    async def create_operator(self, name: str, password_hash: str, role: str) -> Operator:
        """Store an operator; raises `Conflict` when the name is taken (case folded)."""
        new = Operator(self._ids("op"), name, role, password_hash)
        try:
            return await self._database.write(_create_operator, new, self._clock())
        except IntegrityError:
            raise Conflict(f"there is already an operator {name!r}") from None

    async def operator_by_name(self, name: str) -> Operator | None:
        """Return the operator of that name (case folded)."""
        return await self._database.read(_operator_by_name, name)

    async def open_session(self, token_hash: str, operator_id: str, expires_at: datetime) -> None:
        """Remember a console session; sessions that have expired leave."""
        await self._database.write(
            _open_session, token_hash, operator_id, expires_at, self._clock()
        )

    async def session_operator(self, token_hash: str, *, now: datetime) -> Operator | None:
        """Return whose session this is, None when unknown or expired."""
        return await self._database.read(_session_operator, token_hash, now)

    async def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        await self._database.write(_close_session, token_hash)

    async def offer_setup(self, token_hash: str, expires_at: datetime) -> None:
        """Replace the one-time set-up token."""
        await self._database.write(_offer_setup, token_hash, expires_at)

    async def take_setup(self, token_hash: str, *, now: datetime) -> bool:
        """Use up the set-up token; False when it is not this one, used, or expired."""
        return await self._database.write(_take_setup, token_hash, now)


def _has_operators(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists(select(tables.operators.c.id)))))


def _create_operator(connection: Connection, new: Operator, at: datetime) -> Operator:
    connection.execute(
        insert(tables.operators),
        {
            "id": new.id,
            "name": new.name,
            "folded_name": folded(new.name),
            "role": new.role,
            "password_hash": new.password_hash,
            "created_at": at,
        },
    )
    return new


def _operator_by_name(connection: Connection, name: str) -> Operator | None:
    query = select(*_OPERATOR).where(tables.operators.c.folded_name == folded(name))
    row = connection.execute(query).mappings().first()
    return Operator(**row) if row else None


def _open_session(
    connection: Connection, token_hash: str, operator_id: str, expires_at: datetime, now: datetime
) -> None:
    connection.execute(delete(tables.sessions).where(tables.sessions.c.expires_at <= now))
    connection.execute(
        insert(tables.sessions),
        {"token_hash": token_hash, "operator_id": operator_id, "expires_at": expires_at},
    )


def _session_operator(connection: Connection, token_hash: str, now: datetime) -> Operator | None:
    own = tables.sessions.c
    query = (
        select(*_OPERATOR)
        .join(tables.sessions)
        .where(own.token_hash == token_hash, own.expires_at > now)
    )
    row = connection.execute(query).mappings().first()
    return Operator(**row) if row else None


def _close_session(connection: Connection, token_hash: str) -> None:
    connection.execute(delete(tables.sessions).where(tables.sessions.c.token_hash == token_hash))


def _offer_setup(connection: Connection, token_hash: str, expires_at: datetime) -> None:
    offered = {"token_hash": token_hash, "expires_at": expires_at}
    new = upsert(connection, tables.setup_token).values(id=1, **offered)
    connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=offered))


def _take_setup(connection: Connection, token_hash: str, now: datetime) -> bool:
    own = tables.setup_token.c
    taken = delete(tables.setup_token).where(own.token_hash == token_hash, own.expires_at > now)
    return connection.execute(taken).rowcount == 1
