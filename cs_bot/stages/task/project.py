"""What a task project says, as plain values: the policy, the reader and the words work on these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cs_bot.errors import UnknownName
from cs_bot.stages.task.story import Story, told_intents


@dataclass(frozen=True, slots=True)
class Condition:
    """When a slot mapping counts: which form runs, which slot is awaited; None means any."""

    active_loop: str | None = None
    requested_slot: str | None = None


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """One way to fill a slot: `from_entity`, `from_text`, `from_intent` or `custom`."""

    type: str
    entity: str | None = None
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    value: Any = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A value the bot may hold."""

    name: str
    type: str = "any"
    initial: Any = None
    mappings: tuple[SlotMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskForm:
    """The slots a task needs, in the order they are asked for."""

    name: str
    required_slots: tuple[str, ...]
    ignored_intents: tuple[str, ...] = ()

    @property
    def validation(self) -> str:
        """The name of the action that checks the values of this form."""
        return f"validate_{self.name}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a response."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to say a response; `needs` are slot values that must hold for it to be said."""

    text: str | None = None
    image: str | None = None
    choices: tuple[Choice, ...] = ()
    channel: str | None = None
    needs: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity marked in an example: `text[start:end]` says it, `value` is what it stands for."""

    entity: str
    value: Any
    start: int
    end: int
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance of an intent; its annotations are taken out of the text and stand beside it."""

    text: str
    intent: str
    entities: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words or a regular expression by which an entity is found."""

    entity: str
    expression: str
    where: str


@dataclass(frozen=True, slots=True)
class Task:
    """A job: the intents that start it, the form it fills (if any), what is done with it."""

    name: str
    intents: tuple[str, ...]
    form: TaskForm | None
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the files that this version does not act on, and what happens instead."""

    where: str
    what: str
    effect: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.effect}"


@dataclass(frozen=True, slots=True)
class Project:
    """Everything the files of one bot say about its tasks."""

    directory: Path
    intents: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)
    forms: Mapping[str, TaskForm] = field(default_factory=dict)
    responses: Mapping[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    session: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    """Stories and rules."""
    tasks: tuple[Task, ...] = ()
    dimensions: tuple[str, ...] = ()
    """Entities that a recogniser of the pipeline finds (`number`, `time` of Duckling)."""
    domain: Mapping[str, Any] = field(default_factory=dict)
    """The domain as written, which actions are given."""
    remarks: tuple[Remark, ...] = ()
    """What is unsupported or looks wrong, for `doctor` and the log."""

    def task(self, name: str) -> Task:
        """Return a task by its name or its form's; raises `UnknownName`."""
        for task in self.tasks:
            if name == task.name or (task.form is not None and name == task.form.name):
                return task
        raise UnknownName("task", name, (task.name for task in self.tasks))

    def task_of(self, intent: str) -> Task | None:
        """Return the task that an intent starts."""
        return next((task for task in self.tasks if intent in task.intents), None)

    def is_custom(self, slot: str) -> bool:
        """Tell whether only an action can find the value of this slot in a message."""
        mappings = self.slots[slot].mappings if slot in self.slots else ()
        return any(mapping.type == "custom" for mapping in mappings)

    def used_intents(self) -> frozenset[str]:
        """Return the intents that do something: start a task, fill a slot, go on with a story."""
        mappings = [mapping for slot in self.slots.values() for mapping in slot.mappings]
        filling = {name for m in mappings for name in (*m.intents, *m.not_intents)}
        starting = {name for task in self.tasks for name in task.intents}
        return frozenset(filling | starting | told_intents(self.stories))
