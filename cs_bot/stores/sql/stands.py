"""What drafts are at a moment, and a mark by which one sees later whether they still are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from cs_bot.stores import tables

BATCH = 500

_draft = tables.drafts.c


@dataclass(frozen=True, slots=True)
class Standing:
    """What a draft says, and whether it is archived."""

    digest: str
    archived: bool


class Mark:
    """Grows over the drafts that stand, by id; the same drafts make the same mark."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, known: Mapping[str, Standing]) -> None:
        """Take in the next drafts, whose ids follow those before."""
        for pair_id in sorted(known):
            one = known[pair_id]
            self._hash.update(f"{pair_id}\0{one.digest}\0{one.archived}\0".encode())

    def text(self) -> str:
        """Return the mark."""
        return self._hash.hexdigest()


def mark_of(connection: Connection, pair_ids: Sequence[str]) -> str:
    """Return the mark of the drafts with these ids."""
    mark = Mark()
    ordered = sorted(pair_ids)
    for start in range(0, len(ordered), BATCH):
        mark.add(standing(connection, ordered[start : start + BATCH], lock=False))
    return mark.text()


def standing(connection: Connection, ids: Sequence[str], *, lock: bool) -> dict[str, Standing]:
    """Return those of the drafts that there are, locked until the transaction ends."""
    # In order of id, so that whoever locks some of them waits instead of deadlocking.
    query = (
        select(_draft.pair_id, _draft.digest, _draft.archived)
        .where(_draft.pair_id.in_(ids))
        .order_by(_draft.pair_id)
    )
    rows = connection.execute(query.with_for_update() if lock else query)
    return {row.pair_id: Standing(row.digest, row.archived) for row in rows}
