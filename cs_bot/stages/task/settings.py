"""`[stages.task]`: the dials of both task stages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """When a task starts, when it gives up, and how long its actions may take."""

    threshold: float = 0.5
    """Probability from which an intent starts its task."""
    margin: float = 0.1
    """How far the best intent must lie above the next one that starts another task."""
    most_rejections: int = 3
    """Unusable answers in a row after which a human is offered."""
    action_timeout_seconds: float = 8.0
    action_lanes: int = 8
    """How many actions may run at the same time."""
