"""What runs actions: the one face of in-process code, action servers and declared APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cs_bot.stages.task.actions.outcome import ActionOutcome


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What must be known of an action before it is run, or run again."""

    changes: bool = False
    """It changes something outside, so that the customer is asked before it runs."""
    idempotent: bool = False
    """Running it twice is as good as once: it only reads, or it honours its idempotency key."""


class Actions(Protocol):
    """What runs actions: one place where they are, or all of a bot's."""

    @property
    def names(self) -> frozenset[str]:
        """The actions that can be run; an action server may be asked for them anew."""
        ...

    def facts(self, name: str) -> ActionFacts:
        """Return what is known of an action."""
        ...

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        """Run one action; raises `ServiceFailed` or `ActionRejected`."""
        ...
