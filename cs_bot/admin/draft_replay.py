"""What the console needs of a check of the drafts before they are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cs_bot.retrieval.judged import Judged
from cs_bot.retrieval.replay import Change
from cs_bot.types import QAPair

State = Literal["absent", "stale", "running", "done", "failed"]
Step = Literal["index", "ask", "compare"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What publishing the drafts would change for the questions that were replayed."""

    labelled: int
    real: int
    """Of the last questions customers typed, those that are not labelled."""
    changes: tuple[Change, ...]
    before: Judged | None
    after: Judged
    pairs: Mapping[str, QAPair] = field(repr=False)
    """Pairs of the release and of the drafts, to name them."""


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """How far a check has come: of the drafts, labels and release as they are now."""

    state: State
    step: Step | None = None
    done: int = 0
    total: int = 0
    result: Replayed | None = None
    error: str | None = None


class DraftChecks(Protocol):
    """Checks the drafts, one at a time."""

    async def state(self) -> DraftCheck:
        """Return the check of what is there now; `absent` where there is none.

        One of earlier drafts or labels beside the same release is `stale`.
        """
        ...

    async def start(self) -> DraftCheck:
        """Begin a check, unless one of the same drafts runs or is done."""
        ...

    async def finished(self) -> DraftCheck:
        """Wait for the check that runs, if any, and return it."""
        ...
