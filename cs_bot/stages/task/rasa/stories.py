"""Reads the keys `stories` and `rules`, in training files and in test files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain
from cs_bot.stages.task.story import (
    FILLED,
    Acted,
    Checkpoint,
    Either,
    Filled,
    Looped,
    Named,
    Spoke,
    Step,
    Story,
    Written,
    steps_of,
)
from cs_bot.stages.task.two_stage import LOOPS

_KINDS = ("intent", "user", "action", "bot", "active_loop", "form", "slot_was_set")
_SNIPPET = "..."
_WRITE = "write `- intent: NAME`, `- action: NAME`, `- active_loop: NAME` or `- slot_was_set:`"


def read_stories(node: Node, key: str) -> Iterator[Story]:
    """Yield the elements of a list `stories` or `rules`; raises `BadInput`."""
    singular = {"rules": "rule", "stories": "story"}[key]
    for written in node.elements():
        name, steps = written.child(singular), written.child("steps")
        if name is None or steps is None:
            raise written.wrong(
                f"a {singular} needs `{singular}` and `steps`", f"write `- {singular}: NAME`"
            )
        read = tuple(_written(steps))
        yield Story(
            name.text(),
            read,
            written.where,
            is_rule=singular == "rule",
            condition=tuple(_condition(written.child("condition"))),
            waits=_flag(written, "wait_for_user_input", otherwise=True),
            at_start=_flag(written, "conversation_start", otherwise=False),
        )


def note_names(story: Story, draft: Draft) -> None:
    """Note the intents, forms and actions of a story, to be checked when all files are read."""
    for step in (*story.condition, *steps_of(story)):
        if isinstance(step, Spoke) and step.intent is not None:
            draft.named.append(("intent", step.intent.partition("/")[0], _place(step.where)))
        elif isinstance(step, Looped) and step.loop not in (None, *LOOPS):
            draft.named.append(("form", str(step.loop), _place(step.where)))
        elif isinstance(step, Acted) and step.action not in (None, *LOOPS):
            draft.named.append(("action", str(step.action), _place(step.where)))


def _place(where: str) -> Node:
    file, _, line = where.rpartition(":")
    return Node(None, file, int(line))


def _flag(written: Node, key: str, *, otherwise: bool) -> bool:
    node = written.child(key)
    if node is None:
        return otherwise
    if not isinstance(node.value, bool):
        raise node.wrong(f"`{key}` is {node.value!r}", "write true or false")
    return node.value


def _condition(node: Node | None) -> Iterator[Looped | Filled]:
    for written in node.elements() if node is not None else ():
        loop, slots = written.child("active_loop"), written.child("slot_was_set")
        if loop is not None:
            yield _looped(loop)
        elif slots is not None:
            yield from _filled(slots)
        else:
            raise written.wrong(
                "a condition is none", "write `- active_loop: NAME` or `- slot_was_set:`"
            )


def _written(node: Node) -> Iterator[Written]:
    for written in node.elements():
        if written.value == _SNIPPET:
            continue
        either = written.child("or")
        if either is not None:
            yield Either(tuple(tuple(_steps_of(way)) for way in either.elements()))
        elif (name := written.child("checkpoint")) is not None:
            slots = written.child("slot_was_set") or written.child("slots")
            filled = tuple(_filled(slots)) if slots is not None else ()
            yield Checkpoint(name.text(), filled, written.where)
        else:
            yield from _steps_of(written)


def _steps_of(written: Node) -> Iterator[Step]:
    kind = next((key for key in _KINDS if key in written.keys()), None)  # noqa: SIM118 - a node
    node = written.child(kind) if kind else None
    if kind in ("intent", "user"):
        yield _spoke(written)
    elif node is None:
        keys = ", ".join(written.keys()) or "nothing"
        raise written.wrong(f"a step of {keys} is none", _WRITE)
    elif kind == "action":
        yield Acted(node.text(), where=written.where)
    elif kind == "bot":
        yield Acted(None, node.text(), where=written.where)
    elif kind == "slot_was_set":
        yield from _filled(node)
    else:
        yield _looped(node)


def _looped(node: Node) -> Looped:
    return Looped(None if node.value is None else node.text(), node.where)


def _spoke(written: Node) -> Spoke:
    intent, text, entities = (written.child(key) for key in ("intent", "user", "entities"))
    name = intent.text().strip().removeprefix("/") if intent is not None else None
    words = text.text().strip() if text is not None else None
    return Spoke(name, tuple(_entities(entities)), words, written.where)


def _entities(node: Node | None) -> Iterator[Named]:
    for written in node.elements() if node is not None else ():
        if not isinstance(written.value, dict):
            yield Named(written.text(), FILLED)
            continue
        known = {"role": None, "group": None}
        names = [key for key in written.keys() if key not in (*known, "value")]  # noqa: SIM118
        if len(names) != 1:
            raise written.wrong("an entity needs one name", "write `- NAME: VALUE`")
        told = {key: _optional(written, key) for key in known}
        yield Named(names[0], _plain(written.child(names[0])), told["role"], told["group"])


def _optional(written: Node, key: str) -> str | None:
    node = written.child(key)
    return None if node is None or node.value is None else node.text()


def _plain(node: Node | None) -> Any:
    return None if node is None else plain(node.value)


def _filled(node: Node) -> Iterator[Filled]:
    """Yield the slots of `slot_was_set`: a mapping, or a list of names and mappings."""
    if isinstance(node.value, dict):
        yield from (Filled(name, plain(value.value), value.where) for name, value in node.items())
        return
    if not isinstance(node.value, list):
        yield Filled(node.text(), FILLED, node.where)
        return
    for element in node.elements():
        yield from _filled(element)
