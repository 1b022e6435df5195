"""Runs units of work, plain functions of a SQLAlchemy `Connection`, in some database.

Knows no table and no particular database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
P = ParamSpec("P")

Work = Callable[Concatenate[Connection, P], T]


class Database(Protocol):
    """Where units of work run; `place` names it in messages, without a password."""

    place: str

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that changes nothing."""
        ...

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work in one transaction: all of it or, when it raises, nothing."""
        ...

    async def close(self) -> None:
        """Finish what runs and let all connections go."""
        ...


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say `on_conflict_...`, in the words of this database."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
