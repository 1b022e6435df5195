"""A database that cannot be used is one sentence with place and remedy, never a traceback."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from cs_bot.errors import BadInput, Busy
from cs_bot.stores.sql.conversations import SqlConversations
from cs_bot.stores.sql.failures import translated
from cs_bot.stores.sql.opening import open_stores
from cs_bot.stores.sql.sqlite import SqliteDatabase
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.ports import free_port
from cs_bot.testing.store_contract.values import AT, open_for, said

Ids = Callable[[str], str]


@pytest.fixture
def damaged(sqlite_url: str) -> Path:
    """A database whose first page is nonsense after its header."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)
    return file


async def refused(url: str, ids: Ids, directory: Path = Path()) -> BadInput | Busy:
    with pytest.raises((BadInput, Busy)) as why:
        await open_stores(url, clock=FakeClock(AT), ids=ids, directory=directory)
    assert isinstance(why.value, BadInput | Busy)
    return why.value


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "mysql://localhost/bot", "bot.db"])
async def test_an_unknown_kind_of_url_is_refused(url: str, ids: Ids) -> None:
    said = str(await refused(url, ids))
    assert said.startswith(
        f"[store] url: {url!r} names no database that cs_bot knows; write sqlite"
    )


async def test_a_broken_postgres_url_is_refused_without_its_password(ids: Ids) -> None:
    said = str(await refused("postgresql://bot:geheim@host:port/bot", ids))
    assert "no URL of a PostgreSQL database" in said
    assert "geheim" not in said


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, ids: Ids) -> None:
    file = tmp_path / "bot.db"
    file.write_text("question,answer\n" * 100)
    said = str(await refused(f"sqlite:///{file}", ids))
    assert said.startswith(f"{file}: this file is no SQLite database; restore it")
    assert file.read_text() == "question,answer\n" * 100


async def test_a_damaged_file_is_named(damaged: Path, ids: Ids) -> None:
    said = str(await refused(f"sqlite:///{damaged}", ids))
    assert said.startswith(f"{damaged}: the database file is damaged; restore it")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, ids: Ids) -> None:
    (tmp_path / "var").write_text("a file, no folder")
    said = str(await refused("sqlite:///var/data/bot.db", ids, tmp_path))
    file = tmp_path / "var" / "data" / "bot.db"
    assert said.startswith(f"{file}: the database file cannot be made: Not a directory; give")


async def test_a_path_that_is_a_folder_is_named(tmp_path: Path, ids: Ids) -> None:
    said = str(await refused(f"sqlite:///{tmp_path}", ids))
    assert said.startswith(f"{tmp_path}: the database file cannot be opened; check that")


async def test_a_locked_database_is_busy_and_works_again_afterwards(
    sqlite_url: str, ids: Ids
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    database = SqliteDatabase(file, busy_timeout_seconds=0.02)
    conversations = SqlConversations(database, clock=FakeClock(AT), ids=ids)
    mine = await open_for(conversations)
    with _locked(file):
        assert await conversations.entries(mine.id, after_seq=0) == ()  # readers go on
        with pytest.raises(Busy) as why:
            await conversations.accept(mine.id, said("在吗"))
    assert str(why.value) == (
        f"{file}: the database is locked by another program; "
        "close the program that has it open, then try again"
    )
    assert (await conversations.accept(mine.id, said("在吗"))).message_id == "m_1"
    await database.close()


async def test_all_who_wait_for_a_locked_database_hear_of_it_at_the_same_time(
    sqlite_url: str, ids: Ids
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    database = SqliteDatabase(file, busy_timeout_seconds=0.5)
    conversations = SqlConversations(database, clock=FakeClock(AT), ids=ids)
    mine = await open_for(conversations)
    started = time.monotonic()
    with _locked(file):
        waiting = (conversations.accept(mine.id, said(f"在吗{n}")) for n in range(8))
        heard = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in heard] == [Busy] * 8
    assert time.monotonic() - started < 8 * 0.5 / 2
    await database.close()


def test_a_database_that_may_only_be_read_is_named() -> None:
    with pytest.raises(BadInput, match=r"^bot\.db: the database cannot be written; give this"):
        _write_where_only_reading_is_allowed("bot.db")


async def test_an_unreachable_server_is_busy(ids: Ids) -> None:
    port = free_port()
    said = str(await refused(f"postgresql://bot:geheim@127.0.0.1:{port}/shop", ids))
    assert said == (
        f"PostgreSQL at 127.0.0.1:{port}/shop cannot be reached; "
        "start it, or correct [store] url in bot.toml"
    )


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (":secret@", ":wrong@", "the server refuses this user or password; correct [store] url"),
        ("postgres:secret@", "nobody:secret@", "the server refuses this user or password"),
        ("/postgres", "/none", "there is no such database; make it with createdb, or correct"),
    ],
)
async def test_a_server_that_refuses_says_why(
    postgres_url: str, ids: Ids, old: str, new: str, expected: str
) -> None:
    head, _, tail = postgres_url.rpartition(old)
    said = str(await refused(head + new + tail, ids))
    assert said.startswith("PostgreSQL at 127.0.0.1:")
    assert expected in said
    assert "secret" not in said


def _write_where_only_reading_is_allowed(place: str) -> None:
    # Rights on files do not stop root, who runs these tests in a container: SQLite itself does.
    with translated(place), create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("CREATE TABLE t (a)")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
