"""What an action returned, in our terms: rasa-sdk's events and messages, checked and bounded."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_bot.stages.task.project import Choice, Variation

log = logging.getLogger(__name__)

MOST_EVENTS = 100
MOST_MESSAGES = 20
MOST_BUTTONS = 20
MOST_ELEMENTS = 20
LONGEST_TEXT = 4_000
"""Characters of a text: of a slot, or of what is said. A longer one is cut."""
LONGEST_VALUE = 20_000
"""Characters of a list or a table as JSON. A longer one is left out: cut, it would be broken."""

_EVENTS: Mapping[str, tuple[str, ...]] = {
    "slot": ("name", "value"),
    "reset_slots": (),
    "active_loop": ("name",),
    "followup": ("name",),
    "action": ("name",),
    "user": ("text", "parse_data"),
    "bot": ("text", "data", "metadata"),
    "rewind": (),
    "undo": (),
    "restart": (),
    "session_started": (),
    "session_ended": (),
    "pause": (),
    "resume": (),
    "reminder": ("name", "intent", "entities", "date_time", "kill_on_user_msg"),
    "cancel_reminder": ("name", "intent", "entities"),
    "loop_interrupted": ("is_interrupted",),
    "action_execution_rejected": ("name",),
    "agent": ("text", "data"),
    "export": (),
}
"""rasa-sdk's events and what each carries."""
_NAMED = frozenset({"slot", "followup", "action", "action_execution_rejected"})
"""Events that are nothing without a name."""
APPLIED = frozenset(_EVENTS) - {"agent", "export"}
"""Events that the conversation follows; the others are told in the log and in the trace."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of an action: words of its own, or the name of a response and its values."""

    response: str | None
    words: Variation
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """One event by rasa-sdk's name for it, with what it carries; both are checked."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What an action returned: slots in order, words, what is to follow.

    `events` holds all events in the order in which they were returned, those among them that the
    other fields tell as well.
    """

    slots: tuple[tuple[str, Any], ...] = ()
    """Names and values; `*` means all slots."""
    said: tuple[Said, ...] = ()
    followup: str | None = None
    leaves_loop: bool = False
    asks_again: bool = False
    """The form of the task goes on, for a slot of it was emptied."""
    events: tuple[ActionEvent, ...] = ()
    ignored: tuple[str, ...] = ()
    """Names of events that changed nothing, for the trace: unknown ones too."""


def happened(outcome: ActionOutcome) -> tuple[ActionEvent, ...]:
    """Return the events of an outcome, made of its other fields where it has none."""
    if outcome.events:
        return outcome.events
    slots = [
        ActionEvent("reset_slots")
        if name == "*"
        else ActionEvent("slot", {"name": name, "value": value})
        for name, value in outcome.slots
    ]
    left = [ActionEvent("active_loop", {"name": None})] if outcome.leaves_loop else []
    followup = [ActionEvent("followup", {"name": outcome.followup})] if outcome.followup else []
    return (*slots, *left, *followup)


def outcome_of(action: str, events: object, responses: object) -> ActionOutcome:
    """Return what rasa-sdk handed back; what cannot be used is left out and told in the log."""
    faults: list[str] = []
    listed = _listed(events, MOST_EVENTS, "events", faults)
    read = tuple(_events(listed, faults))
    messages = [*_listed(responses, MOST_MESSAGES, "messages", faults), *_uttered(read)]
    said = tuple(_said(message, faults) for message in messages if _is_message(message, faults))
    for fault in dict.fromkeys(faults):
        log.warning("action %s returned %s", action, fault)
    followup, leaves_loop = _what_follows(read)
    ignored = tuple(dict.fromkeys(_ignored(listed)))
    return ActionOutcome(
        tuple(_slots(read)), said, followup, leaves_loop, events=read, ignored=ignored
    )


def _listed(value: object, most: int, what: str, faults: list[str]) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        faults.append(f"{type(value).__name__} where a list of {what} belongs; it is left out")
        return ()
    if len(value) > most:
        faults.append(f"{len(value)} {what}, of which those after the first {most} are left out")
    return value[:most]


def _ignored(written: Iterable[Any]) -> Iterator[str]:
    kinds = (_as_today(event)[0] for event in written if isinstance(event, Mapping))
    yield from (str(kind)[:40] for kind in kinds if not _is_applied(kind))


def _is_applied(kind: object) -> bool:
    return isinstance(kind, str) and kind in APPLIED


def _events(written: Iterable[Any], faults: list[str]) -> Iterator[ActionEvent]:
    for event in written:
        read = _event(event, faults) if isinstance(event, Mapping) else None
        if read is not None:
            yield read
        elif not isinstance(event, Mapping):
            faults.append(f"{type(event).__name__} where an event belongs; it is left out")


