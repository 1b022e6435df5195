"""Draft pairs and releases on SQL: runs the units of work over drafts, imports and releases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from cs_bot.stores.protocols import (
    DraftDiff,
    DraftPair,
    Import,
    ImportCounts,
    PairPage,
    PairQuery,
    Release,
)
from cs_bot.stores.sql import drafts, imports, releases, stands
from cs_bot.stores.sql.database import Database
from cs_bot.stores.sql.drafts import Edit
from cs_bot.types import QAPair


class SqlKnowledge:
    """`KnowledgeStore` on a `Database`."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def pairs(self, query: PairQuery) -> PairPage:
        """Return one page of drafts, last edited first."""
        return await self._database.read(drafts.page, query)

    async def pair(self, pair_id: str) -> DraftPair:
        """Return one draft; raises `NotFound`."""
        return await self._database.read(drafts.draft, pair_id)

    async def draft_pairs(self) -> tuple[QAPair, ...]:
        """Return every draft that the next release would hold, by id."""
        return await self._database.read(drafts.kept_pairs)

    async def draft_version(self) -> str:
        """Return text that changes with every edit of a draft."""
        return await self._database.read(drafts.version)

    async def create_pair(self, pair: QAPair, *, by: str) -> DraftPair:
        """Store a new draft; raises `Conflict` when the id is taken."""
        return await self._database.write(drafts.create, pair, self._edit(by))

    async def update_pair(self, pair: QAPair, *, version: int, by: str) -> DraftPair:
        """Replace a draft that is still at `version`; raises `Conflict` with the current one."""
        return await self._database.write(drafts.replace, pair, version, self._edit(by))

    async def archive_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Take a pair out of the next release; raises `NotFound`."""
        return await self._database.write(drafts.set_archived, pair_id, True, self._edit(by))

    async def restore_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Put an archived pair back; raises `NotFound`."""
        return await self._database.write(drafts.set_archived, pair_id, False, self._edit(by))

    async def import_pairs(
        self,
        pairs: Sequence[QAPair],
        *,
        by: str,
        file: str | None = None,
        mark: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> ImportCounts:
        """Add or replace drafts by id, all or nothing; `progress` hears how many are done."""
        loop = asyncio.get_running_loop()

        def heard(done: int) -> None:
            # The work may run in another thread; the caller hears of it in its own.
            if progress is not None:
                loop.call_soon_threadsafe(progress, done)

        return await self._database.write(
            imports.import_all, pairs, file, mark, self._edit(by), heard
        )

    async def draft_mark(self, pair_ids: Sequence[str]) -> str:
        """Return a mark of what the drafts with these ids are now."""
        return await self._database.read(stands.mark_of, pair_ids)

    async def imports(self) -> tuple[Import, ...]:
        """Return the imports that changed anything, newest first."""
        return await self._database.read(imports.all_imports)

    async def undo_import(self, *, by: str, import_id: str | None = None) -> Import:
        """Put the drafts back to what they were before the last import; raises `Conflict`."""
        return await self._database.write(imports.undo, import_id, self._edit(by))

    async def draft_diff(self) -> DraftDiff:
        """Return what publishing now would change."""
        return await self._database.read(drafts.diff)

    async def publish(self, *, note: str, by: str) -> Release:
        """Freeze the drafts as a new release and make it current; raises `Conflict` when equal."""
        return await self._database.write(releases.publish, note, self._edit(by))

    async def rollback(self, release_id: str, *, by: str) -> Release:
        """Make an earlier release current again, drafts untouched; raises `NotFound`."""
        return await self._database.write(releases.roll_back, release_id, self._edit(by))

    async def releases(self) -> tuple[Release, ...]:
        """Return all releases, newest first."""
        return await self._database.read(releases.all_releases)

    async def current_release(self) -> str | None:
        """Return the id of the release that answers now."""
        return await self._database.read(releases.current_id)

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        """Return the pairs of a release by id; raises `NotFound`."""
        return await self._database.read(releases.pairs, release_id)

    def _edit(self, by: str) -> Edit:
        return Edit(by, self._clock())
