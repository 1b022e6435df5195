"""Blocks as the JSON objects of Rasa's channels, and the payloads that come back from them.

A line of a "did you mean" list is a button with the payload `/pick{"id": "..."}`; a form comes
back as `/submit{"form_id": "...", "values": {...}}`; buttons keep the payload they were given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.blocks import (
    SAY,
    Block,
    Button,
    Buttons,
    Card,
    Custom,
    Form,
    Image,
    Notice,
    Suggest,
    Text,
    as_wire,
)
from cs_bot.channels.refusal import Refused

PICK = "/pick"
SUBMIT = "/submit"

_FORM: Mapping[str, str] = {
    "zh": "{title}：请填写{fields}。这里不能直接显示表单，请按 custom 中的字段以 {example} 发送。",
    "en": "{title}: please fill in {fields}. This channel shows no forms; "
    "send the fields under custom as {example}.",
}


@dataclass(frozen=True, slots=True)
class Pick:
    """A line of a list was chosen; None for none of them."""

    item_id: str | None


@dataclass(frozen=True, slots=True)
class Submit:
    """A form was filled in."""

    form_id: str
    values: Mapping[str, str]


def command_in(message: str) -> Pick | Submit | None:
    """Return what a message of this module's own payloads means, None for any other.

    Raises `Refused` for one that is badly written.
    """
    if message.startswith(PICK + "{"):
        return _pick(_payload(message, PICK))
    if message.startswith(SUBMIT + "{"):
        return _submit(_payload(message, SUBMIT))
    return None


def rasa_objects(blocks: Sequence[Block], recipient_id: str, locale: str) -> list[dict[str, Any]]:
    """Return one object per block; choices join the text that they stand under."""
    objects: list[dict[str, Any]] = []
    for block in blocks:
        content = _content(block, locale)
        text = _text_above(objects) if set(content) == {"buttons"} else None
        if text is not None:
            text.update(content)
        else:
            objects.append({"recipient_id": recipient_id, **_with_text(content)})
    return objects


def _text_above(objects: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the text that choices stand under, be there pictures in between."""
    for above in reversed(objects):
        kinds = set(above) - {"recipient_id"}
        if kinds != {"image"}:
            return above if kinds == {"text"} else None
    return None


def _content(block: Block, locale: str) -> dict[str, Any]:
    match block:
        case Text(text=text) | Notice(text=text):
            return {"text": text}
        case Image(url=url):
            return {"image": url}
        case Buttons(buttons=buttons):
            return {"buttons": [_button(button) for button in buttons]}
        case Card():
            return _card(block)
        case Suggest(items=items, none=none):
            lines = [_line(item.question, item.item_id) for item in items]
            return {"buttons": lines if none is None else [*lines, _line(none, None)]}
        case Custom(name=name, data=data):
            return {name: data}
        case Form():
            return {"text": _form_words(block, locale), "custom": as_wire(block)}


def _card(card: Card) -> dict[str, Any]:
    content: dict[str, Any] = {"text": "\n".join(filter(None, (card.title, card.text)))}
    if card.image:
        content["image"] = card.image
    if card.buttons:
        content["buttons"] = [_button(button) for button in card.buttons]
    return content


def _with_text(content: dict[str, Any]) -> dict[str, Any]:
    """Rasa's clients show buttons only under a text."""
    if set(content) != {"buttons"}:
        return content
    return {"text": _titles(content["buttons"]), **content}


def _titles(buttons: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(f"{n}. {button['title']}" for n, button in enumerate(buttons, 1))


def _button(button: Button) -> dict[str, Any]:
    if button.payload is None:
        return {"type": "web_url", "title": button.title, "url": button.url}
    return {"title": button.title, "payload": button.payload.removeprefix(SAY)}


def _line(title: str, item_id: str | None) -> dict[str, Any]:
    return {"title": title, "payload": PICK + json.dumps({"id": item_id}, ensure_ascii=False)}


def _form_words(form: Form, locale: str) -> str:
    named = [f"{f.label} ({f.name}{'*' if f.required else ''})" for f in form.fields]
    comma = "、" if locale == "zh" else ", "
    values = {f.name: "..." for f in form.fields if f.required}
    payload = json.dumps({"form_id": form.form_id, "values": values}, ensure_ascii=False)
    return _FORM[locale].format(
        title=form.title, fields=comma.join(named), example=SUBMIT + payload
    )


def _payload(message: str, command: str) -> Mapping[str, Any]:
    try:
        payload = json.loads(message.removeprefix(command))
    except (ValueError, RecursionError):
        raise Refused("bad_request", f"{command} must be followed by a JSON object") from None
    if not isinstance(payload, dict):
        raise Refused("bad_request", f"{command} must be followed by a JSON object")
    return payload


def _pick(payload: Mapping[str, Any]) -> Pick:
    item_id = payload.get("id")
    if "id" not in payload or not isinstance(item_id, str | None):
        raise Refused("bad_request", f'write {PICK}{{"id": "..."}}, with null for none of them')
    return Pick(item_id)


def _submit(payload: Mapping[str, Any]) -> Submit:
    form_id, values = payload.get("form_id"), payload.get("values")
    texts = isinstance(values, dict) and all(isinstance(v, str) for v in values.values())
    if not isinstance(form_id, str) or not isinstance(values, dict) or not texts:
        raise Refused(
            "bad_request", f'write {SUBMIT}{{"form_id": "...", "values": {{"name": "text"}}}}'
        )
    return Submit(form_id, values)
