"""How answers of pairs are written down as JSON: the same in the store, in files and in the API.

A button says what it does (`say`, `url` or `task`) instead of the payload it has in a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, TypedDict

from cs_bot.blocks import SAY, Block, Button, Buttons, Card, Image, Text
from cs_bot.types import Answer, QAPair

MOST_RELATED = 5
_START = "/"
"""A button payload that starts so names a task."""
_TIMES = ("valid_from", "valid_until")


class Times(TypedDict):
    """When an answer holds; None is no limit."""

    valid_from: datetime | None
    valid_until: datetime | None


def answers_as_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return answers as JSON values, without what is empty."""
    return [_answer_as_json(answer) for answer in answers]


def answers_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """Read answers back; raises `KeyError` for a block kind that no answer has."""
    return tuple(_answer_from_json(answer) for answer in stored)


def times_as_json(bounded: Answer | QAPair) -> dict[str, str]:
    """Return when an answer holds, without the limits it does not have."""
    times = {name: getattr(bounded, name) for name in _TIMES}
    return {name: at.isoformat() for name, at in times.items() if at is not None}


def times_from_json(stored: Mapping[str, Any]) -> Times:
    """Read back when an answer holds."""
    return {"valid_from": _time(stored, "valid_from"), "valid_until": _time(stored, "valid_until")}


def _time(stored: Mapping[str, Any], name: str) -> datetime | None:
    written = stored.get(name)
    return datetime.fromisoformat(written) if written else None


def tasks_named(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield the path and the name of every task that a button of the answer starts."""
    for block_number, block in enumerate(answer.blocks):
        for number, button in enumerate(getattr(block, "buttons", ())):
            task = _action(button).get("task")
            if task is not None:
                yield f"blocks.{block_number}.buttons.{number}.task", task


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    values = {
        "text": answer.text,
        "blocks": [_block_as_json(block) for block in answer.blocks],
        "channels": list(answer.channels),
        "locales": list(answer.locales),
        "tiers": list(answer.tiers),
        **times_as_json(answer),
    }
    return {name: value for name, value in values.items() if value}


def _answer_from_json(stored: Mapping[str, Any]) -> Answer:
    numbers = count(1)
    return Answer(
        text=stored.get("text") or "",
        blocks=tuple(_block_from_json(block, numbers) for block in stored.get("blocks") or ()),
        channels=tuple(stored.get("channels") or ()),
        locales=tuple(stored.get("locales") or ()),
        tiers=tuple(stored.get("tiers") or ()),
        **times_from_json(stored),
    )


def _block_as_json(block: Block) -> dict[str, Any]:
    match block:
        case Text(text=text):
            return {"kind": "text", "text": text}
        case Image(url=url, alt=alt):
            return {"kind": "image", "url": url, "alt": alt}
        case Buttons(buttons=buttons):
            return {"kind": "buttons", "buttons": _buttons_as_json(buttons)}
        case Card(title=title, text=text, image=image, alt=alt, buttons=buttons):
            values = {"text": text, "image": image, "alt": alt}
            named = {name: value for name, value in values.items() if value}
            rest = {"buttons": _buttons_as_json(buttons)} if buttons else {}
            return {"kind": "card", "title": title, **named, **rest}
    raise KeyError(block.kind)


def _block_from_json(stored: Mapping[str, Any], numbers: Iterator[int]) -> Block:
    buttons = tuple(_button(one, next(numbers)) for one in stored.get("buttons") or ())
    match stored["kind"]:
        case "text":
            return Text(stored["text"], format="md")
        case "image":
            return Image(stored["url"], stored.get("alt") or "")
        case "buttons":
            # Answers are read again later: what was pressed once may be pressed again.
            return Buttons(buttons, once=False)
        case "card":
            text, alt = stored.get("text") or "", stored.get("alt") or ""
            return Card(stored["title"], text, stored.get("image") or None, alt, buttons)
    raise KeyError(stored["kind"])


def _buttons_as_json(buttons: Sequence[Button]) -> list[dict[str, Any]]:
    return [{"title": button.title, **_action(button)} for button in buttons]


def _action(button: Button) -> dict[str, str]:
    payload = button.payload or ""
    if payload.startswith(SAY):
        return {"say": payload.removeprefix(SAY)}
    if payload.startswith(_START):
        return {"task": payload.removeprefix(_START)}
    return {"url": button.url or ""}


def _button(stored: Mapping[str, Any], number: int) -> Button:
    """Return a button; its id is no other's in the message, be it one of a task's question."""
    payload = None
    if stored.get("say"):
        payload = SAY + stored["say"]
    elif stored.get("task"):
        payload = _START + stored["task"]
    return Button(f"a{number}", stored["title"], payload, stored.get("url") or None)
