"""Shows what a response holds as the blocks of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cs_bot.blocks import Block, Button, Buttons, Card, Custom, Image, Text
from cs_bot.stages.task.project import Choice, Variation


def blocks_of(said: Variation) -> tuple[Block, ...]:
    """Return what a response holds as blocks, word for word: text, picture, buttons, then others.

    Paragraphs become blocks of their own, as they become messages of their own in Rasa.
    """
    return tuple(_blocks(said))


def _blocks(said: Variation) -> Iterator[Block]:
    if said.text and said.choices:
        yield Text(said.text)
    elif said.text:
        yield from (Text(part) for part in said.text.strip().split("\n\n") if part.strip())
    if said.image:
        yield Image(said.image)
    if said.choices:
        yield Buttons(_row(said.choices))
    if said.custom is not None:
        yield Custom(said.custom, _words_in(said.custom))
    if said.attachment is not None:
        yield _attached(said.attachment)
    for number, element in enumerate(said.elements, 1):
        if isinstance(element, dict):
            yield _card(element, f"e{number}")


def _row(choices: Sequence[Choice], prefix: str = "b") -> tuple[Button, ...]:
    """Return buttons; one with an address opens it and says nothing to the bot."""
    return tuple(
        Button(f"{prefix}{number}", c.title, None if c.url else c.payload, c.url)
        for number, c in enumerate(choices, 1)
    )


def _attached(attachment: Any) -> Block:
    """Return a picture where the attachment is one, else what a page may know how to show."""
    held = attachment.get("payload") if isinstance(attachment, dict) else None
    source = held.get("src") or held.get("url") if isinstance(held, dict) else None
    if isinstance(attachment, dict) and attachment.get("type") == "image" and source:
        return Image(str(source))
    return Custom(attachment, _words_in(held or attachment), "attachment")


def _words_in(data: Any) -> str:
    """Return the words by which JSON can be told: its text or title, or the address it names."""
    if isinstance(data, str):
        return data
    held = data if isinstance(data, dict) else {}
    named = (held.get(key) for key in ("text", "title", "src", "url"))
    return next((value for value in named if isinstance(value, str) and value), "")


def _card(element: Mapping[str, Any], prefix: str) -> Card:
    """Return an element of Rasa's (a title, a picture, buttons) as a card."""
    written = element.get("buttons")
    buttons = written if isinstance(written, list) else []
    choices = [
        Choice(
            str(button.get("title", "")),
            str(button.get("payload") or button.get("title", "")),
            button.get("url"),
        )
        for button in buttons
        if isinstance(button, dict)
    ]
    return Card(
        str(element.get("title", "")),
        str(element.get("subtitle") or ""),
        element.get("image_url"),
        buttons=_row(choices, f"{prefix}b"),
    )
