"""All that a task project teaches: how messages are read, and what is done where no rule says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np

from cs_bot import __version__
from cs_bot.models.encoders import Encoder
from cs_bot.stages.task.dialogue.features import features_of
from cs_bot.stages.task.dialogue.learned import Learned
from cs_bot.stages.task.dialogue.policies import filled_by_entities, learned_from
from cs_bot.stages.task.doing import OWN_ACTIONS
from cs_bot.stages.task.nlu import Background, IntentModel, train
from cs_bot.stages.task.project import Example, Project
from cs_bot.stages.task.story import Acted, steps_of
from cs_bot.stages.task.tasks import stories_of

FORMAT = 3
"""Grows when training or the file changes, so that models made the old way are trained again."""


@dataclass(frozen=True, slots=True)
class TaskModel:
    """What one training made; None where there was nothing to tell apart, nothing to choose."""

    reading: IntentModel | None
    learned: Learned | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a version cannot answer for a project; as text, the end of a sentence."""

    kind: Literal["intent", "entity", "action", "encoder", "damaged"]
    """Of the name that the project lacks; or another encoder, or weights that are not whole."""
    name: str = ""
    """The first such name, or the encoder that it was trained with."""
    more: int = 0
    """How many other such names there are."""

    def __str__(self) -> str:
        if self.kind == "damaged":
            return "its weights are damaged, or of another release of cs_bot"
        if self.kind == "encoder":
            return f"it was trained with another encoder, {self.name}"
        more = f" and {self.more} more" if self.more else ""
        return f"it knows the {self.kind} {self.name!r}{more}, which the project's files lack"


def trained_model(project: Project, background: Background, encoder: Encoder) -> TaskModel:
    """Return what a project teaches; raises `EncoderDown`.

    Encoding time and some tenths of a second, minutes for tens of thousands of examples: for a
    lane.
    """
    return TaskModel(train(project, background, encoder), learned_from(project))


def about(project: Project, model: TaskModel, encoder: Encoder) -> dict[str, Any]:
    """Return what is worth knowing of a model beside its weights, as JSON values."""
    return {
        "format": FORMAT,
        "cs_bot": __version__,
        "numpy": np.__version__,
        "encoder": encoder.name,
        "examples": len(project.examples),
        "intents": len(model.reading.intents) if model.reading else 0,
        "entities": len(project.entities),
        "stories": len(project.stories or stories_of(project.tasks)),
    }


def files_digest(project: Project) -> str:
    """Return a digest of all in a project's files that is learnt from: no response, no line."""
    stories = project.stories or stories_of(project.tasks)
    mentioned = sorted(project.slots)
    learnt = (
        [_example(example) for example in project.examples],
        [(pattern.entity, pattern.expression) for pattern in project.patterns],
        sorted(project.used_intents()),
        project.entities,
        project.dimensions,
        _plain(stories),
        _plain(features_of(project, mentioned)),
        _plain(filled_by_entities(project)),
    )
    return _digest(learnt)


def training_key(files: str, background: Background, encoder_name: str) -> str:
    """Return a digest of everything that a model is trained on; `files` is `files_digest`."""
    return _digest((FORMAT, encoder_name, files, background.questions))


def unfit(model: TaskModel, project: Project) -> Unfit | None:
    """Return why a model cannot serve a project, None where it can."""
    for kind, told, known in _names(model, project):
        gone = sorted(told - known)
        if gone:
            return Unfit(kind, gone[0], len(gone) - 1)
    return None


def _names(
    model: TaskModel, project: Project
) -> Iterator[tuple[Literal["intent", "entity", "action"], Set[str], Set[str]]]:
    """Yield for each kind of name the names that a model may say, and those of the project."""
    reading = model.reading
    if reading is not None:
        yield "intent", set(reading.intents), {*project.intents, *project.used_intents()}
        if reading.spans is not None:
            known = {*project.entities, *(m.entity for e in project.examples for m in e.entities)}
            yield "entity", {name for name, _, _ in reading.spans.names}, known
    if model.learned is not None:
        yield "action", set(model.learned.actions), _actions(project)


def _actions(project: Project) -> set[str]:
    stories = project.stories or stories_of(project.tasks)
    told = (step for story in stories for step in steps_of(story))
    acted = {step.action for step in told if isinstance(step, Acted) and step.action}
    return {*acted, *project.actions, *project.forms, *project.responses, *OWN_ACTIONS}


def _example(example: Example) -> tuple[Any, ...]:
    marked = [(one.entity, one.start, one.end, one.role, one.group) for one in example.entities]
    return example.text, example.intent, marked


def _plain(value: Any) -> Any:
    """Return JSON values for anything of a project, in one order and without places in files."""
    if is_dataclass(value):
        own = ((one.name, getattr(value, one.name)) for one in fields(value))
        return [type(value).__name__, {n: _plain(v) for n, v in own if n != "where"}]
    if isinstance(value, Mapping):
        return sorted(([str(key), _plain(one)] for key, one in value.items()), key=repr)
    if isinstance(value, Set):
        return sorted((_plain(one) for one in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _digest(values: tuple[Any, ...]) -> str:
    return blake2b(json.dumps(values, default=str).encode(), digest_size=16).hexdigest()
