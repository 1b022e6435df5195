"""What may be asked of labelled questions: what customers ask, and which pair answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Label:
    """A customer's question and the pair that answers it; ids are `l1`, `l2`, ..."""

    id: str
    question: str
    pair_id: str | None
    """None where the knowledge base has no answer."""
    labelled_at: datetime
    labelled_by: str


@dataclass(frozen=True, slots=True)
class LabelQuery:
    """What the console's list asks for; pages count from 1."""

    search: str = ""
    pair_id: str | None = None
    answerable: bool | None = None
    page: int = 1
    size: int = 25


@dataclass(frozen=True, slots=True)
class LabelPage:
    """One page of labels; the counts are those of all labels."""

    items: tuple[Label, ...]
    total: int
    answerable: int
    unanswerable: int


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """What labelling did."""

    added: int
    changed: int
    unchanged: int


class LabelStore(Protocol):
    """Labelled questions, and what each release makes of them."""

    async def labels(self, query: LabelQuery) -> LabelPage:
        """Return one page of labels, newest first; search looks into the questions."""
        ...

    async def all_labels(self) -> tuple[Label, ...]:
        """Return every label, oldest first."""
        ...

    async def version(self) -> int:
        """Return a number that grows with every change; cheap enough to ask every second."""
        ...

    async def label(self, questions: Sequence[tuple[str, str | None]], *, by: str) -> LabelCounts:
        """Label questions, (question, pair id) each, all or nothing; later labels replace."""
        ...

    async def forget_label(self, label_id: str) -> None:
        """Remove a label; raises `NotFound`."""
        ...

    async def terms(self, release_id: str, key: str) -> Mapping[str, Any] | None:
        """Return what was kept for a release under a key."""
        ...

    async def latest_terms(self, release_id: str) -> Mapping[str, Any] | None:
        """Return what was kept last for a release, under any key."""
        ...

    async def keep_terms(self, release_id: str, key: str, terms: Mapping[str, Any]) -> None:
        """Keep JSON values for a release under a key, in place of what was kept there."""
        ...

    async def last_questions(self, most: int) -> tuple[str, ...]:
        """Return the last different questions customers typed, newest first, none masked."""
        ...
