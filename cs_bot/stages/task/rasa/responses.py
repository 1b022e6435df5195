"""Reads the `responses` of a domain (Rasa 1 called them `templates`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cs_bot.stages.task.project import Choice, Variation
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain

_SAYING = ("text", "image", "buttons", "quick_replies", "attachment", "custom", "elements")
_SAID_ELSEHOW = ("channel", "condition", "id", "metadata", "button_type", "template_type")


def read_responses(node: Node, draft: Draft) -> None:
    """Read the responses into the draft; raises `BadInput`."""
    for name, written in node.items():
        draft.place("response", name, written)
        draft.responses[name] = tuple(_variation(item, draft) for item in written.elements())
        if not draft.responses[name]:
            draft.remark(
                written,
                f"the response {name!r} has no variation",
                "nothing is said in its place",
                "add `- text:`",
            )


def _variation(written: Node, draft: Draft) -> Variation:
    if not isinstance(written.value, dict):
        return Variation(text=written.text())
    _note_keys(written, draft)
    elements = written.child("elements")
    return Variation(
        text=_text(written, "text"),
        image=_text(written, "image"),
        choices=tuple(_choices(written)),
        channel=_text(written, "channel"),
        needs=tuple(_needs(written.child("condition"), draft)),
        attachment=_json(written, "attachment"),
        custom=_json(written, "custom"),
        elements=tuple(plain(item.value) for item in elements.elements()) if elements else (),
    )


def _note_keys(written: Node, draft: Draft) -> None:
    keys = written.keys()
    if not any(key in _SAYING for key in keys):
        raise written.wrong(
            f"a variation of {', '.join(keys) or 'nothing'} says nothing",
            f"give it one of {', '.join(_SAYING)}",
        )
    for key, node in written.items():
        if key not in (*_SAYING, *_SAID_ELSEHOW):
            draft.leave_out(node, f"`{key}` in a response", "the rest of the response is said")


def _choices(written: Node) -> Iterator[Choice]:
    for key in ("buttons", "quick_replies"):
        node = written.child(key)
        for button in node.elements() if node is not None else ():
            title = _text(button, "title")
            if title is None:
                raise button.wrong("a button lacks its `title`", "add `title:`")
            yield Choice(title, _text(button, "payload") or title, _text(button, "url"))


def _needs(node: Node | None, draft: Draft) -> Iterator[tuple[str, Any]]:
    for condition in node.elements() if node is not None else ():
        kind, name, value = (condition.child(key) for key in ("type", "name", "value"))
        if kind is None or kind.value != "slot" or name is None or value is None:
            raise condition.wrong(
                "a response condition needs type, name and value",
                "write `- {type: slot, name: SLOT, value: VALUE}`",
            )
        draft.mentioned.append(("slot", name.text(), name))
        yield name.text(), plain(value.value)


def _json(written: Node, key: str) -> Any:
    node = written.child(key)
    return None if node is None else plain(node.value)


def _text(node: Node, key: str) -> str | None:
    child = node.child(key)
    return None if child is None or child.value is None else child.text()
