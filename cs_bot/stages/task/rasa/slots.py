"""Reads the `slots` of a domain: their types, and how what customers say fills them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cs_bot.stages.task.project import Condition, Slot, SlotMapping
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain

_TYPES = frozenset({"text", "bool", "float", "list", "any", "categorical"})
_CLASSES = {
    "TextSlot": "text",
    "BooleanSlot": "bool",
    "FloatSlot": "float",
    "ListSlot": "list",
    "AnySlot": "any",
    "CategoricalSlot": "categorical",
    "UnfeaturizedSlot": "any",
}
"""Rasa's own classes, which a domain may name by their whole path."""
_MAPPINGS = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")
_KEYS = frozenset(
    {
        "type",
        "initial_value",
        "mappings",
        "influence_conversation",
        "values",
        "min_value",
        "max_value",
        "auto_fill",
    }
)


def read_slots(node: Node, draft: Draft) -> None:
    """Read the slots into the draft; raises `BadInput`."""
    for name, written in node.items():
        draft.place("slot", name, written)
        draft.slots[name] = _slot(name, written, draft)
        for key, value in written.items():
            if key not in _KEYS:
                draft.leave_out(value, f"`{key}` of the slot {name!r}", "it is skipped")
        by_name = written.child("auto_fill")
        if written.child("mappings") is None and (by_name is None or by_name.flag()):
            draft.filled_by_name.add(name)


def _slot(name: str, written: Node, draft: Draft) -> Slot:
    kind, featured = _type(name, written, draft)
    initial, values = written.child("initial_value"), written.child("values")
    known = tuple(plain(value.value) for value in values.elements()) if values is not None else ()
    if kind == "categorical" and not known:
        draft.remark(
            written,
            f"the categorical slot {name!r} has no `values`",
            "all its values look the same to the policies",
            "list them under `values`",
        )
    slot = Slot(
        name,
        kind,
        plain(initial.value) if initial else None,
        tuple(read_mappings(written.child("mappings"), draft)),
        featured and _influences(written),
        known,
        _bound(written, "min_value", 0.0),
        _bound(written, "max_value", 1.0),
    )
    if slot.least >= slot.most:
        raise written.wrong(
            f"the slot {name!r} has no room between {slot.least:g} and {slot.most:g}",
            "let `max_value` be greater than `min_value`",
        )
    return slot


def _type(name: str, written: Node, draft: Draft) -> tuple[str, bool]:
    """Return the type of a slot, and whether decisions may look at it at all."""
    node = written.child("type")
    kind = "any" if node is None or node.value is None else node.text()
    if kind == "unfeaturized":
        return "any", False
    if kind in _TYPES:
        return kind, kind != "any"
    module, _, own = kind.rpartition(".")
    if module.startswith("rasa.") and own in _CLASSES:
        return _CLASSES[own], _CLASSES[own] != "any"
    draft.leave_out(
        node or written,
        f"the type {kind!r} of the slot {name!r}, a class of your own,",
        "it holds any value, and decisions do not look at it",
        f"give it one of the types {', '.join(sorted(_TYPES))}",
    )
    return "any", False


def _influences(written: Node) -> bool:
    node = written.child("influence_conversation")
    return node.flag() if node is not None else True


def _bound(written: Node, key: str, otherwise: float) -> float:
    node = written.child(key)
    return otherwise if node is None else node.number()


def read_mappings(node: Node | None, draft: Draft) -> Iterator[SlotMapping]:
    """Yield the mappings of a slot; one of an unknown kind is noted and left out."""
    for written in node.elements() if node is not None else ():
        kind = _text(written, "type") or "(none)"
        if kind not in _MAPPINGS:
            draft.leave_out(
                written,
                f"the slot mapping {kind!r}",
                "this mapping is skipped",
                f"use one of {', '.join(_MAPPINGS)}",
            )
            continue
        value, action = written.child("value"), _text(written, "action")
        if action is not None:
            draft.named.append(("action", action, written))
        yield SlotMapping(
            kind,
            _entity(written, kind, draft),
            _intents(written, "intent", draft),
            _intents(written, "not_intent", draft),
            plain(value.value) if value else None,
            tuple(_conditions(written.child("conditions"), draft)),
            _text(written, "role"),
            _text(written, "group"),
            action,
        )


def _entity(written: Node, kind: str, draft: Draft) -> str | None:
    if kind != "from_entity":
        return None
    found = written.child("entity")
    if found is None:
        raise written.wrong("a from_entity mapping lacks its `entity`", "add `entity: NAME`")
    draft.mentioned.append(("entity", found.text(), found))
    return found.text()


def _intents(written: Node, key: str, draft: Draft) -> tuple[str, ...]:
    node = written.child(key)
    names = node.texts() if node else ()
    draft.mentioned.extend(("intent", name, node or written) for name in names)
    return names


def _conditions(node: Node | None, draft: Draft) -> Iterator[Condition]:
    for written in node.elements() if node is not None else ():
        yield Condition(
            _or_none(written, "active_loop", "form", draft),
            _or_none(written, "requested_slot", "slot", draft),
        )


def _or_none(written: Node, key: str, kind: str, draft: Draft) -> str | None:
    """Return a name, an empty one where null is written, None where nothing is."""
    node = written.child(key)
    if node is None:
        return None
    if node.value is None:
        return ""
    draft.mentioned.append((kind, node.text(), node))
    return node.text()


def _text(node: Node, key: str) -> str | None:
    child = node.child(key)
    return None if child is None or child.value is None else child.text()


def filled_slots(draft: Draft) -> Mapping[str, Slot]:
    """Return the slots with all their mappings, those too that Rasa 2 wrote or meant elsewhere."""
    return {name: replace(slot, mappings=_all(slot, draft)) for name, slot in draft.slots.items()}


def _all(slot: Slot, draft: Draft) -> tuple[SlotMapping, ...]:
    mappings: list[SlotMapping] = [*slot.mappings, *draft.form_mappings.get(slot.name, ())]
    by_name = SlotMapping("from_entity", slot.name)
    meant = draft.fills_by_name and slot.name in draft.filled_by_name
    if meant and slot.name in draft.entities and by_name not in mappings:
        mappings.append(by_name)
    return tuple(mappings)


def inside(form: str, slot: str, mapping: SlotMapping) -> SlotMapping:
    """Return a mapping that Rasa 2 wrote in a form, to count while the form runs.

    Whatever is no entity counts for the slot that is asked for alone.
    """
    anywhere = mapping.type in ("from_entity", "from_trigger_intent")
    return replace(mapping, conditions=(Condition(form, None if anywhere else slot),))
