"""A database that cannot be used: one sentence with place and remedy, and nothing lost."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cs_bot.testing.ports import free_port

from .conftest import Refused, Run

HOLDER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
LOCKED = "the database is locked by another program; close the program that has it open"
PAIR = '{"id": "shop-1", "question": "门店有停车位吗？", "answer": "有，在地下二层。"}\n'


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Let another process hold an exclusive lock on the database."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield
        holder.communicate("")


@pytest.fixture
def database(published_bot: Path) -> Path:
    return published_bot / "var/cs_bot.db"


def test_an_import_into_a_locked_database_gives_up_in_time_and_imports_nothing(
    run: Run, published_bot: Path, database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "faq.jsonl"
    file.write_text(PAIR, encoding="utf-8")
    command = [sys.executable, "-m", "cs_bot", "knowledge", "import", str(file)]
    started = time.monotonic()
    with locked(database):
        ran = subprocess.run(
            [*command, "--bot", str(published_bot)], capture_output=True, text=True, check=False
        )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[-1].startswith(f"cs-bot: {database}: {LOCKED}")
    assert "Traceback" not in ran.stderr
    assert 4 < time.monotonic() - started < 20  # the timeout is 5 s, the rest is a slow machine's
    diff = json.loads(run("knowledge", "diff", "--json", "--bot", published_bot).out)
    assert diff == {"added": {}, "changed": {}, "removed": {}}
    assert run("knowledge", "import", file, "--bot", published_bot).code == 0


def test_a_file_that_is_no_database_is_left_as_it_is(
    refused: Refused, published_bot: Path, database: Path
) -> None:
    database.write_bytes(b"question,answer\n" * 400)
    assert refused("ask", "hi", "--bot", published_bot) == (
        f"{database}: this file is no SQLite database; "
        "restore it from a backup, or name another file in [store] url"
    )
    assert database.read_bytes() == b"question,answer\n" * 400


def test_a_damaged_database_is_named(refused: Refused, published_bot: Path, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[100:4096] = b"\xff" * 3996
    database.write_bytes(content)
    assert refused("ask", "hi", "--bot", published_bot).startswith(
        f"{database}: the database file is damaged; restore it from a backup"
    )


def test_a_database_of_a_newer_release_is_left_alone(
    refused: Refused, published_bot: Path, database: Path
) -> None:
    with closing(sqlite3.connect(database)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (["ask", "hi"], ["migrate"], ["knowledge", "releases"]):
        sentence = refused(*command, "--bot", published_bot)
        assert sentence.startswith(f"{database}: this database was made by a newer cs_bot")
        assert "; install that release of cs_bot, or name another database" in sentence


def test_a_database_that_may_only_be_read_is_named(
    refused: Refused, published_bot: Path, database: Path
) -> None:
    _let_nobody_write(database)
    assert refused("migrate", "--bot", published_bot) == (
        f"{database}: the database cannot be written; "
        "give this user the right to write the file and its folder"
    )


@pytest.mark.parametrize("url", ["sqlite:///bot.toml/bot.db", "sqlite:///bot.toml/deep/bot.db"])
def test_a_folder_that_cannot_be_made_is_named(url: str, refused: Refused, bot: Path) -> None:
    (bot / "bot.toml").write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
    file = bot / url.removeprefix("sqlite:///")
    assert refused("ask", "hi", "--bot", bot).startswith(
        f"{file}: the database file cannot be made: "
    )


def test_an_index_that_cannot_be_kept_does_not_keep_the_bot_from_answering(
    run: Run, published_bot: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = published_bot / "var/index"
    for file in sorted(index.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    index.rmdir()
    index.write_text("a file, no folder")
    ran = run("ask", "如何申请退货？", "--bot", published_bot)
    assert ran.code == 0
    assert "申请售后" in ran.out
    assert "the vectors of release r1 were not kept" in caplog.text


def test_a_postgres_that_does_not_run_is_named_without_its_password(
    refused: Refused, bot: Path
) -> None:
    port = free_port()
    url = f"postgresql://bot:geheim@127.0.0.1:{port}/shop"
    (bot / "bot.toml").write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
    assert refused("serve", "--port", "0", "--bot", bot) == (
        f"PostgreSQL at 127.0.0.1:{port}/shop cannot be reached; "
        "start it, or correct [store] url in bot.toml"
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis://:geheim@127.0.0.1:{port}/0", "the Redis of [store] redis does not answer; start"),
        ("127.0.0.1:{port}", "[store] redis: this is no URL of a Redis; write redis://HOST:PORT"),
    ],
)
def test_a_redis_that_cannot_be_used_is_named_without_its_password(
    url: str, said: str, refused: Refused, published_bot: Path
) -> None:
    written = f'[store]\nredis = "{url.format(port=free_port())}"\n'
    (published_bot / "bot.toml").write_text(written, encoding="utf-8")
    sentence = refused("serve", "--port", "0", "--bot", published_bot)
    assert sentence.startswith(said)
    assert "geheim" not in sentence


def _let_nobody_write(database: Path) -> None:
    """Mark the file as one that only newer programs may write: that stops even root."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    content = bytearray(database.read_bytes())
    write_version = 18
    content[write_version] = 3
    database.write_bytes(content)
