"""Runs units of work, plain functions of a SQLAlchemy `Connection`, on SQLite or PostgreSQL.

Knows connections, threads and transactions; knows no table.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import create_async_engine

from cs_bot.errors import BadInput
from cs_bot.stores.sql.failures import translated
from cs_bot.stores.tables import dump_json

T = TypeVar("T")
P = ParamSpec("P")

Work = Callable[Concatenate[Connection, P], T]

BUSY_TIMEOUT_SECONDS = 5.0
_SQLITE_READERS = 4
_POSTGRES_CONNECTIONS = 10
_POSTGRES_CONNECT_SECONDS = 10.0


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


class SqliteDatabase:
    """One file in WAL mode: one writer thread, a few reader threads beside it.

    A unit of work crosses to its thread once. Through an async driver every statement would
    cross several times: the same five statements took 4.8 ms there and 0.7 ms here.
    """

    def __init__(self, path: Path, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
        self.place = str(path)
        self._writer = _sqlite_engine(path, "BEGIN IMMEDIATE", 1, busy_timeout_seconds)
        self._reader = _sqlite_engine(path, "BEGIN", _SQLITE_READERS, busy_timeout_seconds)
        self._writer_thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader_threads = ThreadPoolExecutor(_SQLITE_READERS, "sqlite-reader")

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work on a snapshot of the file."""
        call = partial(self._run, self._reader, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._reader_threads, call)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work as the only writer."""
        call = partial(self._run, self._writer, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, call)

    async def close(self) -> None:
        """Finish what runs and close the file."""
        await asyncio.to_thread(self._close)

    def _run(self, engine: Engine, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with translated(self.place), engine.begin() as connection:
            return work(connection, *args, **kwargs)

    def _close(self) -> None:
        self._reader_threads.shutdown()
        self._writer_thread.shutdown()
        self._reader.dispose()
        self._writer.dispose()


class PostgresDatabase:
    """A PostgreSQL server, shared by any number of processes."""

    def __init__(self, url: URL) -> None:
        self.place = f"PostgreSQL at {url.host or 'localhost'}:{url.port or 5432}/{url.database}"
        self._engine = create_async_engine(
            _asyncpg_url(url),
            pool_size=_POSTGRES_CONNECTIONS,
            max_overflow=0,
            connect_args={"timeout": _POSTGRES_CONNECT_SECONDS},
            json_serializer=dump_json,
        )
        # A statement on its own needs no BEGIN and COMMIT: two journeys to the server less.
        self._reads = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work in which every statement sees what is committed by then."""
        with translated(self.place):
            async with self._reads.connect() as connection:
                return await connection.run_sync(work, *args, **kwargs)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work in one transaction; it locks the rows it counts on itself."""
        with translated(self.place):
            async with self._engine.begin() as connection:
                return await connection.run_sync(work, *args, **kwargs)

    async def close(self) -> None:
        """Let all connections go."""
        await self._engine.dispose()


def _sqlite_engine(path: Path, begin: str, connections: int, timeout_seconds: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,
            "timeout": timeout_seconds,
        },
        json_serializer=dump_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL survives the death of the process at any moment; only a power cut can
    # take back the last commits, and then whole ones. FULL costs an fsync per turn.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _asyncpg_url(url: URL) -> URL:
    if find_spec("asyncpg") is None:
        raise BadInput(
            "PostgreSQL needs the package asyncpg",
            where="[store] url",
            remedy="pip install 'cs-bot[postgres]'",
        )
    query = {("ssl" if name == "sslmode" else name): value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say `on_conflict_...`, in the words of this database."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
