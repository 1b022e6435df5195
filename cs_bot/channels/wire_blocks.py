"""The blocks of a message as customers receive them: pydantic mirrors of `cs_bot/blocks.py`.

Only for schemas and validation; the frames themselves are written by `blocks.public_wire`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(strict=True)


class TextBlock(_Part):
    """A paragraph; `md` allows a small safe Markdown subset."""

    kind: Literal["text"]
    text: str = Field(max_length=16_000)
    format: Literal["plain", "md"] = "plain"


class ButtonPart(_Part):
    """One choice; with `url` it is a link that the client opens itself."""

    id: str
    title: str
    url: str | None = None


class ButtonsBlock(_Part):
    """A row of choices; with `once` a choice disables the row but keeps it readable."""

    kind: Literal["buttons"]
    buttons: list[ButtonPart]
    once: bool = True
    chosen: str | None = None


class SuggestItem(_Part):
    """One line of a "did you mean" list."""

    item_id: str
    question: str


class SuggestBlock(_Part):
    """A list of questions; `chosen` is an `item_id`, or `none` for none of these.

    `none` holds the words for "none of these"; a list without it has no such line.
    """

    kind: Literal["suggest"]
    items: list[SuggestItem]
    none: str | None = None
    chosen: str | None = None


class OptionPart(_Part):
    """One value of a select or radio field."""

    value: str
    label: str


class FieldPart(_Part):
    """One field of a form; `pattern` must match the whole value."""

    name: str
    kind: Literal["text", "tel", "email", "number", "date", "select", "radio", "textarea"]
    label: str
    required: bool = False
    pattern: str | None = None
    maxlength: int | None = None
    options: list[OptionPart] = Field(default_factory=list)
    autocomplete: str | None = None
    sensitive: bool = False


class FormBlock(_Part):
    """A form inside the conversation."""

    kind: Literal["form"]
    form_id: str
    title: str
    fields: list[FieldPart]
    submit: str
    cancel: str | None = None
    state: Literal["open", "submitted", "cancelled", "expired"] = "open"


class ImageBlock(_Part):
    """A picture by address."""

    kind: Literal["image"]
    url: str
    alt: str = ""


class CardBlock(_Part):
    """A title with a picture, plain words and choices; a choice leaves the others open.

    `fallback` has its words for clients that show no cards.
    """

    kind: Literal["card"]
    title: str
    text: str = ""
    image: str | None = None
    alt: str = ""
    buttons: list[ButtonPart] = Field(default_factory=list)
    fallback: str


class CustomBlock(_Part):
    """JSON that a page of the operator's own understands; clients that do not show `fallback`."""

    kind: Literal["custom"]
    data: Any
    text: str = ""
    name: Literal["custom", "attachment"] = "custom"
    fallback: str


class NoticeBlock(_Part):
    """A grey system line."""

    kind: Literal["notice"]
    text: str


WireBlock = Annotated[
    TextBlock
    | ButtonsBlock
    | SuggestBlock
    | FormBlock
    | ImageBlock
    | CardBlock
    | CustomBlock
    | NoticeBlock,
    Field(discriminator="kind"),
]
