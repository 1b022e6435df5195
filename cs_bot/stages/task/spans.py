"""Finds entities as the annotations of a project teach it, with their roles and groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cs_bot.stages.task.entities import EntityFinder
from cs_bot.stages.task.project import Example, Project
from cs_bot.stages.task.understanding.tagger import Tagger, trained_tagger
from cs_bot.types import Entity

VIA = "model"

_RARE_FEATURES = 2_000
"""Examples from which on a feature that one token alone has is not worth its weight."""

Name = tuple[str, str | None, str | None]
"""Entity, role, group."""


@dataclass(frozen=True, slots=True, eq=False)
class SpanModel:
    """A tagger whose names are numbers of `names`."""

    tagger: Tagger
    names: tuple[Name, ...]

    def find(self, text: str, synonyms: Mapping[str, str]) -> tuple[Entity, ...]:
        """Return the entities in reading order; a value that has a synonym stands for that."""
        return tuple(self._entities(text, synonyms))

    def _entities(self, text: str, synonyms: Mapping[str, str]) -> Iterator[Entity]:
        for start, end, number in self.tagger.spans(text):
            entity, role, group = self.names[int(number)]
            words = text[start:end]
            value = synonyms.get(words.casefold(), words)
            yield Entity(entity, value, start, end, VIA, role, group)


def trained_spans(project: Project) -> SpanModel | None:
    """Return what the annotations teach, None where there are none; some tenths of a second."""
    known = _found_by_patterns(project)
    marked = [
        [span for span in _marked(example) if span[2] not in known] for example in project.examples
    ]
    names = tuple(dict.fromkeys(name for row in marked for _, _, name in row))
    number = {name: str(at) for at, name in enumerate(names)}
    nothing: Sequence[str] = [""] * len(marked)
    tagger = trained_tagger(
        [example.text for example in project.examples],
        [[(start, end, number[name]) for start, end, name in row] for row in marked],
        [()] * len(marked),
        nothing,
        least=2 if len(marked) >= _RARE_FEATURES else 1,
    )
    return None if tagger is None else SpanModel(tagger, names)


def _found_by_patterns(project: Project) -> set[Name]:
    """Return the entities of which patterns find every annotated one: these say all there is."""
    finder = EntityFinder(project)
    found, missed = set[Name](), set[Name]()
    for example in project.examples:
        places = {(one.name, one.start, one.end) for one in finder.find(example.text)}
        for start, end, name in _marked(example):
            (found if (name[0], start, end) in places else missed).add(name)
    return {name for name in found - missed if name[1] is None and name[2] is None}


def _marked(example: Example) -> Iterator[tuple[int, int, Name]]:
    for one in example.entities:
        yield one.start, one.end, (one.entity, one.role, one.group)


def joined(found: Iterable[Entity], taught: Iterable[Entity]) -> tuple[Entity, ...]:
    """Return what patterns and recognisers found, and what the annotations add to it.

    Of two finds of one entity in one place the first keeps its value, the second gives its role
    and group, which no pattern knows.
    """
    kept = list(found)
    for entity in taught:
        same = [at for at, other in enumerate(kept) if _overlap(other, entity)]
        for at in same:
            kept[at] = replace(kept[at], role=entity.role, group=entity.group)
        if not same:
            kept.append(entity)
    return tuple(sorted(kept, key=lambda one: (one.start, -one.end)))


def _overlap(one: Entity, other: Entity) -> bool:
    return one.name == other.name and one.start < other.end and other.start < one.end
