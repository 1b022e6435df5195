"""A declared API call, as values: what is sent, what its answers mean, what is said then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cs_bot.stages.task.json_path import JsonPath

OK, NOT_FOUND, FAILED = "ok", "not_found", "failed"


@dataclass(frozen=True, slots=True)
class Written:
    """A text with `${NAME}` in it, and the place it stands at."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class ApiOutcome:
    """One kind of answer: by which statuses and values it is known, what is kept and said."""

    name: str
    statuses: tuple[int, ...] = ()
    """A number below 10 stands for its hundreds: 2 for 200 to 299."""
    when: tuple[tuple[JsonPath, Any], ...] = ()
    """Places in the answer and the values that they must have."""
    slots: Mapping[str, JsonPath] = field(default_factory=dict)
    values: Mapping[str, JsonPath] = field(default_factory=dict)
    """What only the response needs."""
    say: str | None = None
    """A response; `{name}` in it is a slot or a value of this answer."""
    ask_again: tuple[str, ...] = ()
    """Slots that are emptied and asked for again."""

    def has_status(self, status: int) -> bool:
        """Tell whether an answer of this status may be of this kind."""
        return status in self.statuses or status // 100 in self.statuses

    @property
    def reads_body(self) -> bool:
        """Tell whether the answer must be JSON."""
        return bool(self.when or self.slots or self.values)


@dataclass(frozen=True, slots=True)
class Api:
    """An action that is one HTTP request; `{slot}` in its texts is the value of a slot."""

    name: str
    method: str
    url: Written
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Written] = field(default_factory=dict)
    json: Any = None
    timeout_seconds: float = 3.0
    """Of one attempt."""
    changes: bool = False
    key_header: str | None = None
    """The header that carries the idempotency key; None where the service knows no keys."""
    key: str | None = None
    """What makes two requests the same one; None takes the customer's message."""
    outcomes: tuple[ApiOutcome, ...] = ()
    """Those that look at the body first; `failed` is not among them."""
    failed: str | None = None
    """What is said when it did not work."""
