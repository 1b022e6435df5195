"""Units of work in one SQLite file, in threads of their own; knows no table."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from cs_bot.stores.columns import dump_json
from cs_bot.stores.sql.database import P, T, Work
from cs_bot.stores.sql.failures import translated

BUSY_TIMEOUT_SECONDS = 5.0
_LEAST_PATIENCE_MS = 10
_READERS = 4


class SqliteDatabase:
    """One file in WAL mode: one writer thread, a few reader threads beside it.

    A unit of work crosses to its thread once. Through an async driver every statement would
    cross several times: the same five statements took 4.8 ms there and 0.7 ms here.
    """

    def __init__(self, path: Path, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> None:
        self.place = str(path)
        self._busy_timeout_seconds = busy_timeout_seconds
        self._patience_ms = 0
        self._writer = _engine(path, 1, busy_timeout_seconds)
        self._reader = _engine(path, _READERS, busy_timeout_seconds)
        event.listen(self._writer, "begin", self._begin_writing)
        event.listen(self._reader, "begin", lambda connection: _driver(connection).execute("BEGIN"))
        self._writer_thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader_threads = ThreadPoolExecutor(_READERS, "sqlite-reader")

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work on a snapshot of the file."""
        call = partial(self._run, self._reader, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._reader_threads, call)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work as the only writer."""
        call = partial(self._write, time.monotonic(), work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, call)

    async def close(self) -> None:
        """Finish what runs and close the file."""
        await asyncio.to_thread(self._close)

    def _write(self, asked_at: float, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # Time in the queue counts: under a lock the tenth in line must not wait ten times as long.
        left = self._busy_timeout_seconds - (time.monotonic() - asked_at)
        self._patience_ms = max(_LEAST_PATIENCE_MS, round(left * 1000))
        return self._run(self._writer, work, *args, **kwargs)

    def _begin_writing(self, connection: Connection) -> None:
        driver = _driver(connection)
        driver.execute(f"PRAGMA busy_timeout = {self._patience_ms}")
        driver.execute("BEGIN IMMEDIATE")

    def _run(self, engine: Engine, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with translated(self.place), engine.begin() as connection:
            return work(connection, *args, **kwargs)

    def _close(self) -> None:
        self._reader_threads.shutdown()
        self._writer_thread.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def _driver(connection: Connection) -> sqlite3.Connection:
    """Return the connection below: for a few words without values SQLAlchemy takes 30 us longer."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine is one of SQLite
    return driver


def _engine(path: Path, connections: int, timeout_seconds: float) -> Engine:
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
        hide_parameters=True,  # errors go to the log, and customers' words do not
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode NORMAL survives the death of the process at any moment; only a power cut can
    # take back the last commits, and then whole ones. FULL costs an fsync per turn.
    connection.execute("PRAGMA synchronous = NORMAL")
    # Pages that many turns write are copied into the file once for all of them. 16 MB.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA foreign_keys = ON")
