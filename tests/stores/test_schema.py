"""How a database gets its tables, and which databases are left alone."""

import asyncio
import logging
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from cs_bot.errors import BadInput
from cs_bot.stores.migrations import VERSIONS
from cs_bot.stores.sql import schema
from cs_bot.stores.sql.opening import open_database, open_stores
from cs_bot.stores.sql.schema import migrate
from cs_bot.stores.tables import metadata
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, open_for

Ids = Callable[[str], str]
NEXT = '''"""The step of a release to come."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("closed_at", sa.DateTime()))
'''

RATED_TURNS = """
INSERT INTO conversations (id, channel, user_id, locale, epoch, top_seq, created_at)
VALUES ('c_1', 'web', 'v_1', 'zh', 'e_1', 4, '2029-06-01 00:00:00.000000');
INSERT INTO turns (turn_id, conversation_id, message_id, seq, text, masked, query, locale,
    release, channel, sender, answered_by, reply, handoff, events, trace, search, at, ms, feedback)
VALUES ('a_1', 'c_1', 'm_1', 2, '能退吗', 0, '能退吗', 'zh', 'r1', 'web', '小助手', 'kbqa', '能。',
    0, '[]',
    '{"reply": {"ref": "ec-017", "detail": {}}}', '', '2029-06-01 00:00:00.000000', 1, -1),
    ('a_2', 'c_1', 'm_3', 4, '能换吗', 0, '能换吗', 'zh', 'r1', 'web', '小助手', 'kbqa', '能。',
    0, '[]',
    '{"reply": {"ref": "ec-018", "detail": {}}}', '', '2029-06-01 00:00:00.000000', 1, NULL);
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """A SQLite file with its tables made."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


def test_the_shipped_versions_are_those_of_the_migrations() -> None:
    scripts = Path(schema.__file__).parent.parent / "migrations" / "versions"
    assert sorted(script.name[:4] for script in scripts.glob("*.py")) == sorted(VERSIONS)


async def test_migrations_build_the_tables_that_the_code_uses(bare_url: str) -> None:
    database = open_database(bare_url, Path())
    await migrate(database)
    assert await database.read(_differences) == []
    await database.close()


async def test_a_new_database_gets_its_tables_when_it_is_opened(tmp_path: Path, ids: Ids) -> None:
    stores = await open_stores(
        "sqlite:///var/bot.db", clock=FakeClock(AT), ids=ids, directory=tmp_path
    )
    mine = await open_for(stores.conversations)
    await stores.close()
    assert stat.filemode((tmp_path / "var" / "bot.db").stat().st_mode) == "-rw-------"
    again = await open_stores(
        "sqlite:///var/bot.db", clock=FakeClock(AT), ids=ids, directory=tmp_path
    )
    assert await again.conversations.conversation(mine.id) == mine
    await again.close()


async def test_processes_that_start_at_once_make_the_tables_once(bare_url: str, ids: Ids) -> None:
    opened = await asyncio.gather(
        *(open_stores(bare_url, clock=FakeClock(AT), ids=ids) for _ in range(4))
    )
    assert await opened[0].knowledge.current_release() is None
    for stores in opened:
        await stores.close()


async def test_an_older_database_is_brought_up_to_date_and_says_so(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(schema._SCRIPTS, newer)
    newest = VERSIONS[-1]
    (newer / "versions" / "9999_next.py").write_text(NEXT.format(newest=newest))
    monkeypatch.setattr(schema, "_SCRIPTS", newer)
    monkeypatch.setattr(schema, "VERSIONS", (*VERSIONS, "9999"))
    database = open_database(f"sqlite:///{file}", Path())
    with caplog.at_level(logging.WARNING):
        await migrate(database)
    assert caplog.messages == [f"{file}: bringing the tables from {newest} to 9999"]
    names = [one["name"] for one in await database.read(_columns)]
    assert "closed_at" in names
    await database.close()


async def test_thumbs_of_before_they_had_a_time_get_that_of_their_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: Ids
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    with monkeypatch.context() as old:
        old.setattr(schema, "VERSIONS", ("0001", "0002"))
        database = open_database(url, Path())
        await migrate(database)
        await database.close()
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.executescript(RATED_TURNS)
    connection.close()
    stores = await open_stores(url, clock=FakeClock(AT), ids=ids)
    votes = await stores.feedback.votes(since=datetime(2029, 1, 1, tzinfo=UTC))
    assert [(vote.id, vote.at) for vote in votes] == [("a_1", datetime(2029, 6, 1, tzinfo=UTC))]
    await stores.close()


async def test_a_newer_database_is_refused(file: Path, ids: Ids) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(BadInput, match=r"made by a newer cs_bot \(its tables are at 9999") as why:
        await open_stores(f"sqlite:///{file}", clock=FakeClock(AT), ids=ids)
    assert (why.value.where, bool(why.value.remedy)) == (str(file), True)


async def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path, ids: Ids) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE conversations (id INTEGER)")
    connection.close()
    with pytest.raises(BadInput, match="that cs_bot did not make"):
        await open_stores(f"sqlite:///{tmp_path}/other.db", clock=FakeClock(AT), ids=ids)


def test_a_database_that_is_up_to_date_opens_without_alembic(file: Path) -> None:
    program = f"""
import asyncio, sys
from datetime import UTC, datetime
from cs_bot.stores.sql.opening import open_stores

async def main():
    stores = await open_stores(
        "sqlite:///{file}", clock=lambda: datetime.now(UTC), ids=lambda prefix: prefix
    )
    await stores.close()

asyncio.run(main())
print("alembic" in sys.modules)
"""
    done = subprocess.run(  # our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def _differences(connection: Connection) -> list[object]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _columns(connection: Connection) -> list[dict[str, object]]:
    assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    return [dict(column) for column in inspect(connection).get_columns("conversations")]
