"""What a message is made of: the blocks a channel shows, as plain values with their wire form.

Field names are those of the protocol page (`channels/protocol/asyncapi.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `md` allows the protocol's small safe Markdown subset."""

    kind: ClassVar[str] = "text"
    text: str
    format: Literal["plain", "md"] = "plain"


@dataclass(frozen=True, slots=True)
class Button:
    """One choice. `payload` is what choosing it says to the bot; it never leaves the server."""

    id: str
    title: str
    payload: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of choices; with `once` a choice disables the row but keeps it readable."""

    kind: ClassVar[str] = "buttons"
    buttons: tuple[Button, ...]
    once: bool = True
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of a "did you mean" list; `item_id` is the id of a QA pair."""

    item_id: str
    question: str


@dataclass(frozen=True, slots=True)
class Suggest:
    """A list of questions to choose from: "did you mean", or what is related to an answer.

    `none` holds the words for "none of these", which only the former has.
    """

    kind: ClassVar[str] = "suggest"
    items: tuple[Suggestion, ...]
    none: str | None = None
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a select or radio field."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `pattern` is a regular expression that must match the whole value."""

    name: str
    kind: Literal["text", "tel", "email", "number", "date", "select", "radio", "textarea"]
    label: str
    required: bool = False
    pattern: str | None = None
    maxlength: int | None = None
    options: tuple[Option, ...] = ()
    autocomplete: str | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form inside the conversation."""

    kind: ClassVar[str] = "form"
    form_id: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    cancel: str | None = None
    state: Literal["open", "submitted", "cancelled", "expired"] = "open"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by address, with its words for those who cannot see it."""

    kind: ClassVar[str] = "image"
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A title with a picture, plain words and choices that belong together; all but it optional.

    `image` is the address of the picture, `alt` its words for those who cannot see it.
    """

    kind: ClassVar[str] = "card"
    title: str
    text: str = ""
    image: str | None = None
    alt: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Custom:
    """JSON that a channel or page of the operator's own understands; `text` has its words.

    `name` is what Rasa's channels call it.
    """

    kind: ClassVar[str] = "custom"
    data: Any
    text: str = ""
    name: Literal["custom", "attachment"] = "custom"


@dataclass(frozen=True, slots=True)
class Notice:
    """A grey system line."""

    kind: ClassVar[str] = "notice"
    text: str


Block = Text | Buttons | Suggest | Form | Image | Card | Custom | Notice

SAY = "say:"
"""A button payload that starts so is said in the customer's name."""

_KINDS: Mapping[str, type[Block]] = {
    "text": Text,
    "buttons": Buttons,
    "suggest": Suggest,
    "form": Form,
    "image": Image,
    "card": Card,
    "custom": Custom,
    "notice": Notice,
}
_NESTED: Mapping[str, type[Any]] = {
    "buttons": Button,
    "items": Suggestion,
    "fields": Field,
    "options": Option,
}


def as_wire(block: Block, *, public: bool = True) -> dict[str, Any]:
    """Return the block as JSON values; the public form lacks button payloads.

    A kind that clients of the first protocol did not know has its words as `fallback` there.
    """
    wire = {"kind": block.kind, **_plain(block, public)}
    late = public and block.kind in ("card", "custom")
    return {**wire, "fallback": plain_text([block])} if late else wire


def from_wire(wire: Mapping[str, Any]) -> Block:
    """Read a stored block back; raises `KeyError` for an unknown kind."""
    cls = _KINDS[wire["kind"]]
    block: Block = _build(cls, {name: value for name, value in wire.items() if name != "kind"})
    return block


def public_wire(wire: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored block without what customers must not see (button payloads)."""
    return as_wire(from_wire(wire))


def plain_text(blocks: Sequence[Block]) -> str:
    """Return the words of the blocks, one line each, for terminals, logs and REST channels."""
    return "\n".join(line for block in blocks for line in _lines(block))


def buttons_of(block: Block) -> tuple[Button, ...]:
    """Return what can be pressed in a block."""
    return block.buttons if isinstance(block, Buttons | Card) else ()


def _lines(block: Block) -> list[str]:
    match block:
        case Text(text=text) | Notice(text=text):
            return [text]
        case Suggest(items=items):
            return [f"{n}. {item.question}" for n, item in enumerate(items, 1)]
        case Buttons(buttons=buttons):
            return [f"[{button.title}]" for button in buttons]
        case Form(title=title):
            return [title]
        case Custom(text=text):
            return [text] if text else []
        case Image(alt=alt, url=url):
            return [alt or url]
        case Card(title=title, text=text, buttons=buttons):
            return [*filter(None, (title, text)), *(f"[{button.title}]" for button in buttons)]


def _plain(value: Any, public: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for field in fields(value):
        item = getattr(value, field.name)
        if item is None or item == () or (public and field.name == "payload"):
            continue
        plain[field.name] = _value(item, public)
    return plain


def _value(item: Any, public: bool) -> Any:
    if isinstance(item, tuple):
        return [_value(part, public) for part in item]
    return _plain(item, public) if is_dataclass(item) else item


def _build(cls: type[Any], wire: Mapping[str, Any]) -> Any:
    values = {
        name: tuple(_build(_NESTED[name], part) for part in value)
        if name in _NESTED and isinstance(value, list)
        else value
        for name, value in wire.items()
    }
    return cls(**values)
