"""`[stages.task]`: the dials of both task stages."""

from __future__ import annotations

from dataclasses import dataclass, field

from cs_bot.settings import WrongValue
from cs_bot.stages.task.actions.settings import ActionServerSettings, ActionSettings

_MOST_SUSPENDED = 5
"""As many as a state keeps."""


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """When a task starts, when it gives up, and how long its actions may take."""

    threshold: float = 0.5
    """Probability from which an intent starts its task."""
    margin: float = 0.1
    """How far the best intent must lie above the next one that starts another task."""
    digression: float = 0.9
    """Probability from which an intent starts another task while a form asks for words."""
    wish: float = 0.9
    """Probability from which a part of a message with several wishes is a task of its own."""
    clarify: float = 0.7
    """Probability that one of two or three tasks is meant from which the bot asks which; 1: never.
    """
    most_suspended: int = 3
    """How many tasks may wait while another one runs; 0: a new task ends the one before it."""
    suspended_turns: int = 20
    """For how many turns a task waits."""
    most_rejections: int = 3
    """Unusable answers in a row after which a human is offered."""
    action_timeout_seconds: float = 8.0
    action_lanes: int = 8
    """How many actions may run at the same time."""
    actions: ActionSettings = field(default_factory=ActionSettings)
    action_server: ActionServerSettings = field(default_factory=ActionServerSettings)

    def __post_init__(self) -> None:
        for name in ("threshold", "margin", "digression", "wish", "clarify"):
            if not 0 <= getattr(self, name) <= 1:
                raise WrongValue(name, "a probability from 0 to 1")
        if not 0 <= self.most_suspended <= _MOST_SUSPENDED:
            raise WrongValue("most_suspended", f"a number from 0 to {_MOST_SUSPENDED}")
        for name in ("most_rejections", "action_lanes", "suspended_turns"):
            if getattr(self, name) < 1:
                raise WrongValue(name, "1 or more")
        if self.action_timeout_seconds <= 0:
            raise WrongValue("action_timeout_seconds", "more than 0")
