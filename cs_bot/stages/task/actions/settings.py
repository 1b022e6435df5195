"""`[stages.task.actions]` and `[stages.task.action_server]`: how actions are run."""

from __future__ import annotations

from dataclasses import dataclass

from cs_bot.settings import WrongValue


@dataclass(frozen=True, slots=True)
class ActionServerSettings:
    """An action server of rasa-sdk's protocol; without a URL `endpoints.yml` is read."""

    url: str = ""
    token_env: str = "CS_BOT_ACTION_SERVER_TOKEN"  # noqa: S105 - a name, no token
    """The environment variable that holds the token, if there is one."""
    deflate: bool = False
    """Compress the requests, wherever the server was found."""


@dataclass(frozen=True, slots=True)
class ActionSettings:
    """When actions are run again, left alone, and whether they change anything."""

    attempts: int = 3
    """How often an execution is tried in all, where that is safe."""
    backoff_seconds: float = 0.2
    """The longest wait before the second attempt; it doubles with each further one."""
    most_backoff_seconds: float = 2.0
    rest_after: int = 5
    """Failures in a row after which an action is left alone."""
    rest_seconds: float = 30.0
    handoff_after: int = 2
    """Failed tasks in a row after which the customer is no longer asked to try again."""
    idempotent: tuple[str, ...] = ()
    """Actions that may be run twice: they only read, or honour the idempotency key."""
    changing: tuple[str, ...] = ()
    """Actions that change something outside."""

    def __post_init__(self) -> None:
        for name in ("attempts", "rest_after", "handoff_after"):
            if getattr(self, name) < 1:
                raise WrongValue(name, "1 or more")
        for name in ("backoff_seconds", "most_backoff_seconds", "rest_seconds"):
            if getattr(self, name) < 0:
                raise WrongValue(name, "0 or more")
