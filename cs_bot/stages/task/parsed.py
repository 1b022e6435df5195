"""Reads a message as Rasa writes it down once it is parsed: its intent and its entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cs_bot.types import Entity, Intent, Reading


def reading_of(parsed: Any) -> tuple[str | None, Reading]:
    """Return the intent that was told, None where none was, and the reading."""
    told = parsed if isinstance(parsed, Mapping) else {}
    intent = told.get("intent")
    name = intent.get("name") if isinstance(intent, Mapping) else intent
    if not isinstance(name, str) or not name:
        return None, Reading(entities=tuple(_entities(told.get("entities"))))
    group, slash, _ = name.partition("/")
    intents = (Intent(group, 1.0),)
    entities = tuple(_entities(told.get("entities")))
    return group, Reading(intents, entities, 0.0, name if slash else None)


def _entities(written: Any) -> Iterator[Entity]:
    for one in written if isinstance(written, list | tuple) else ():
        if isinstance(one, Mapping) and isinstance(one.get("entity"), str):
            start, end = _place(one.get("start")), _place(one.get("end"))
            via = str(one.get("extractor") or "action")
            role, group = one.get("role"), one.get("group")
            yield Entity(one["entity"], one.get("value"), start, end, via, role, group)


def _place(written: Any) -> int:
    return written if isinstance(written, int) else 0
