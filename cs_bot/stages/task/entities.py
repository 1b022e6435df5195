"""Finds entities by the expressions, lookups and synonyms of the project, and by recognisers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from cs_bot.stages.task.project import Project
from cs_bot.stages.task.recognisers.recognise import NAMES, recognised
from cs_bot.stages.task.text import folded
from cs_bot.types import Entity

_LONGEST_SEARCHED = 4000
"""Characters searched; a value the bot could use does not stand further back."""


class EntityFinder:
    """The patterns of a project, compiled once."""

    def __init__(self, project: Project) -> None:
        self._synonyms = project.synonyms
        self._patterns = tuple(
            (pattern.entity, re.compile(pattern.expression, re.IGNORECASE))
            for pattern in project.patterns
            if pattern.entity in project.entities
        )

        self._recognised = _asked_for(project)

    def find(self, text: str, now: datetime | None = None) -> tuple[Entity, ...]:
        """Return the entities in reading order; of overlapping ones of a kind, the longest.

        Times count from `now`, with its time zone.
        """
        searched = folded(text[:_LONGEST_SEARCHED])
        named = self._recognise(searched, now or datetime.now(UTC))
        found = sorted(
            (*self._patterned(searched), *named), key=lambda item: (item.start, -item.end)
        )
        kept: list[Entity] = []
        for entity in found:
            if not any(_hides(other, entity) for other in kept):
                kept.append(entity)
        return tuple(kept)

    def _recognise(self, searched: str, now: datetime) -> Iterator[Entity]:
        for entity in recognised(searched, self._recognised.values(), now):
            names = [name for name, kind in self._recognised.items() if kind == entity.name]
            yield from (replace(entity, name=name) for name in names)

    def _patterned(self, searched: str) -> Iterator[Entity]:
        for name, pattern in self._patterns:
            for match in pattern.finditer(searched):
                words = match[0].strip()
                if words:
                    start = match.start() + match[0].index(words)
                    value = self._synonyms.get(words.casefold(), words)
                    yield Entity(name, value, start, start + len(words), "pattern")


def _asked_for(project: Project) -> dict[str, str]:
    """Return the entities that recognisers find, each with the kind of its recogniser.

    These are the names that Duckling has, and `phone_number` and the like where the project itself
    does not say how such an entity is found.
    """
    taught = {pattern.entity for pattern in project.patterns}
    taught |= {one.entity for example in project.examples for one in example.entities}
    kinds = {name: name for name in (*project.dimensions, *project.entities) if name in NAMES}
    for name in project.entities:
        kind = name.replace("_", "-")
        if kind in NAMES and name not in taught:
            kinds.setdefault(name, kind)
    return kinds


def _hides(longer: Entity, entity: Entity) -> bool:
    same = longer.name == entity.name
    return same and longer.start <= entity.start and entity.start < longer.end
