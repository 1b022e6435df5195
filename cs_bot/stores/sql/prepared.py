"""Statements that every turn runs, compiled once for each kind of database.

On SQLite they go to the driver as they are: in a turn SQLAlchemy's execution of ten small
statements takes longer than SQLite's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update | Delete
_Change = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of SQLite's driver."""

    sql: str
    values: tuple[tuple[str, _Change], ...]
    """Names of the values in the order of the question marks, and what makes them storable."""
    constants: Mapping[str, Any]
    """Values that the statement itself holds."""
    columns: tuple[tuple[str, _Change], ...]


class Prepared:
    """One statement; `keys` are the columns that an insert fills."""

    def __init__(self, statement: Statement, keys: Iterable[str] = ()) -> None:
        self._statement = statement
        self._keys = tuple(keys) or None
        self._compiled: _Compiled | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Run it and return what it finds or returns, each row by the names of its columns."""
        if connection.dialect.name != "sqlite":
            return [dict(row) for row in connection.execute(self._statement, values).mappings()]
        compiled = self._for_sqlite(connection.dialect)
        return [
            {
                name: cell if change is None else change(cell)
                for (name, change), cell in zip(compiled.columns, row, strict=True)
            }
            for row in _ran(connection, compiled, values).fetchall()
        ]

    def count(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it and return how many rows it made or changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).rowcount
        return _ran(connection, self._for_sqlite(connection.dialect), values).rowcount

    def _for_sqlite(self, dialect: Dialect) -> _Compiled:
        if self._compiled is None:
            compiled = self._statement.compile(dialect=dialect, column_keys=self._keys)
            names: Sequence[str] = compiled.positiontup or ()
            self._compiled = _Compiled(
                str(compiled),
                tuple((name, _storing(compiled.binds[name].type, dialect)) for name in names),
                {name: value for name, value in compiled.params.items() if value is not None},
                tuple(
                    (column.name, _reading(column.type, dialect))
                    for column in self._statement.exported_columns
                ),
            )
        return self._compiled


def _ran(connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> sqlite3.Cursor:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - its dialect says so
    known = {**compiled.constants, **values}
    given = [
        known[name] if change is None else change(known[name]) for name, change in compiled.values
    ]
    return driver.execute(compiled.sql, given)


def _storing(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> _Change:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
