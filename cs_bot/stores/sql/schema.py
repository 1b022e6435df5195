"""Brings a database to the tables of this release; loads Alembic only when there is work."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from cs_bot.errors import BadInput
from cs_bot.stores.migrations import VERSIONS
from cs_bot.stores.sql.database import Database

logger = logging.getLogger(__name__)

_SCRIPTS = Path(__file__).parent.parent / "migrations"
_LOCK = 0x6373626F74  # "csbot": any number that other users of the server do not lock


async def migrate(database: Database) -> None:
    """Create the tables or bring them up to date; raises `BadInput` for what is not ours."""
    found = await database.read(_version)
    if _needs_work(found, database.place):
        await database.write(_migrate, database.place)


def _version(connection: Connection) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version
    return "" if "conversations" in names else None


def _needs_work(version: str | None, place: str) -> bool:
    if version == "":
        raise BadInput(
            "this database has a table `conversations` that cs_bot did not make",
            where=place,
            remedy="give cs_bot a database of its own in [store] url",
        )
    if version is not None and version not in VERSIONS:
        raise BadInput(
            f"this database was made by a newer cs_bot (its tables are at {version}, "
            f"this release knows {VERSIONS[-1]})",
            where=place,
            remedy="install that release of cs_bot, or name another database in [store] url",
        )
    return version != VERSIONS[-1]


def _migrate(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    version = _version(connection)  # again: another process may have been first
    if not _needs_work(version, place):
        return
    if version is not None:
        logger.warning("%s: bringing the tables from %s to %s", place, version, VERSIONS[-1])
    _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 0.1 s that a database at head never pays
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, VERSIONS[-1])
