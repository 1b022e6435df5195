"""What may be asked of trained task models: versions, of which one answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Trained:
    """A task model that was just trained, all but its weights; mappings hold JSON values."""

    key: str
    """A digest of everything that it was trained on: equal keys, equal models."""
    files: str
    """A digest of what it learnt from the project's files."""
    about: Mapping[str, Any]
    """Its format, the versions of the packages that made it, what it tells apart."""
    scores: Mapping[str, Any] = field(default_factory=dict)
    """Empty where it was not evaluated."""
    judged: Mapping[str, Any] = field(default_factory=dict)
    """What the scores count, one by one, to compare two versions on what both were asked."""


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A version of the task model; ids are `m1`, `m2`, ... and are never given twice."""

    id: str
    key: str
    files: str
    digest: str
    """Of the weights."""
    size: int
    """Of the weights, in bytes."""
    trained_at: datetime
    trained_by: str
    about: Mapping[str, Any]
    scores: Mapping[str, Any]
    active: bool


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """Which version answers, and since when."""

    id: str
    moves: int
    """Grows with every version that is made active."""
    held_for: str | None
    """The digest of files for which it answers all the same, whatever it learnt from."""


class ModelStore(Protocol):
    """Versions of the task model, of which at most one is active."""

    async def models(self) -> tuple[StoredModel, ...]:
        """Return all versions, newest first."""
        ...

    async def model(self, model_id: str) -> StoredModel:
        """Return one version; raises `NotFound`."""
        ...

    async def weights(self, model_id: str) -> bytes:
        """Return the weights as they lie in the store, whole or not; raises `NotFound`."""
        ...

    async def judged(self, model_id: str) -> Mapping[str, Any]:
        """Return what its scores count; raises `NotFound`."""
        ...

    async def active(self) -> ActiveModel | None:
        """Return which version answers now; cheap enough to ask every second."""
        ...

    async def with_key(self, key: str) -> StoredModel | None:
        """Return the newest version that was trained on this, None where there is none."""
        ...

    async def keep(self, trained: Trained, weights: bytes, *, by: str) -> StoredModel:
        """Store a version, all of it or nothing, and leave the active one active.

        Where another process was first and stored the same weights under this key, that version
        is returned.
        """
        ...

    async def score(
        self, model_id: str, scores: Mapping[str, Any], judged: Mapping[str, Any]
    ) -> StoredModel:
        """Keep what a version came to in its evaluation; raises `NotFound`."""
        ...

    async def activate(self, model_id: str, *, instead_of: str | None, by: str) -> StoredModel:
        """Let a version answer; raises `NotFound`, or `Conflict` when another one answers by now.

        `instead_of` is the version that answered when this was decided, None where none did.
        """
        ...

    async def roll_back(self, model_id: str, *, held_for: str, by: str) -> StoredModel:
        """Let a version answer for files with this digest, whatever it learnt from.

        Raises `NotFound`.
        """
        ...

    async def prune(self, *, keep: int) -> tuple[str, ...]:
        """Remove all but the newest versions and the active one; return the ids of the removed."""
        ...
