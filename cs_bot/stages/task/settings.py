"""`[stages.task]`: the dials of both task stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from cs_bot.settings import WrongValue
from cs_bot.stages.task.actions.settings import ActionServerSettings, ActionSettings


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
    actions: ActionSettings = field(default_factory=ActionSettings)
    action_server: ActionServerSettings = field(default_factory=ActionServerSettings)

    def __post_init__(self) -> None:
        for name in ("threshold", "margin"):
            if not 0 <= getattr(self, name) <= 1:
                raise WrongValue(name, "a probability from 0 to 1")
        for name in ("most_rejections", "action_lanes"):
            if getattr(self, name) < 1:
                raise WrongValue(name, "1 or more")
        if self.action_timeout_seconds <= 0:
            raise WrongValue("action_timeout_seconds", "more than 0")
