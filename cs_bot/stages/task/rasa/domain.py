"""Reads the keys of a Rasa domain; slots, forms and responses have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cs_bot.stages.task.project import EntityKind, Session
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.forms import read_forms
from cs_bot.stages.task.rasa.nodes import Node, plain
from cs_bot.stages.task.rasa.responses import read_responses
from cs_bot.stages.task.rasa.slots import read_slots

_IGNORED = frozenset({"version", "e2e_actions"})


def read_domain(key: str, node: Node, draft: Draft) -> bool:
    """Read one top-level key into the draft; False when it is no key of a domain."""
    reader = _READERS.get(key)
    if reader is not None:
        reader(node, draft)
        written = plain(node.value)
        if key == "slots":
            _name_types(written, draft)
        key = "responses" if key == "templates" else key
        known = draft.domain.get(key)
        if isinstance(known, dict) and isinstance(written, dict):
            known.update(written)
        elif isinstance(known, list) and isinstance(written, list):
            known.extend(written)
        else:
            draft.domain[key] = written
    return reader is not None or key in _IGNORED


def _name_types(slots: Any, draft: Draft) -> None:
    """Let the domain as written call the types of slots by their short names."""
    for name, slot in slots.items() if isinstance(slots, dict) else ():
        if isinstance(slot, dict):
            slot["type"] = draft.slots[name].type


def _intents(node: Node, draft: Draft) -> None:
    for name, options, place in _named(node):
        draft.place("intent", name, place)
        draft.intents[name] = place
        for key, value in options.items() if options is not None else ():
            if key == "triggers":
                draft.leave_out(
                    value,
                    "an action that an intent `triggers`, as in Rasa 1,",
                    f"nothing follows from {name!r} alone",
                    f"write a rule: `- intent: {name}`, `- action: {value.value}`",
                )
            elif key not in ("use_entities", "ignore_entities"):
                draft.leave_out(value, f"the option `{key}` of an intent", "it is skipped")
        if options is not None:
            _uses(name, options, draft)


def _uses(intent: str, options: Node, draft: Draft) -> None:
    """Note what decisions look at: `use_entities` is a list, true for all, or nothing for none."""
    used, ignored = options.child("use_entities"), options.child("ignore_entities")
    if used is None and ignored is None:
        return
    every = used is None or used.value is True
    nothing = used is not None and not used.value
    use = None if every else () if nothing or used is None else used.texts()
    ignore = ignored.texts() if ignored is not None and ignored.value is not False else ()
    for name in (*(use or ()), *ignore):
        draft.mentioned.append(("entity", name, options))
    for name in set(use or ()) & set(ignore):
        draft.remark(
            options,
            f"the entity {name!r} is both used and ignored for {intent!r}",
            "it is ignored",
            "keep it in one of the two lists",
        )
    draft.uses[intent] = (use, ignore)


def _entities(node: Node, draft: Draft) -> None:
    for name, options, place in _named(node):
        draft.place("entity", name, place)
        draft.entities[name] = place
        roles, groups, influences = (
            options.child(key) if options is not None else None
            for key in ("roles", "groups", "influence_conversation")
        )
        draft.kinds[name] = EntityKind(
            name,
            roles.texts() if roles is not None else (),
            groups.texts() if groups is not None else (),
            influences.flag() if influences is not None else True,
        )


def _actions(node: Node, draft: Draft) -> None:
    for name, _, place in _named(node):
        draft.place("action", name, place)
        draft.actions[name] = place


def _named(node: Node) -> Iterator[tuple[str, Node | None, Node]]:
    """Yield names, options and places of a list of names and `name: {options}`."""
    for element in node.elements():
        if isinstance(element.value, dict):
            for name, options in element.items():
                yield name, options if isinstance(options.value, dict) else None, element
        else:
            yield element.text(), None, element


def _session(node: Node, draft: Draft) -> None:
    minutes, carries = 60.0, True
    for key, value in node.items():
        if key == "session_expiration_time":
            minutes = value.number(least=0.0)
        elif key == "carry_over_slots_to_new_session":
            carries = value.flag()
        else:
            draft.leave_out(value, f"`{key}` of the session", "it is skipped")
    draft.session = Session(minutes, carries)


def _config(node: Node, draft: Draft) -> None:
    stored = node.child("store_entities_as_slots")
    draft.fills_by_name = stored.flag() if stored is not None else True


def used_entities(draft: Draft) -> Mapping[str, frozenset[str]]:
    """Return what decisions look at under the intents that say so."""
    known = frozenset(name for name, kind in draft.kinds.items() if kind.influences)
    return {
        intent: (known if use is None else frozenset(use)) - frozenset(ignored)
        for intent, (use, ignored) in draft.uses.items()
    }


_READERS: Mapping[str, Callable[[Node, Draft], Any]] = {
    "intents": _intents,
    "entities": _entities,
    "slots": read_slots,
    "forms": read_forms,
    "responses": read_responses,
    "templates": read_responses,
    "actions": _actions,
    "session_config": _session,
    "config": _config,
}
DOMAIN_KEYS = _READERS.keys() | _IGNORED
