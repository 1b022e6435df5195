"""Turns what database drivers raise into one sentence with place and remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cs_bot.errors import BadInput, Busy, CsBotError

_RESTORE = "restore it from a backup, or name another file in [store] url"
_URL = "correct [store] url in bot.toml"


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise `Busy` or `BadInput` for what a person can do something about; the rest passes."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        known = _sqlite(cause, place) or _postgres(cause, place)
        if known is None:
            raise
        raise known from error
    except PoolTimeout as error:
        raise Busy(f"{place}: all connections are in use", remedy="try again") from error
    except OSError as error:
        raise _unreachable(place) from error


def _sqlite(error: object, place: str) -> CsBotError | None:
    if not isinstance(error, sqlite3.Error):
        return None
    # Extended result codes keep the primary one in their low byte.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Busy(
            f"{place}: the database is locked by another program",
            remedy="close the program that has it open, then try again",
        )
    if code == sqlite3.SQLITE_FULL:
        return Busy(f"{place}: the disk is full", remedy="free some space, then try again")
    if code in _SQLITE_FILE:
        what, remedy = _SQLITE_FILE[code]
        return BadInput(what, where=place, remedy=remedy)
    return None


_SQLITE_FILE: Mapping[int, tuple[str, str]] = {
    sqlite3.SQLITE_NOTADB: ("this file is no SQLite database", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("the database file is damaged", _RESTORE),
    sqlite3.SQLITE_READONLY: (
        "the database cannot be written",
        "give this user the right to write the file and its folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database file cannot be opened",
        "check that this user may read and write the file and its folder",
    ),
    sqlite3.SQLITE_IOERR: ("the disk failed to read or write the database", "check the disk"),
}


def _postgres(error: object, place: str) -> CsBotError | None:
    state = str(getattr(error, "sqlstate", None) or "")
    if state in {"28P01", "28000"}:
        return BadInput("the server refuses this user or password", where=place, remedy=_URL)
    if state == "3D000":
        return BadInput(
            "there is no such database", where=place, remedy=f"make it with createdb, or {_URL}"
        )
    if state == "42501":
        return BadInput(
            "this user lacks rights in the database",
            where=place,
            remedy="make the user owner of the database",
        )
    if state[:2] == "08" or state.startswith("57P") or "connection was closed" in str(error):
        return _unreachable(place)
    if state[:2] in {"40", "53", "55"} or state == "57014":
        return Busy(f"{place}: the server is overloaded", remedy="try again")
    return None


def _unreachable(place: str) -> Busy:
    return Busy(f"{place} cannot be reached", remedy=f"start it, or {_URL}")
