"""Reads all files of a task project; the names in them are checked against each other after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from cs_bot.errors import BadInput
from cs_bot.stages.task.project import NLU_FALLBACK, Project, Remark, Thresholds
from cs_bot.stages.task.rasa.advice import advise
from cs_bot.stages.task.rasa.apis import read_apis
from cs_bot.stages.task.rasa.config import CONFIG_KEYS, DEFAULT_THRESHOLDS, read_config
from cs_bot.stages.task.rasa.domain import DOMAIN_KEYS, read_domain, used_entities
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.files import (
    is_test,
    is_training,
    setting_file,
    training_files,
    yaml_files,
)
from cs_bot.stages.task.rasa.legacy import read_json, read_markdown
from cs_bot.stages.task.rasa.names import check_names
from cs_bot.stages.task.rasa.nodes import Node, read_yaml
from cs_bot.stages.task.rasa.services import read_credentials, read_endpoints
from cs_bot.stages.task.rasa.slots import filled_slots
from cs_bot.stages.task.rasa.stories import note_names, read_stories
from cs_bot.stages.task.rasa.training import read_training
from cs_bot.stages.task.story import UNLIKELY, Story, expects_the_unlikely, told_intents
from cs_bot.stages.task.tasks import tasks_of

_SETTINGS: tuple[tuple[str, Callable[[Node, Draft], None]], ...] = (
    ("config", read_config),
    ("endpoints", read_endpoints),
    ("credentials", read_credentials),
)

_KEYS = DOMAIN_KEYS | {"nlu", "rules", "stories", "apis"}


def load_project(directory: Path) -> Project:
    """Read a directory of Rasa 3.1 YAML; raises `BadInput` with file, line and remedy."""
    if not directory.is_dir():
        raise BadInput(
            "there is no such folder", where=str(directory), remedy="give the folder of the tasks"
        )
    draft = Draft(directory)
    for folder in (directory, *_imported(directory)):
        _read_folder(folder, draft)
    for name, read in _SETTINGS:
        path = setting_file(directory, name)
        if path is not None:
            read(_root(path, directory, draft), draft)
    for story in draft.stories:
        note_names(story, draft)
        if expects_the_unlikely(story):
            draft.remarks.append(_unlikely(story))
    check_names(draft)
    project = _project(directory, draft)
    return advise(project, draft)


def _imported(directory: Path) -> Iterator[Path]:
    """Yield the folders outside the project that its `config.yml` imports, as Rasa does."""
    path = setting_file(directory, "config")
    imports = read_yaml(path).child("imports") if path is not None else None
    for node in imports.elements() if imports is not None else ():
        folder = (directory / node.text()).resolve()
        if not folder.is_dir():
            raise node.wrong(f"there is no folder {node.text()!r} to import", "correct the path")
        if not folder.is_relative_to(directory.resolve()):
            yield folder


def _read_folder(directory: Path, draft: Draft) -> None:
    for path in yaml_files(directory):
        if is_training(path, directory):
            _read_file(path, _root(path, directory, draft), draft)
        else:
            _read_other(path, directory, draft)
    for path in training_files(directory, ".md"):
        read_markdown(path, _shown(path, directory), draft)
    for path in training_files(directory, ".json"):
        read_json(path, _shown(path, directory), draft)


def _read_other(path: Path, directory: Path, draft: Draft) -> None:
    """Read a file that lies where Rasa would not look, if it is one of the project at all."""
    at_top = path.parent == directory
    try:
        root = _root(path, directory, draft)
    except BadInput as error:
        if at_top:
            raise
        draft.remarks.append(Remark(error.where, error.what, "the file is skipped", error.remedy))
        return
    if root.value is None or (isinstance(root.value, dict) and _KEYS & set(root.keys())):
        _read_file(path, root, draft)
    elif at_top and not (isinstance(root.value, dict) and CONFIG_KEYS & set(root.keys())):
        what = "nothing in this file is part of a bot"
        draft.remark(root, what, "it is skipped", f"use the keys {', '.join(sorted(_KEYS))}")


def _thresholds(draft: Draft) -> Thresholds:
    """Return those of `config.yml`; without one, Rasa's own where a rule needs them."""
    needed = not draft.has_config and NLU_FALLBACK in told_intents(draft.stories)
    return DEFAULT_THRESHOLDS if needed else draft.thresholds


def _unlikely(story: Story) -> Remark:
    what = f"the story {story.name!r} waits for {UNLIKELY}"
    effect = "it is not followed, for no message is too unlikely here"
    return Remark(story.where, what, effect, "take it out, or tell it without that action")


def _shown(path: Path, directory: Path) -> str:
    return str(path.relative_to(directory.parent))


def _root(path: Path, directory: Path, draft: Draft) -> Node:
    shown = _shown(path, directory)
    draft.files[shown] = path.parent
    return read_yaml(path, shown=shown)


def _read_file(path: Path, root: Node, draft: Draft) -> None:
    for key, node in root.items():
        if key == "nlu":
            read_training(node, draft)
        elif key in ("rules", "stories"):
            if not is_test(path):
                draft.stories.extend(read_stories(node, key))
        elif key == "apis":
            read_apis(node, draft)
        elif not read_domain(key, node, draft):
            draft.leave_out(node, f"the key `{key}`", "it is skipped")


def _project(directory: Path, draft: Draft) -> Project:
    return Project(
        directory=directory,
        intents=tuple(draft.intents),
        entities=tuple(draft.entities),
        kinds=draft.kinds,
        used_entities=used_entities(draft),
        slots=filled_slots(draft),
        forms=draft.forms,
        responses=draft.responses,
        actions=tuple(draft.actions),
        apis=draft.apis,
        session=draft.session,
        examples=tuple(example for example, _ in draft.examples),
        patterns=tuple(draft.patterns),
        synonyms=draft.synonyms,
        metadata=draft.metadata,
        stories=tuple(story for story in draft.stories if not expects_the_unlikely(story)),
        tasks=tasks_of(draft.stories, draft.forms, draft.intents),
        domain=draft.domain,
        thresholds=_thresholds(draft),
        joins=draft.joins or "+",
        dimensions=tuple(dict.fromkeys(draft.dimensions)),
    )
