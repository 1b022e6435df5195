"""Entities of a message as events keep them, for a task that takes them later; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cs_bot.types import Entity

Told = tuple[Mapping[str, Any], ...]

_VIA = "earlier"


def told_of(entities: Iterable[Entity]) -> Told:
    """Return the entities as JSON values; where they stood in the message is left out."""
    return tuple(
        {"name": one.name, "value": one.value, "role": one.role, "group": one.group}
        for one in entities
    )


def entities_of(told: Told) -> tuple[Entity, ...]:
    """Return the entities again."""
    return tuple(
        Entity(str(one["name"]), one.get("value"), 0, 0, _VIA, one.get("role"), one.get("group"))
        for one in told
    )
