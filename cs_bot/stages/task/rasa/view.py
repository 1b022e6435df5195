"""A project seen as a whole: what its rules, stories, buttons and code name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cs_bot.stages.task.project import DEFAULT_INTENTS, Project, Variation
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.recognisers.recognise import NAMES
from cs_bot.stages.task.story import Acted, Checkpoint, Looped, Spoke, Step, steps_of

_MADE_UP = re.compile(r"""(utter_[\w/-]*)(?:\{|["']\s*(?:\+|%|\.format))""")
"""The beginning of a response's name in code that puts the rest together."""


Told = tuple[Node, str, str, str]
"""A place, what is there, what happens instead, what to do."""


@dataclass(frozen=True)
class View:
    """A project, and what was noted while it was read."""

    project: Project
    draft: Draft

    @cached_property
    def steps(self) -> tuple[Step | Checkpoint, ...]:
        """All steps of all rules and stories."""
        return tuple(step for story in self.project.stories for step in steps_of(story))

    @cached_property
    def run(self) -> frozenset[str]:
        """Actions, forms and responses that rules and stories name."""
        acted = {step.action for step in self.steps if isinstance(step, Acted)}
        looped = {step.loop for step in self.steps if isinstance(step, Looped)}
        return frozenset(name for name in acted | looped if name)

    @cached_property
    def code(self) -> str:
        """The Python of the actions that lie in the project, all together."""
        return "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in _code_files(self.project.directory)
        )

    @property
    def is_code_away(self) -> bool:
        """Whether there are actions, and none of their code is in the project."""
        run = set(self.project.actions) - self.project.apis.keys()
        return not self.code and any(not name.startswith("utter_") for name in run)

    @cached_property
    def answered(self) -> frozenset[str]:
        """What declared APIs say of their answers."""
        apis = self.project.apis.values()
        said = (outcome.say for api in apis for outcome in api.outcomes)
        return frozenset(name for name in (*said, *(api.failed for api in apis)) if name)

    @cached_property
    def made_up(self) -> frozenset[str]:
        """Beginnings of the names of responses that code or declared APIs put together."""
        declared = (name.partition("{")[0] for name in self.answered if "{" in name)
        return frozenset((*_MADE_UP.findall(self.code), *declared))

    @cached_property
    def learnt(self) -> frozenset[str]:
        """Intents that have examples, and those that need none."""
        examples = {example.intent.partition("/")[0] for example in self.project.examples}
        return DEFAULT_INTENTS | examples

    @cached_property
    def followed(self) -> frozenset[str]:
        """Intents that rules, stories, slots, forms or code name, or whose entities fill slots."""
        told = {s.intent.partition("/")[0] for s in self.steps if isinstance(s, Spoke) and s.intent}
        slots, forms = self.project.slots.values(), self.project.forms.values()
        mappings = [mapping for slot in slots for mapping in slot.mappings]
        filling = {name for m in mappings for name in (*m.intents, *m.not_intents)}
        ignored = {name for form in forms for name in form.ignored_intents}
        coded = {name for name in self.project.intents if name in self.code}
        giving = {
            example.intent.partition("/")[0]
            for example in self.project.examples
            if any(mention.entity in self.mapped for mention in example.entities)
        }
        plain = frozenset(
            DEFAULT_INTENTS | told | filling | ignored | coded | giving | self.pressed
        )
        joint = {name for name in self.project.intents if plain & {*self.project.parts_of(name)}}
        return plain | joint

    @cached_property
    def mapped(self) -> frozenset[str]:
        """Entities that fill slots."""
        slots = self.project.slots.values()
        return frozenset(m.entity for slot in slots for m in slot.mappings if m.entity)

    @cached_property
    def pressed(self) -> frozenset[str]:
        """Intents that buttons state together with entities, which may fill slots."""
        payloads = (c.payload for _, v in variations(self.project) for c in v.choices)
        stated = (payload[1:].partition("{") for payload in payloads if payload.startswith("/"))
        return frozenset(intent.strip() for intent, brace, _ in stated if brace)

    @cached_property
    def findable(self) -> frozenset[str]:
        """Entities that something finds: annotations, patterns, a recogniser of their name."""
        patterns = {pattern.entity for pattern in self.project.patterns}
        named = {name for name in self.project.entities if name.replace("_", "-") in NAMES}
        return frozenset({*self.draft.annotated, *patterns, *self.project.dimensions, *named})

    def place(self, kind: str, name: str) -> Node:
        """Return where a name is declared."""
        return self.draft.placed[kind, name]


def _code_files(directory: Path) -> Iterator[Path]:
    yield from directory.glob("*.py")
    yield from (directory / "actions").rglob("*.py")


def at(where: str) -> Node:
    """Return the place that `file:line` names."""
    file, _, line = where.rpartition(":")
    return Node(None, file, int(line))


def variations(project: Project) -> Iterator[tuple[str, Variation]]:
    """Yield the variations of all responses with the names of these."""
    for name, variations in project.responses.items():
        yield from ((name, variation) for variation in variations)
