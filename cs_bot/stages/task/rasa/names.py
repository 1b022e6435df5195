"""Checks the names that the files of a project call each other by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from cs_bot.errors import UnknownName
from cs_bot.stages.task.project import DEFAULT_INTENTS
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

DEFAULT_ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_deactivate_loop",
        "action_revert_fallback_events",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_two_stage_fallback",
        "two_stage_fallback",
        "action_unlikely_intent",
        "action_back",
        "action_extract_slots",
        "...",
    }
)


def check_names(draft: Draft) -> None:
    """Raise `UnknownName` for a name that must exist, and note those that Rasa lets pass."""
    known = _known(draft)
    needed = [("slot", slot, place) for _, slot, place in draft.required]
    for kind, name, place in (*draft.named, *needed):
        sort = "response" if kind == "action" and name.startswith("utter_") else kind
        if name not in known[sort] and not _is_retrieval(name, draft):
            raise UnknownName(sort, name, known[sort], where=place.where)
    _note_undeclared(draft, known)


def _known(draft: Draft) -> Mapping[str, Iterable[str]]:
    return {
        "intent": {*draft.intents, *DEFAULT_INTENTS},
        "entity": {*draft.entities, *draft.dimensions},
        "slot": {*draft.slots, "requested_slot", "session_started_metadata", "locale"},
        "form": {*draft.forms, "two_stage_fallback", "action_two_stage_fallback"},
        "action": {*draft.actions, *draft.apis, *draft.forms, *DEFAULT_ACTIONS},
        "response": {*draft.responses, *(n for n in draft.actions if n.startswith("utter_"))},
    }


def _is_retrieval(name: str, draft: Draft) -> bool:
    """Tell whether a name is the response of a retrieval intent, `utter_faq` of `utter_faq/x`."""
    return any(response.startswith(f"{name}/") for response in draft.responses)


def _note_undeclared(draft: Draft, known: Mapping[str, Iterable[str]]) -> None:
    told: set[tuple[str, str]] = set()
    for kind, name, place in draft.mentioned:
        if name not in known[kind] and (kind, name) not in told:
            told.add((kind, name))
            _note(kind, name, place, known[kind], draft)


def _note(kind: str, name: str, place: Node, known: Iterable[str], draft: Draft) -> None:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    declare = f"add it to `{_LISTS[kind]}`"
    draft.remark(
        place,
        f"the domain does not declare the {kind} {name!r}",
        _effect(kind, name, draft),
        f"write {near[0]!r} if that is meant, or {declare}" if near else declare,
    )


def _effect(kind: str, name: str, draft: Draft) -> str:
    if kind == "entity":
        return "patterns are not searched for it"
    if kind != "intent":
        return "this condition never holds"
    if any(example.intent.partition("/")[0] == name for example, _ in draft.examples):
        return "it is learnt all the same"
    return "no message is read as it, for it has no examples"


_LISTS = {"intent": "intents", "entity": "entities", "slot": "slots", "form": "forms"}
