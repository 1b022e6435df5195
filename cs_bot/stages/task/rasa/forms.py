"""Reads the `forms` of a domain, as Rasa 3 and Rasa 2 write them."""

from __future__ import annotations

from collections.abc import Iterator

from cs_bot.stages.task.project import TaskForm
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.rasa.slots import inside, read_mappings

_OTHER = ("ignored_intents", "required_slots")


def read_forms(node: Node, draft: Draft) -> None:
    """Read the forms into the draft; a list of names alone is a list of forms without slots."""
    if isinstance(node.value, list):
        for element in node.elements():
            draft.place("form", element.text(), element)
            draft.forms[element.text()] = TaskForm(element.text(), ())
        return
    for name, written in node.items():
        draft.place("form", name, written)
        draft.forms[name] = _form(name, written, draft)


def _form(name: str, written: Node, draft: Draft) -> TaskForm:
    required, ignored = (written.child(key) for key in ("required_slots", "ignored_intents"))
    asked = written if required is None else required
    intents = ignored.texts() if ignored is not None else ()
    draft.mentioned.extend(("intent", intent, ignored or written) for intent in intents)
    return TaskForm(name, tuple(_required(name, asked, draft)), intents)


def _required(form: str, node: Node, draft: Draft) -> Iterator[str]:
    """Yield slot names: a list, or (Rasa 2) a mapping of slots to how they are filled."""
    if not isinstance(node.value, dict):
        for element in node.elements():
            draft.required.append((form, element.text(), element))
            yield element.text()
        return
    for slot, written in node.items():
        if slot in _OTHER:
            continue
        draft.required.append((form, slot, written))
        mappings = (inside(form, slot, mapping) for mapping in read_mappings(written, draft))
        draft.form_mappings.setdefault(slot, []).extend(mappings)
        yield slot
