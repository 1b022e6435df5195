"""Units of work on a PostgreSQL server; knows no table."""

from __future__ import annotations

from importlib.util import find_spec

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from cs_bot.errors import BadInput
from cs_bot.stores.columns import dump_json
from cs_bot.stores.sql.database import P, T, Work
from cs_bot.stores.sql.failures import translated

_CONNECTIONS = 10
_CONNECT_SECONDS = 10.0


class PostgresDatabase:
    """A PostgreSQL server, shared by any number of processes."""

    def __init__(self, url: URL) -> None:
        self.place = f"PostgreSQL at {url.host or 'localhost'}:{url.port or 5432}/{url.database}"
        self._engine = create_async_engine(
            _asyncpg_url(url),
            pool_size=_CONNECTIONS,
            max_overflow=0,
            connect_args={"timeout": _CONNECT_SECONDS},
            json_serializer=dump_json,
            hide_parameters=True,  # errors go to the log, and customers' words do not
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


def _asyncpg_url(url: URL) -> URL:
    if find_spec("asyncpg") is None:
        raise BadInput(
            "PostgreSQL needs the package asyncpg",
            where="[store] url",
            remedy="pip install 'cs-bot[postgres]'",
        )
    query = {("ssl" if name == "sslmode" else name): value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)
