"""Reads what a test case expects of a turn: steps and assertions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stages.task.case import ANYTHING, Acting, Expected, Filling, Uttering
from cs_bot.stages.task.rasa.nodes import Node, plain

_CALM = (
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    "flow_interrupted",
    "pattern_clarification_contains",
)
_JUDGED = ("generative_response_is_relevant", "generative_response_is_grounded")


def refused(node: Node, what: str, remedy: str) -> BadInput:
    """Return the error that says what is wrong here, with line and column."""
    return BadInput(what, where=node.place, remedy=remedy)


def valued(node: Node | None, parent: Node) -> Node:
    """Return a node that must be there with a value; raises `BadInput`."""
    if node is None or node.value is None:
        raise refused(node or parent, "a value is missing", "write one")
    return node


def one_line(node: Node) -> str:
    """Return a name; raises `BadInput` where it is none."""
    name = " ".join(valued(node, node).text().split())
    if not name:
        raise refused(node, "the name is empty", "write one")
    return name


def steps_of(written: Node) -> tuple[Expected, ...]:
    """Return what a step beside `user` expects; raises `BadInput`."""
    keys = written.keys()
    if len(keys) != 1 or keys[0] not in _STEPS:
        what = f"a step of {', '.join(keys) or 'nothing'} is none"
        raise refused(written, what, f"write one of: user, {', '.join(_STEPS)}")
    return tuple(_STEPS[keys[0]](valued(written.child(keys[0]), written), keys[0]))


def assertions(node: Node | None) -> Iterator[Expected]:
    """Yield what the assertions of a `user` step expect; raises `BadInput`."""
    for written in node.elements() if node is not None else ():
        for key, value in written.items():
            yield from _assertion(key, value, written)


def _assertion(key: str, value: Node, written: Node) -> Iterator[Expected]:
    if key in _CALM:
        remedy = "assert what is said, set and run instead: bot_uttered, slot_was_set, ..."
        raise refused(value, f"{key!r} looks at the flows of Rasa's CALM: there are none", remedy)
    if key in _JUDGED:
        remedy = "assert with `bot_uttered: {text_matches: ...}`"
        raise refused(value, f"{key!r} asks a language model: tests here ask none", remedy)
    if key not in _ASSERTIONS:
        raise UnknownName("assertion", key, _ASSERTIONS, where=value.place)
    yield from _ASSERTIONS[key](valued(value, written), key)


def _bot(node: Node, key: str) -> Iterator[Expected]:
    yield Uttering(node.place, key, text=node.text().strip())


def _utter(node: Node, key: str) -> Iterator[Expected]:
    yield Uttering(node.place, key, response=node.text())


def _slots(node: Node, key: str) -> Iterator[Expected]:
    """Yield the slots of a step: a name, names with values, or a list of both."""
    unwanted = key == "slot_was_not_set"
    if isinstance(node.value, list):
        for element in node.elements():
            yield from _slots(element, key)
    elif isinstance(node.value, dict):
        for name, value in node.items():
            yield Filling(value.place, name, plain(value.value), unwanted)
    else:
        yield Filling(node.place, node.text(), unwanted=unwanted)


def _slots_asserted(node: Node, key: str) -> Iterator[Expected]:
    """Yield the slots of an assertion, each with `name` and, if it matters, `value`."""
    for element in node.elements() if isinstance(node.value, list) else (node,):
        _only(element, ("name", "value"), key)
        value = element.child("value")
        yield Filling(
            element.place,
            valued(element.child("name"), element).text(),
            ANYTHING if value is None else plain(value.value),
            key == "slot_was_not_set",
        )


def _action(node: Node, key: str) -> Iterator[Expected]:  # noqa: ARG001 - one of several readers
    yield Acting(node.place, node.text())


def _uttered(node: Node, key: str) -> Iterator[Expected]:
    _only(node, ("utter_name", "text_matches", "buttons"), key)
    name, pattern = node.child("utter_name"), node.child("text_matches")
    buttons = node.child("buttons")
    if not node.keys():
        raise refused(node, f"`{key}` tells nothing", "write `utter_name:` or `text_matches:`")
    yield Uttering(
        node.place,
        key,
        matches=None if pattern is None else _pattern(pattern),
        response=None if name is None else name.text(),
        buttons=None if buttons is None else tuple(map(_button, buttons.elements())),
        unwanted=key == "bot_did_not_utter",
    )


def _pattern(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(node.text(), re.DOTALL)
    except re.error as error:
        what = f"the regular expression {node.text()!r} is broken: {error}"
        raise refused(node, what, "correct it") from None


def _button(node: Node) -> tuple[str, str | None]:
    _only(node, ("title", "payload"), "a button")
    payload = node.child("payload")
    title = valued(node.child("title"), node).text()
    return title, None if payload is None else payload.text()


def _only(node: Node, known: tuple[str, ...], of: str) -> None:
    for key, child in node.items():
        if key not in known:
            raise UnknownName(f"key of {of}", key, known, where=child.place)


_Reader = Callable[[Node, str], Iterator[Expected]]
_STEPS: Mapping[str, _Reader] = {
    "bot": _bot,
    "utter": _utter,
    "slot_was_set": _slots,
    "slot_was_not_set": _slots,
}
_ASSERTIONS: Mapping[str, _Reader] = {
    "slot_was_set": _slots_asserted,
    "slot_was_not_set": _slots_asserted,
    "action_executed": _action,
    "bot_uttered": _uttered,
    "bot_did_not_utter": _uttered,
}
