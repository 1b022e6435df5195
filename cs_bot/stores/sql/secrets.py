"""Keys the server makes for itself once, on SQL."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from cs_bot.stores import tables
from cs_bot.stores.sql.database import Database, upsert


class SqlSecrets:
    """`SecretStore` on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the secret of that name; the first caller's `make()` decides, atomically."""
        known = await self._database.read(_find, name)
        if known is not None:
            return known
        return await self._database.write(_find_or_store, name, make())


def _find(connection: Connection, name: str) -> bytes | None:
    return connection.scalar(select(tables.secrets.c.value).where(tables.secrets.c.name == name))


def _find_or_store(connection: Connection, name: str, value: bytes) -> bytes:
    new = upsert(connection, tables.secrets).values(name=name, value=value)
    connection.execute(new.on_conflict_do_nothing())
    stored = _find(connection, name)
    # Secrets are never deleted, so one is there: ours, or the one that came first.
    return value if stored is None else stored
