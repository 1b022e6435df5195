"""Opens all stores of one bot from the URL in its settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cs_bot.errors import BadInput
from cs_bot.stores.protocols import Stores
from cs_bot.stores.sql.conversations import SqlConversations
from cs_bot.stores.sql.database import Database
from cs_bot.stores.sql.feedback import SqlFeedback
from cs_bot.stores.sql.knowledge import SqlKnowledge
from cs_bot.stores.sql.labels import SqlLabels
from cs_bot.stores.sql.left_messages import SqlLeftMessages
from cs_bot.stores.sql.models import SqlModels
from cs_bot.stores.sql.operators import SqlOperators
from cs_bot.stores.sql.reminders import SqlReminders
from cs_bot.stores.sql.schema import migrate
from cs_bot.stores.sql.secrets import SqlSecrets
from cs_bot.stores.sql.sqlite import SqliteDatabase

_WHERE = "[store] url"
_FORMS = "write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


async def open_stores(
    url: str,
    *,
    clock: Callable[[], datetime],
    ids: Callable[[str], str],
    directory: Path = Path(),
) -> Stores:
    """Open the database, with its tables made or brought up to date, and return its stores.

    A relative SQLite path counts from `directory`. `ids("c")` returns a new id such as "c_7Q".
    Raises `BadInput` or `Busy` when the database cannot be used.
    """
    database = open_database(url, directory)
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return Stores(
        conversations=SqlConversations(database, clock=clock, ids=ids),
        feedback=SqlFeedback(database, clock=clock),
        left_messages=SqlLeftMessages(database, clock=clock),
        knowledge=SqlKnowledge(database, clock=clock),
        labels=SqlLabels(database, clock=clock),
        models=SqlModels(database, clock=clock),
        operators=SqlOperators(database, clock=clock, ids=ids),
        reminders=SqlReminders(database, ids=ids),
        secrets=SqlSecrets(database),
        close=database.close,
    )


def open_database(url: str, directory: Path) -> Database:
    """Return the database behind a URL, connected at its first use; raises `BadInput`."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return SqliteDatabase(_sqlite_file(directory / url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return _postgres(url)
    raise BadInput(f"{url!r} names no database that cs_bot knows", where=_WHERE, remedy=_FORMS)


def _sqlite_file(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Keys and customers' words: for this user only, as SQLite then makes its WAL too.
            path.touch(mode=0o600)
    except OSError as error:
        raise BadInput(
            f"the database file cannot be made: {error.strerror}",
            where=str(path),
            remedy=f"give this user the right to write the folder, or correct {_WHERE}",
        ) from None
    return path


def _postgres(url: str) -> Database:
    # Not at the top: SQLAlchemy's asyncio part loads its ORM, which SQLite starts without.
    from cs_bot.stores.sql.postgres import PostgresDatabase

    try:
        return PostgresDatabase(make_url(url))
    except (ArgumentError, ValueError):
        # Not the URL itself: it may hold a password.
        raise BadInput(
            "this is no URL of a PostgreSQL database", where=_WHERE, remedy=_FORMS
        ) from None