def _event(written: Mapping[str, Any], faults: list[str]) -> ActionEvent | None:
    kind, values = _as_today(written)
    if not isinstance(kind, str) or kind not in _EVENTS:
        faults.append(f"the event {str(kind)[:40]}, which does not exist; it is left out")
        return None
    if kind in _NAMED and not _is_name(values.get("name")):
        faults.append(f"an event {kind} without a name; it is left out")
        return None
    if kind not in APPLIED:
        faults.append(f"the event {kind}, which is not applied")
    carried = _bounded_fields(kind, values, faults)
    return None if carried is None else ActionEvent(kind, carried)


def _as_today(written: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """Return kind and fields; Rasa 1 called two of them otherwise."""
    match written.get("event"):
        case "form":
            return "active_loop", written
        case "form_validation":
            return "loop_interrupted", {"is_interrupted": not written.get("validate", True)}
        case kind:
            return kind, written


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200


def _bounded_fields(
    kind: str, values: Mapping[str, Any], faults: list[str]
) -> dict[str, Any] | None:
    """Return what the event carries; None where a part of it cannot be kept."""
    carried = {}
    for name in _EVENTS[kind]:
        what = f"a value of the slot {values.get('name')}" if kind == "slot" else f"{name}"
        try:
            carried[name] = bounded(values.get(name), faults.append)
        except _Unusable as error:
            faults.append(f"{what} that {error}; it is left out")
            return None
    return carried


class _Unusable(Exception):
    """A value that cannot be kept, and why."""


def bounded(value: Any, tell: Callable[[str], object]) -> Any:
    """Return a value that can be kept: a text cut, anything else as it is; raises `_Unusable`."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        tell(f"a text of {len(value)} characters, of which {LONGEST_TEXT} are kept")
        value = value[:LONGEST_TEXT]
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (TypeError, ValueError, RecursionError):
        raise _Unusable("is no JSON") from None
    if len(written) > LONGEST_VALUE:
        raise _Unusable(f"has {len(written)} characters, more than {LONGEST_VALUE}")
    return value


def _slots(events: Iterable[ActionEvent]) -> Iterator[tuple[str, Any]]:
    for event in events:
        if event.kind == "slot":
            yield event.values["name"], event.values["value"]
        elif event.kind == "reset_slots":
            yield "*", None


def _what_follows(events: Iterable[ActionEvent]) -> tuple[str | None, bool]:
    """Return the action that is to follow, and whether the loop is left; the last event counts."""
    followup, leaves_loop = None, False
    for event in events:
        if event.kind == "followup":
            followup = event.values["name"]
        elif event.kind == "active_loop":
            followup = event.values["name"]
            leaves_loop = followup is None
    return followup, leaves_loop


def _uttered(events: Iterable[ActionEvent]) -> Iterator[Mapping[str, Any]]:
    """Yield what `bot` events say, in the form of messages."""
    for event in events:
        if event.kind == "bot":
            data = event.values["data"]
            rest = data if isinstance(data, Mapping) else {}
            yield {**rest, "text": event.values["text"]}


def _is_message(message: object, faults: list[str]) -> bool:
    if not isinstance(message, Mapping):
        faults.append(f"{type(message).__name__} where a message belongs; it is left out")
    return isinstance(message, Mapping)


def _said(message: Mapping[str, Any], faults: list[str]) -> Said:
    values = dict(_usable(message, faults))
    name = values.get("response") or values.get("template")
    text, image = values.get("text"), values.get("image")
    words = Variation(
        None if text is None else str(text),
        None if image is None else str(image),
        tuple(_choices(values.get("buttons"), faults)),
        attachment=values.get("attachment") or None,
        custom=values.get("custom") or None,
        elements=tuple(_elements(values.get("elements"), faults)),
    )
    return Said(str(name) if name else None, words, values)


def _usable(message: Mapping[str, Any], faults: list[str]) -> Iterator[tuple[str, Any]]:
    for name, value in message.items():
        try:
            yield str(name), bounded(value, faults.append)
        except _Unusable as error:
            faults.append(f"a message whose {str(name)[:40]} {error}; that is left out")


def _choices(buttons: object, faults: list[str]) -> Iterator[Choice]:
    for button in _listed(buttons, MOST_BUTTONS, "buttons", faults):
        if isinstance(button, Mapping):
            title = str(button.get("title", ""))
            payload = str(button.get("payload") or title)
            yield Choice(title, payload, _address(button.get("url")))


def _elements(elements: object, faults: list[str]) -> Iterator[dict[str, Any]]:
    """Yield cards without addresses that are no texts."""
    for element in _listed(elements, MOST_ELEMENTS, "elements", faults):
        if isinstance(element, Mapping):
            card = _addressed(element, "image_url")
            if "buttons" in card:
                buttons = _listed(card["buttons"], MOST_BUTTONS, "buttons", faults)
                card["buttons"] = [_addressed(b, "url") for b in buttons if isinstance(b, Mapping)]
            yield card


def _addressed(part: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != key or _address(value)}


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
