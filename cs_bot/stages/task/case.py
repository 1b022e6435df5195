"""What an end-to-end test case says: messages, and what the bot is expected to do after each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cs_bot.stages.task.actions.outcome import ActionOutcome

ANYTHING: Any = object()
"""The value of a slot of which a test says no more than that it is set."""


@dataclass(frozen=True, slots=True)
class Uttering:
    """One message of the bot: all that is told of it must hold. `unwanted`: none may be so."""

    where: str
    step: str
    """The key it was written under: `bot`, `utter`, `bot_uttered`, `bot_did_not_utter`."""
    text: str | None = None
    """The whole text."""
    matches: re.Pattern[str] | None = None
    response: str | None = None
    buttons: tuple[tuple[str, str | None], ...] | None = None
    """Titles and payloads; None stands for any payload."""
    unwanted: bool = False

    def __str__(self) -> str:
        if self.step in ("bot", "utter"):
            return f"{self.step}: {self.text if self.response is None else self.response}"
        told = {
            "utter_name": self.response,
            "text_matches": None if self.matches is None else self.matches.pattern,
            "buttons": None if self.buttons is None else [title for title, _ in self.buttons],
        }
        parts = ", ".join(f"{key} {value!r}" for key, value in told.items() if value is not None)
        return f"{self.step}: {parts}"


@dataclass(frozen=True, slots=True)
class Filling:
    """A slot is set in the turn, to a value or to any; `unwanted`: it is not."""

    where: str
    name: str
    value: Any = ANYTHING
    unwanted: bool = False

    def __str__(self) -> str:
        step = "slot_was_not_set" if self.unwanted else "slot_was_set"
        return f"{step}: {self.name}{'' if self.value is ANYTHING else f': {self.value!r}'}"


@dataclass(frozen=True, slots=True)
class Acting:
    """An action is run in the turn."""

    where: str
    action: str

    def __str__(self) -> str:
        return f"action_executed: {self.action}"


Expected = Uttering | Filling | Acting


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """One message of the customer and what is expected of the bot before the next one."""

    text: str
    where: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Expected, ...] = ()
    """In any order; each takes a happening of its own."""
    assertions: tuple[Expected, ...] = ()
    in_order: bool = False
    """Whether each assertion must hold after what the one before it found."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: a conversation of its own."""

    name: str
    file: str
    where: str
    turns: tuple[CaseTurn, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    """Values that slots hold before the first message."""
    at: datetime | None = None
    """The time at which all of it is said; None is now."""
    stubs: Mapping[str, ActionOutcome] = field(default_factory=dict)
    """What actions return that are not run."""
