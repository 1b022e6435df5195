"""Finds entities by the regular expressions, lookups and synonyms of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.stages.task.project import Project
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

    def find(self, text: str) -> tuple[Entity, ...]:
        """Return the entities in reading order; of overlapping ones of a kind, the longest."""
        found = sorted(self._all(text), key=lambda item: (item.start, -item.end))
        kept: list[Entity] = []
        for entity in found:
            if not any(_hides(other, entity) for other in kept):
                kept.append(entity)
        return tuple(kept)

    def _all(self, text: str) -> Iterator[Entity]:
        searched = folded(text[:_LONGEST_SEARCHED])
        for name, pattern in self._patterns:
            for match in pattern.finditer(searched):
                words = match[0].strip()
                if words:
                    start = match.start() + match[0].index(words)
                    value = self._synonyms.get(words.casefold(), words)
                    yield Entity(name, value, start, start + len(words), "pattern")


def _hides(longer: Entity, entity: Entity) -> bool:
    same = longer.name == entity.name
    return same and longer.start <= entity.start and entity.start < longer.end
