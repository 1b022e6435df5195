"""What a recogniser finds: a place in the message, and the value that stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` says `value`."""

    start: int
    end: int
    value: Any
