"""Reads all YAML files of a task project and checks the names in them against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stages.task.project import Project, Remark
from cs_bot.stages.task.rasa.domain import read_domain, with_form_mappings
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, read_yaml
from cs_bot.stages.task.rasa.stories import note_names, read_stories
from cs_bot.stages.task.rasa.training import read_training
from cs_bot.stages.task.tasks import tasks_of

_OTHER_FILES = frozenset({"config", "credentials", "endpoints", "docker-compose"})
_OTHER_FOLDERS = frozenset({"chat", "tests", "var", "knowledge", "node_modules", "models"})
_NEEDS_NO_DECLARATION = frozenset({"nlu_fallback", "out_of_scope"})
_DEFAULT_ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_deactivate_loop",
        "action_back",
        "action_revert_fallback_events",
    }
)


def load_project(directory: Path) -> Project:
    """Read a directory of Rasa 3.1 YAML; raises `BadInput` with file, line and remedy."""
    if not directory.is_dir():
        raise BadInput(
            "there is no such folder", where=str(directory), remedy="give the folder of the tasks"
        )
    draft = Draft()
    for path in _files(directory):
        _read_file(read_yaml(path, shown=str(path.relative_to(directory.parent))), draft)
    return _project(directory, draft)


def _files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        folders = path.relative_to(directory).parts[:-1]
        skipped = any(name in _OTHER_FOLDERS or name.startswith(".") for name in folders)
        if path.suffix in (".yml", ".yaml") and not skipped and path.stem not in _OTHER_FILES:
            yield path


def _read_file(root: Node, draft: Draft) -> None:
    for key, node in root.items():
        if key == "nlu":
            read_training(node, draft)
        elif key in ("rules", "stories"):
            draft.stories.extend(read_stories(node, key))
        elif not read_domain(key, node, draft):
            draft.leave_out(node, f"the key `{key}`", "it is skipped")


def _project(directory: Path, draft: Draft) -> Project:
    for story in draft.stories:
        note_names(story, draft)
    _check_names(draft)
    return Project(
        directory=directory,
        intents=tuple(draft.intents),
        entities=tuple(draft.entities),
        slots=with_form_mappings(draft),
        forms=draft.forms,
        responses=draft.responses,
        actions=tuple(draft.actions),
        session=draft.session,
        examples=tuple(example for example, _ in draft.examples),
        patterns=tuple(draft.patterns),
        synonyms=draft.synonyms,
        stories=tuple(draft.stories),
        tasks=tasks_of(draft.stories, draft.forms, draft.intents),
        domain=draft.domain,
        remarks=tuple(draft.remarks),
    )


def _check_names(draft: Draft) -> None:
    known: Mapping[str, Iterable[str]] = {
        "intent": {*draft.intents, *_NEEDS_NO_DECLARATION},
        "entity": draft.entities,
        "slot": {*draft.slots, "requested_slot", "locale"},
        "form": draft.forms,
        "action": {*draft.actions, *draft.forms, *_DEFAULT_ACTIONS},
        "response": {*draft.responses, *(n for n in draft.actions if n.startswith("utter_"))},
    }
    needed = [("slot", slot, place) for _, slot, place in draft.required]
    for kind, name, place in (*draft.named, *needed):
        sort = "response" if kind == "action" and name.startswith("utter_") else kind
        if any(written.startswith(f"{name}/") for written in draft.responses):
            draft.leave_out(place, f"the retrieval response {name!r}", "nothing is said")
        elif name not in known[sort]:
            raise UnknownName(sort, name, known[sort], where=place.where)
    _remark_undeclared(draft, known)
    _remark_unasked(draft)
    _remark_unfound(draft)


def _remark_undeclared(draft: Draft, known: Mapping[str, Iterable[str]]) -> None:
    told = set()
    for kind, name, place in draft.mentioned:
        if name not in known[kind] and (kind, name) not in told:
            told.add((kind, name))
            unknown = UnknownName(kind, name, known[kind])
            draft.remarks.append(
                Remark(
                    place.where,
                    f"the domain does not declare the {kind} {name!r}",
                    f"it is read all the same ({unknown.remedy})",
                )
            )


def _remark_unasked(draft: Draft) -> None:
    for form, slot, place in draft.required:
        endings = (f"{form}_{slot}", slot)
        if any(f"action_ask_{ending}" in draft.actions for ending in endings):
            draft.leave_out(place, f"asking for {slot!r} by an action", "a response asks for it")
        elif not any(f"utter_ask_{ending}" in draft.responses for ending in endings):
            what = f"there is no response utter_ask_{slot}"
            draft.remarks.append(Remark(place.where, what, "the slot is asked for by its name"))


def _remark_unfound(draft: Draft) -> None:
    found = {pattern.entity for pattern in draft.patterns}
    for entity, place in draft.annotated.items():
        if entity not in found:
            what = f"finding the entity {entity!r} from its annotations alone"
            draft.leave_out(place, what, "give it a `regex` or a `lookup` to have it found")
