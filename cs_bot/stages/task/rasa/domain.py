"""Reads the keys of a Rasa domain: intents, entities, slots, forms, responses, actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cs_bot.stages.task.project import (
    Choice,
    Condition,
    Slot,
    SlotMapping,
    TaskForm,
    Variation,
)
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain

_IGNORED = frozenset({"version", "config", "e2e_actions"})
_SLOT_TYPES = frozenset({"text", "bool", "float", "list", "any", "categorical", "unfeaturized"})
_MAPPING_TYPES = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")


def read_domain(key: str, node: Node, draft: Draft) -> bool:
    """Read one top-level key into the draft; False when it is no key of a domain."""
    reader = _READERS.get(key)
    if reader is not None:
        reader(node, draft)
        written = plain(node.value)
        known = draft.domain.get(key)
        if isinstance(known, dict) and isinstance(written, dict):
            known.update(written)
        elif isinstance(known, list) and isinstance(written, list):
            known.extend(written)
        else:
            draft.domain[key] = written
    return reader is not None or key in _IGNORED


def _intents(node: Node, draft: Draft) -> None:
    draft.intents.update(_names(node))


def _entities(node: Node, draft: Draft) -> None:
    draft.entities.update(_names(node))


def _actions(node: Node, draft: Draft) -> None:
    draft.actions.update(_names(node))


def _names(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names of a list whose elements are names or `name: {options}`."""
    for element in node.elements():
        if isinstance(element.value, dict):
            yield from ((name, element) for name, _ in element.items())
        else:
            yield element.text(), element


def _session(node: Node, draft: Draft) -> None:
    draft.leave_out(node, "`session_config`", "a task waits for its customer without end")
    draft.session.update({key: plain(value.value) for key, value in node.items()})


def _slots(node: Node, draft: Draft) -> None:
    for name, written in node.items():
        kind = _text(written, "type") or "any"
        if kind not in _SLOT_TYPES:
            draft.leave_out(written, f"slot type {kind!r}", "it holds any value")
        initial = written.child("initial_value")
        draft.slots[name] = Slot(
            name,
            kind,
            plain(initial.value) if initial else None,
            tuple(_mappings(written.child("mappings"), draft)),
        )


def _mappings(node: Node | None, draft: Draft) -> Iterator[SlotMapping]:
    for written in node.elements() if node is not None else ():
        kind = _text(written, "type") or "(none)"
        if kind not in _MAPPING_TYPES:
            draft.leave_out(written, f"slot mapping {kind!r}", "this mapping is skipped")
            continue
        for unread in ("role", "group"):
            if (found := written.child(unread)) is not None:
                draft.leave_out(found, f"the entity {unread} in a mapping", "any value fits")
        value = written.child("value")
        yield SlotMapping(
            kind,
            _entity(written, kind, draft),
            _named(written, "intent", draft),
            _named(written, "not_intent", draft),
            plain(value.value) if value else None,
            tuple(_conditions(written.child("conditions"), draft)),
        )


def _entity(written: Node, kind: str, draft: Draft) -> str | None:
    if kind != "from_entity":
        return None
    found = written.child("entity")
    if found is None:
        raise written.wrong("a from_entity mapping lacks its `entity`", "add `entity: NAME`")
    draft.mentioned.append(("entity", found.text(), found))
    return found.text()


def _named(written: Node, key: str, draft: Draft) -> tuple[str, ...]:
    node = written.child(key)
    names = node.texts() if node else ()
    draft.mentioned.extend(("intent", name, node or written) for name in names)
    return names


def _conditions(node: Node | None, draft: Draft) -> Iterator[Condition]:
    for written in node.elements() if node is not None else ():
        loop, slot = written.child("active_loop"), written.child("requested_slot")
        if loop is not None and loop.value is not None:
            draft.named.append(("form", loop.text(), loop))
        if slot is not None and slot.value is not None:
            draft.named.append(("slot", slot.text(), slot))
        yield Condition(_text(written, "active_loop"), _text(written, "requested_slot"))


def _forms(node: Node, draft: Draft) -> None:
    if isinstance(node.value, list):
        draft.forms.update({name: TaskForm(name, ()) for name, _ in _names(node)})
        return
    for name, written in node.items():
        required = written.child("required_slots") if isinstance(written.value, dict) else None
        ignored = written.child("ignored_intents") if isinstance(written.value, dict) else None
        asked = written if required is None else required
        draft.forms[name] = TaskForm(
            name,
            tuple(_required(name, asked, draft)),
            ignored.texts() if ignored else (),
        )


def _required(form: str, node: Node, draft: Draft) -> Iterator[str]:
    """Yield slot names: a list, or (Rasa 2) a mapping of slots to how they are filled."""
    if not isinstance(node.value, dict):
        for element in node.elements():
            draft.required.append((form, element.text(), element))
            yield element.text()
        return
    for slot, written in node.items():
        if slot in ("ignored_intents", "required_slots"):
            continue
        draft.required.append((form, slot, written))
        draft.form_mappings.setdefault(slot, []).extend(_mappings(written, draft))
        yield slot


def _responses(node: Node, draft: Draft) -> None:
    for name, written in node.items():
        draft.responses[name] = tuple(_variation(item, draft) for item in written.elements())


def _variation(written: Node, draft: Draft) -> Variation:
    if not isinstance(written.value, dict):
        return Variation(text=written.text())
    for key, node in written.items():
        if key in ("custom", "attachment", "elements", "template_type"):
            draft.leave_out(node, f"`{key}` in a response", "the rest of the response is said")
    return Variation(
        text=_text(written, "text"),
        image=_text(written, "image"),
        choices=tuple(_choices(written)),
        channel=_text(written, "channel"),
        needs=tuple(_needs(written.child("condition"), draft)),
    )


def _choices(written: Node) -> Iterator[Choice]:
    for key in ("buttons", "quick_replies"):
        node = written.child(key)
        for button in node.elements() if node is not None else ():
            title = _text(button, "title")
            if title is None:
                raise button.wrong("a button lacks its `title`", "add `title:`")
            yield Choice(title, _text(button, "payload") or title)


def _needs(node: Node | None, draft: Draft) -> Iterator[tuple[str, Any]]:
    for condition in node.elements() if node is not None else ():
        kind, name, value = (condition.child(key) for key in ("type", "name", "value"))
        if kind is None or kind.value != "slot" or name is None or value is None:
            raise condition.wrong(
                "a response condition needs type, name and value",
                "write `- {type: slot, name: SLOT, value: VALUE}`",
            )
        draft.named.append(("slot", name.text(), name))
        yield name.text(), plain(value.value)


def _text(node: Node, key: str) -> str | None:
    child = node.child(key)
    return None if child is None or child.value is None else child.text()


def with_form_mappings(draft: Draft) -> Mapping[str, Slot]:
    """Return the slots, those of Rasa 2 with the mappings that stood in their forms."""
    return {
        name: replace(slot, mappings=(*slot.mappings, *draft.form_mappings.get(name, ())))
        for name, slot in draft.slots.items()
    }


_READERS: Mapping[str, Callable[[Node, Draft], None]] = {
    "intents": _intents,
    "entities": _entities,
    "slots": _slots,
    "forms": _forms,
    "responses": _responses,
    "templates": _responses,
    "actions": _actions,
    "session_config": _session,
}
