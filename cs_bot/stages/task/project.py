"""What a task project says, as plain values: the policy, the reader and the words work on these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cs_bot.errors import UnknownName
from cs_bot.stages.task.api import Api
from cs_bot.stages.task.story import Story, told_intents
from cs_bot.types import NLU_FALLBACK as NLU_FALLBACK  # also read from here

OUT_OF_SCOPE = "out_of_scope"
DEFAULT_INTENTS = frozenset({"restart", "back", "session_start", OUT_OF_SCOPE, NLU_FALLBACK})
"""Intents that every bot has without declaring them, as in Rasa."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a slot mapping counts: which form runs, which slot is awaited.

    None means any; an empty name means that no form runs, that no slot is awaited.
    """

    active_loop: str | None = None
    requested_slot: str | None = None


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """One way to fill a slot, of the kinds Rasa has: `from_entity`, `from_text`, `custom` ..."""

    type: str
    entity: str | None = None
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    value: Any = None
    conditions: tuple[Condition, ...] = ()
    role: str | None = None
    group: str | None = None
    action: str | None = None
    """Of a `custom` mapping, the action that finds the value."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A value the bot may hold; its type is one of Rasa's, `any` for a class of the project's own.

    `values` are those a categorical slot knows; `least` and `most` bound a float.
    """

    name: str
    type: str = "any"
    initial: Any = None
    mappings: tuple[SlotMapping, ...] = ()
    influences: bool = True
    """Whether decisions look at it (`influence_conversation`)."""
    values: tuple[Any, ...] = ()
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True, slots=True)
class EntityKind:
    """An entity that the domain declares, with the roles and groups it may stand in."""

    name: str
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    influences: bool = True
    """Whether decisions look at it (`influence_conversation`)."""


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
    url: str | None = None
    """The address a link opens, which says nothing to the bot."""


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to say a response; `needs` are slot values that must hold for it to be said.

    `attachment`, `custom` and `elements` are JSON values as written.
    """

    text: str | None = None
    image: str | None = None
    choices: tuple[Choice, ...] = ()
    channel: str | None = None
    needs: tuple[tuple[str, Any], ...] = ()
    attachment: Any = None
    custom: Any = None
    elements: tuple[Any, ...] = ()


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
class Session:
    """When a conversation starts anew; 0 minutes means never."""

    expires_minutes: float = 60.0
    carries_slots: bool = True


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a `config.yml` says of certainty; without one, our own settings alone count."""

    nlu: float | None = None
    """Confidence below which a message has the intent `nlu_fallback`; None: none ever has."""
    ambiguity: float | None = None
    """How near the second intent may come before a message has the intent `nlu_fallback`."""
    core: float | None = None
    """Confidence below which `core_action` is run; None: it never is."""
    core_action: str = "action_default_fallback"
    max_history: int | None = None
    """How many turns a remembered story looks back; None: to its start."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the files to know about: what, what happens instead, what to do about it.

    It is `replaced` where our own does the same job and nothing needs to be done.
    """

    where: str
    what: str
    effect: str
    remedy: str = ""
    replaced: bool = False

    def __str__(self) -> str:
        return "; ".join(filter(None, (f"{self.where}: {self.what}", self.effect, self.remedy)))


@dataclass(frozen=True, slots=True)
class Project:
    """Everything the files of one bot say about its tasks."""

    directory: Path
    intents: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    kinds: Mapping[str, EntityKind] = field(default_factory=dict)
    """The entities of the domain with their roles and groups."""
    used_entities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For intents with `use_entities` or `ignore_entities`: what decisions look at."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    forms: Mapping[str, TaskForm] = field(default_factory=dict)
    responses: Mapping[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    apis: Mapping[str, Api] = field(default_factory=dict)
    """Actions that are one HTTP request."""
    session: Session = field(default_factory=Session)
    examples: tuple[Example, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """The metadata of examples by intent and text, of a whole intent by intent and nothing."""
    stories: tuple[Story, ...] = ()
    """Stories and rules."""
    tasks: tuple[Task, ...] = ()
    domain: Mapping[str, Any] = field(default_factory=dict)
    """The domain as written, which actions are given."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    joins: str = "+"
    """What stands between the names of an intent that is several at once: `greet+ask_price`."""
    dimensions: tuple[str, ...] = ()
    """Entities that a recogniser of the pipeline finds (`number`, `time` of Duckling)."""
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

    def parts_of(self, intent: str) -> tuple[str, ...]:
        """Return the intents of which one is made, nothing for a plain one."""
        names = tuple(name.strip() for name in intent.split(self.joins))
        known = {*self.intents, *(name for task in self.tasks for name in task.intents)}
        return names if len(names) > 1 and known.issuperset(names) else ()

    def retrieval_intents(self) -> frozenset[str]:
        """Return the intents whose examples are of `intent/key`, each key with its response."""
        names = (example.intent.partition("/") for example in self.examples)
        return frozenset(intent for intent, slash, _ in names if slash)

    def question_of(self, form: str, slot: str) -> str | None:
        """Return the action or response that asks a form's slot, None where the project has none.

        What asks for the slot of this form comes before what asks for it anywhere, an action
        before a response.
        """
        endings = (f"{form}_{slot}", slot)
        names = (f"{kind}_ask_{ending}" for ending in endings for kind in ("action", "utter"))
        known = {*self.actions, *self.responses}
        return next((name for name in names if name in known), None)

    def is_custom(self, slot: str) -> bool:
        """Tell whether only an action can find the value of this slot in a message."""
        mappings = self.slots[slot].mappings if slot in self.slots else ()
        return any(mapping.type == "custom" for mapping in mappings)

    def names_thing(self, slot: str) -> bool:
        """Tell whether an entity fills the slot: then its value is the same for every task."""
        mappings = self.slots[slot].mappings if slot in self.slots else ()
        return any(mapping.type == "from_entity" for mapping in mappings)

    def used_intents(self) -> frozenset[str]:
        """Return the intents that do something: start a task, fill a slot, go on with a story."""
        mappings = [mapping for slot in self.slots.values() for mapping in slot.mappings]
        filling = {name for m in mappings for name in (*m.intents, *m.not_intents)}
        starting = {name for task in self.tasks for name in task.intents}
        used = filling | starting | told_intents(self.stories)
        joint = {name for name in self.intents if used.intersection(self.parts_of(name))}
        return frozenset(used | joint)
