"""One event as somebody wrote it: its fields, checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.stages.task.actions.outcome import LONGEST_TEXT, LONGEST_VALUE

LONGEST_NAME = 200


class Written:
    """One event as it was written, and where it stands."""

    def __init__(self, event: Any, where: str) -> None:
        if not isinstance(event, dict):
            raise BadInput(
                "it is no JSON object", where=where, remedy='write {"event": "slot", ...}'
            )
        self._event: Mapping[str, Any] = event
        self.where = where

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """Return a text that must be there."""
        value = self._event.get(name)
        if not isinstance(value, str) or not value:
            raise self.wrong(name, f"{name!r} must be text", f'write "{name}": "..."')
        if self._characters(name, value) > longest:
            found = len(value)
            raise self.wrong(name, f"{name!r} has {found} characters", f"send at most {longest}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return a text, None where there is none or null."""
        return None if self._event.get(name) is None else self.text(name, LONGEST_NAME)

    def value(self, name: str) -> Any:
        """Return any JSON value that can be kept."""
        value = self._event.get(name)
        characters = self._characters(name, value)
        most = LONGEST_TEXT if isinstance(value, str) else LONGEST_VALUE
        if characters > most:
            raise self.wrong(name, f"{name!r} has {characters} characters", f"send at most {most}")
        return value

    def _characters(self, name: str, value: Any) -> int:
        try:
            written = json.dumps(value, ensure_ascii=False, allow_nan=False)
            written.encode()
        except (ValueError, RecursionError):
            raise self.wrong(name, f"{name!r} is no JSON", "send JSON in UTF-8") from None
        return len(value) if isinstance(value, str) else len(written)

    def table(self, name: str) -> dict[str, Any]:
        """Return a JSON object, an empty one where there is none or null."""
        value = self.value(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, f"{name!r} must be an object", f'write "{name}": {{}}')
        return value or {}

    def time(self, now: float) -> float:
        """Return the time it names, else `now`."""
        at = self._event.get("timestamp")
        if at is None:
            return now
        if isinstance(at, bool) or not isinstance(at, int | float) or not _is_time(at):
            raise self.wrong(
                "timestamp", "'timestamp' must be seconds since 1970", "or leave it out"
            )
        return float(at)

    def has(self, name: str) -> bool:
        """Tell whether it carries this field, be it null."""
        return name in self._event

    def wrong(self, name: str, what: str, remedy: str) -> BadInput:
        """Return the error of one field."""
        return BadInput(what, where=f"{self.where}.{name}", remedy=remedy)


def _is_time(at: float) -> bool:
    return math.isfinite(at) and 0 <= at < 1e11


def understood(written: Written, parsed: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    """Return intent and entities of parse data; raises `BadInput`."""
    intent, found = parsed.get("intent") or {}, parsed.get("entities") or []
    name = intent.get("name") if isinstance(intent, dict) else 0
    names = [one.get("entity") if isinstance(one, dict) else 0 for one in _listed(found)]
    if not isinstance(name, str | None):
        raise written.wrong(
            "parse_data.intent", "the intent has no name", 'write {"name": "greet"}'
        )
    if not isinstance(found, list) or not all(isinstance(one, str) for one in names):
        raise written.wrong(
            "parse_data.entities", "an entity has no name", 'write {"entity": "city", ...}'
        )
    return name, tuple(dict.fromkeys(map(str, names)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
