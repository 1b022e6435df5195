"""Reads `outcomes` of a declared API: by what answers are known, what is kept and said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cs_bot.errors import UnknownName
from cs_bot.stages.task.api import FAILED, NOT_FOUND, OK, ApiOutcome
from cs_bot.stages.task.json_path import JsonPath, parse_path
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain
from cs_bot.stages.task.templates import places_of

_KEYS = ("status", "when", "slots", "values", "say", "ask_again")
_STATUSES: Mapping[str, tuple[int, ...]] = {OK: (2,), NOT_FOUND: (404,)}
"""Of outcomes that need not name theirs; a number below 10 stands for its hundreds."""
_TAKEN = frozenset(
    {"text", "image", "buttons", "elements", "custom", "attachment", "template", "response"}
)
"""Names that a message of an action has for its own parts."""


def parts_of(node: Node, known: tuple[str, ...], kind: str) -> dict[str, Node]:
    """Return the values of a mapping that are not empty; raises `UnknownName`."""
    parts = dict(node.items())
    for name, place in parts.items():
        if name not in known:
            raise UnknownName(kind, name, known, where=place.where)
    return {name: place for name, place in parts.items() if place.value is not None}


def need_slots(template: Any, node: Node, draft: Draft) -> None:
    """Note that the names in a template must be slots; raises `BadInput` for `${NAME}`."""
    if "${" in str(template):
        raise node.wrong(
            "a variable of the environment stands where none is read",
            "write ${NAME} in `url` or `headers`",
        )
    draft.named.extend(("slot", name, node) for name in places_of(template))


def read_outcomes(node: Node | None, draft: Draft) -> Iterator[tuple[str, ApiOutcome]]:
    """Yield the kinds of answers by their names, `ok` among them; raises `BadInput`."""
    written = {} if node is None else dict(node.items())
    for name, place in written.items():
        yield name, _outcome(name, place, draft)
    if OK not in written:
        yield OK, ApiOutcome(OK, _STATUSES[OK])


def _outcome(name: str, node: Node, draft: Draft) -> ApiOutcome:
    """Read one kind of answer; a text alone is what is said."""
    if isinstance(node.value, str):
        parts = {"say": node}
    else:
        parts = parts_of(node, _KEYS, "key of an outcome")
    if name == FAILED and set(parts) - {"say"}:
        raise node.wrong(
            "`failed` is whatever no other outcome is, so it has only `say`", "keep `say` alone"
        )
    slots = _paths(parts.get("slots"), draft)
    values = _paths(parts.get("values"), draft)
    for slot, place in dict(parts["slots"].items() if "slots" in parts else ()).items():
        draft.named.append(("slot", slot, place))
    _refuse_taken(parts, {**slots, **values})
    return ApiOutcome(
        name,
        statuses=_statuses(name, node, parts),
        when=tuple(_when(parts.get("when"), draft)),
        slots=slots,
        values=values,
        say=_say(parts.get("say"), {*slots, *values}, draft),
        ask_again=_slots_asked(parts.get("ask_again"), draft),
    )


def _refuse_taken(parts: Mapping[str, Node], names: Mapping[str, JsonPath]) -> None:
    taken = sorted(_TAKEN & names.keys())
    if taken:
        place = parts["values"] if "values" in parts else parts["slots"]
        raise place.wrong(f"the name {taken[0]!r} is taken", "choose another name for the value")


def _statuses(name: str, node: Node, parts: Mapping[str, Node]) -> tuple[int, ...]:
    place = parts.get("status")
    if place is None:
        if name in _STATUSES:
            return _STATUSES[name] if "when" not in parts else _STATUSES[OK]
        if "when" in parts:
            return _STATUSES[OK]
        if name == FAILED:
            return ()
        raise node.wrong(
            f"nothing tells when an answer is {name!r}", "add `status: 409` or `when: {code: 7}`"
        )
    written = list(place.elements()) if isinstance(place.value, list) else [place]
    return tuple(_status(item) for item in written)


def _status(node: Node) -> int:
    text = str(node.value)
    if re.fullmatch(r"[1-5]xx", text):
        return int(text[0])
    if re.fullmatch(r"[1-5][0-9][0-9]", text):
        return int(text)
    raise node.wrong(f"{node.value!r} is no HTTP status", "write a number such as 404, or 4xx")


def _when(node: Node | None, draft: Draft) -> Iterator[tuple[JsonPath, Any]]:
    for text, value in () if node is None else node.items():
        yield _path(text, value, draft), plain(value.value)


def _paths(node: Node | None, draft: Draft) -> dict[str, JsonPath]:
    if node is None:
        return {}
    return {name: _path(place.text(), place, draft) for name, place in node.items()}


def _path(text: str, node: Node, draft: Draft) -> JsonPath:
    try:
        path = parse_path(text)
    except ValueError as error:
        raise node.wrong(
            str(error), "write names with dots and indexes, such as items[0].price"
        ) from None
    need_slots([step for step in path if isinstance(step, str)], node, draft)
    return path


def _say(node: Node | None, known: set[str], draft: Draft) -> str | None:
    if node is None:
        return None
    say = node.text()
    places = list(places_of(say))
    draft.named.extend(("slot", name, node) for name in places if name not in known)
    if not places:
        draft.named.append(("response", say, node))
    return say


def _slots_asked(node: Node | None, draft: Draft) -> tuple[str, ...]:
    if node is None:
        return ()
    draft.named.extend(("slot", name, node) for name in node.texts())
    return node.texts()
