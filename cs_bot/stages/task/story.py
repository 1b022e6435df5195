"""Stories and rules as plain values: what customers say, what the bot does, what then holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FILLED = "filled"
"""The value of a slot of which a story says no more than that it is set."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity of a message: its name, and role and group where it has them."""

    entity: str
    value: Any = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Spoke:
    """The customer says something: an intent with entities, or (end to end) only words."""

    intent: str | None
    entities: tuple[Named, ...] = ()
    text: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """The bot runs an action, or (end to end) says words."""

    action: str | None
    text: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Looped:
    """A loop (a form) is active from now on; None: none is."""

    loop: str | None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot has a value from now on; None empties it."""

    slot: str
    value: Any
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The active loop could not use the message."""

    loop: str


Step = Spoke | Acted | Looped | Filled | Rejected


@dataclass(frozen=True, slots=True)
class Either:
    """One of several ways to go on, each some steps."""

    ways: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A name by which stories are tied together, where these slots have these values."""

    name: str
    slots: tuple[Filled, ...] = ()
    where: str = ""


Written = Step | Either | Checkpoint


@dataclass(frozen=True, slots=True)
class Story:
    """A story or rule as written."""

    name: str
    steps: tuple[Written, ...]
    where: str
    is_rule: bool = False
    condition: tuple[Looped | Filled, ...] = ()
    """What must hold for a rule."""
    waits: bool = True
    """Whether the bot listens after the last step of a rule."""
    at_start: bool = False
    """Whether a rule holds at the start of a conversation only."""


@dataclass(frozen=True, slots=True)
class Path:
    """A story or rule without alternatives and checkpoints: one conversation."""

    story: Story
    steps: tuple[Step, ...]
    loose_start: bool = False
    """Whether anything may come before: it begins at a checkpoint that no story leads to."""


def steps_of(story: Story) -> Iterable[Step | Checkpoint]:
    """Yield all steps of a story, those of all alternatives."""
    for step in story.steps:
        if isinstance(step, Either):
            yield from (one for way in step.ways for one in way)
        else:
            yield step


UNLIKELY = "action_unlikely_intent"


def expects_the_unlikely(story: Story) -> bool:
    """Tell whether a story waits for what only Rasa's UnexpecTEDIntentPolicy ever does."""
    return any(isinstance(step, Acted) and step.action == UNLIKELY for step in steps_of(story))


def told_intents(stories: Iterable[Story]) -> frozenset[str]:
    """Return the intents that messages of these stories have, of retrieval intents the group."""
    steps = (step for story in stories for step in steps_of(story))
    named = (step.intent for step in steps if isinstance(step, Spoke) and step.intent)
    return frozenset(name.partition("/")[0] for name in named)
