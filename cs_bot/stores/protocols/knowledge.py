"""What may be asked of the knowledge: drafts, and the releases published from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from cs_bot.types import QAPair

PairStatus = Literal["draft", "changed", "published", "archived"]


@dataclass(frozen=True, slots=True)
class DraftPair:
    """A QA pair as operators edit it; `version` grows by one with every edit."""

    pair: QAPair
    status: PairStatus
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class PairQuery:
    """What the console's knowledge list asks for; pages count from 1."""

    search: str = ""
    category: str | None = None
    status: PairStatus | None = None
    page: int = 1
    size: int = 25


@dataclass(frozen=True, slots=True)
class PairPage:
    """One page of draft pairs; `pending` counts all changes that wait to be published."""

    items: tuple[DraftPair, ...]
    total: int
    categories: tuple[tuple[str, int], ...]
    pending: int


@dataclass(frozen=True, slots=True)
class DraftDiff:
    """What publishing now would change, as (id, canonical question)."""

    added: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A published, immutable set of pairs; ids are `r1`, `r2`, ..."""

    id: str
    created_at: datetime
    created_by: str
    note: str
    pairs: int
    current: bool


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did to the drafts."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a file and what it did to the drafts; ids are `i1`, `i2`, ..."""

    id: str
    file: str
    imported_at: datetime
    imported_by: str
    added: int
    changed: int
    unchanged: int
    undone_at: datetime | None
    undone_by: str | None


class KnowledgeStore(Protocol):
    """Draft pairs, and the releases published from them."""

    async def pairs(self, query: PairQuery) -> PairPage:
        """Return one page of drafts, last edited first; search looks into every wording and answer.

        Archived pairs are listed only under the status `archived`.
        """
        ...

    async def pair(self, pair_id: str) -> DraftPair:
        """Return one draft; raises `NotFound`."""
        ...

    async def draft_pairs(self) -> tuple[QAPair, ...]:
        """Return every draft that the next release would hold, by id."""
        ...

    async def draft_version(self) -> str:
        """Return text that changes with every edit of a draft; cheap enough to ask every second."""
        ...

    async def create_pair(self, pair: QAPair, *, by: str) -> DraftPair:
        """Store a new draft; raises `Conflict` when the id is taken."""
        ...

    async def update_pair(self, pair: QAPair, *, version: int, by: str) -> DraftPair:
        """Replace a draft that is still at `version`; raises `Conflict` with the current one."""
        ...

    async def archive_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Take a pair out of the next release; raises `NotFound`."""
        ...

    async def restore_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Put an archived pair back; raises `NotFound`."""
        ...

    async def import_pairs(
        self,
        pairs: Sequence[QAPair],
        *,
        by: str,
        file: str | None = None,
        mark: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> ImportCounts:
        """Add or replace drafts by id, all or nothing; `progress` hears how many are done.

        What comes from a file that is named can be undone. With a `mark` of `draft_mark`, raises
        `Conflict` where the drafts that it replaces are not what they were then.
        """
        ...

    async def draft_mark(self, pair_ids: Sequence[str]) -> str:
        """Return a mark of what the drafts with these ids are now.

        It is another one as soon as one of them is edited, archived, restored, made or removed.
        """
        ...

    async def imports(self) -> tuple[Import, ...]:
        """Return the imports that changed anything, newest first."""
        ...

    async def undo_import(self, *, by: str, import_id: str | None = None) -> Import:
        """Put the drafts back to what they were before the last import that is not undone.

        All or nothing; raises `Conflict` when there is none, when a pair of it was edited since,
        or when it is another than `import_id` says.
        Releases stay as they are: a pair that one of them holds is archived, not removed.
        """
        ...

    async def draft_diff(self) -> DraftDiff:
        """Return what publishing now would change."""
        ...

    async def publish(self, *, note: str, by: str) -> Release:
        """Freeze the drafts as a new release and make it current; raises `Conflict` when equal."""
        ...

    async def rollback(self, release_id: str, *, by: str) -> Release:
        """Make an earlier release current again, drafts untouched; raises `NotFound`."""
        ...

    async def releases(self) -> tuple[Release, ...]:
        """Return all releases, newest first."""
        ...

    async def current_release(self) -> str | None:
        """Return the id of the release that answers now; cheap enough to ask every second."""
        ...

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        """Return the pairs of a release by id; raises `NotFound`."""
        ...
