"""What a customer's choice means: looks the chosen line, button or form up in the stored blocks.

A client names ids only, so it cannot make up what a button says. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cs_bot.blocks import SAY, Block, Button, Buttons, Form, Suggest, buttons_of
from cs_bot.channels.forms import form_problems, submitted_words
from cs_bot.channels.refusal import Refused
from cs_bot.text.language import language_of
from cs_bot.types import Payload, Picked, Pressed, Submitted

NONE = "none"
"""Stands in `chosen` of a list of which the customer wanted no line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to store: the words, what they mean, and the blocks as they look from now on."""

    text: str
    payload: Payload | None
    blocks: tuple[Block, ...] | None
    """None when the message looks as before."""


class AlreadyChosen(Refused):
    """A choice among things of which one is chosen already: a resend, or a second tab."""

    def __init__(self) -> None:
        super().__init__("conflict", "the choice has been made already")


def pick(blocks: Sequence[Block], item_id: str | None) -> Choice:
    """Choose a line of the "did you mean" list, None for none of them; raises `Refused`."""
    for block in blocks:
        if not isinstance(block, Suggest):
            continue
        text = block.none if item_id is None else _question(block, item_id)
        if text is not None:
            new = _chosen(block, item_id or NONE)
            return Choice(text, Picked(item_id), _swap(blocks, block, new))
    raise Refused("not_found", "the message has no such line")


def press(blocks: Sequence[Block], button_id: str) -> Choice:
    """Press a button; raises `Refused`."""
    for block in blocks:
        for button in buttons_of(block):
            if button.id == button_id:
                return _pressed(button, _closed(blocks, block, button_id))
    raise Refused("not_found", "the message has no such button")


def submit(blocks: Sequence[Block], form_id: str, values: Mapping[str, str], locale: str) -> Choice:
    """Submit a form; raises `Refused`, with what is wrong by field where values do not fit."""
    form = next((b for b in blocks if isinstance(b, Form) and b.form_id == form_id), None)
    if form is None:
        raise Refused("not_found", "the message has no such form")
    if form.state == "submitted":
        raise AlreadyChosen
    if form.state != "open":
        raise Refused("form_expired", "the form is closed")
    problems = form_problems(form, values, locale)
    if problems:
        raise Refused("form_invalid", "some fields need another look", fields=problems)
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    closed = _swap(blocks, form, replace(form, state="submitted"))
    spoken = language_of(form.title) or locale  # the form speaks as the customer wrote
    return Choice(submitted_words(form, spoken), Submitted(form_id, given), closed)


def _pressed(button: Button, blocks: tuple[Block, ...] | None) -> Choice:
    if button.payload is None:
        raise Refused("bad_request", "the button is a link; open it")
    if button.payload.startswith(SAY):
        return Choice(button.payload.removeprefix(SAY), None, blocks)
    return Choice(button.title, Pressed(button.payload), blocks)


def _closed(blocks: Sequence[Block], block: Block, button_id: str) -> tuple[Block, ...] | None:
    """Return the blocks with the row closed, None for one that stays open."""
    if not isinstance(block, Buttons) or not block.once:
        return None
    return _swap(blocks, block, _chosen(block, button_id))


def _question(block: Suggest, item_id: str) -> str | None:
    return next((item.question for item in block.items if item.item_id == item_id), None)


def _chosen(block: Suggest | Buttons, choice: str) -> Suggest | Buttons:
    if block.chosen is not None:
        raise AlreadyChosen
    return replace(block, chosen=choice)


def _swap(blocks: Sequence[Block], old: Block, new: Block) -> tuple[Block, ...]:
    return tuple(new if block is old else block for block in blocks)
