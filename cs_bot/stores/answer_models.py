"""What an answer of a pair may hold, checked field by field, wherever it comes from.

The models are those of files and of the operator API; errors have pydantic's types, or one of ours:
`time`, `window`, `web_address`, `link_address`, `button_does`, `empty_answer`, `nul_character`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

MOST_ANSWERS = 20
MOST_BLOCKS = 10
MOST_BUTTONS = 10
MOST_CARD_BUTTONS = 3

_WEB = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)
_CALL = re.compile(r"(?:tel:\+?[\d().-]+|mailto:[^\s@]+@[^\s@]+)", re.IGNORECASE)


def _without_nul(text: str) -> str:
    """Return the text; PostgreSQL cannot store NUL."""
    if "\0" in text:
        raise PydanticCustomError("nul_character", "it holds a NUL character")
    return text


def _web_address(text: str) -> str:
    if not _WEB.fullmatch(text):
        raise PydanticCustomError("web_address", "it must begin with http:// or https://")
    return text


def _link_address(text: str) -> str:
    if not (_WEB.fullmatch(text) or _CALL.fullmatch(text)):
        why = "it must begin with http://, https://, mailto: or tel:"
        raise PydanticCustomError("link_address", "{why}", {"why": why})
    return text


def time_written(text: str) -> str:
    """Return a time with its zone in the one way it is stored."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        why = "it must be a time with its zone, such as 2026-12-01T00:00:00+08:00"
        raise PydanticCustomError("time", "{why}", {"why": why})
    return at.isoformat()


def _words(most: int, *, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


def _each_once(values: list[str]) -> list[str]:
    return [*dict.fromkeys(value for value in values if value)]


Time = Annotated[str, AfterValidator(time_written)]
_Clean = AfterValidator(_without_nul)
Label = Annotated[str, _words(100), _Clean]
Labels = Annotated[list[Label], Field(max_length=20), AfterValidator(_each_once)]
Picture = Annotated[str, _words(2_000, least=1), _Clean, AfterValidator(_web_address)]
Link = Annotated[str, _words(2_000, least=1), _Clean, AfterValidator(_link_address)]


class AnswerPart(BaseModel):
    """Part of an answer; a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ButtonModel(AnswerPart):
    """A choice, and the one thing it does: say a text, open a link, or start a task."""

    title: Annotated[str, _words(40, least=1), _Clean]
    say: Annotated[str, _words(500, least=1), _Clean] | None = None
    url: Link | None = None
    task: Annotated[str, _words(100, least=1), _Clean] | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(does is not None for does in (self.say, self.url, self.task)) != 1:
            raise PydanticCustomError(
                "button_does", "it must do one thing: say a text, open a url or start a task"
            )
        return self


class TextModel(AnswerPart):
    """A paragraph of Markdown."""

    kind: Literal["text"]
    text: Annotated[str, _words(16_000, least=1), _Clean]


class ImageModel(AnswerPart):
    """A picture by its address, with words for those who cannot see it."""

    kind: Literal["image"]
    url: Picture
    alt: Annotated[str, _words(200, least=1), _Clean]


class ButtonsModel(AnswerPart):
    """A row of choices."""

    kind: Literal["buttons"]
    buttons: Annotated[list[ButtonModel], Field(min_length=1, max_length=MOST_BUTTONS)]


class CardModel(AnswerPart):
    """A title with a picture, plain words and choices."""

    kind: Literal["card"]
    title: Annotated[str, _words(80, least=1), _Clean]
    text: Annotated[str, _words(200), _Clean] = ""
    image: Picture | None = None
    alt: Annotated[str, _words(200), _Clean] = ""
    buttons: Annotated[list[ButtonModel], Field(max_length=MOST_CARD_BUTTONS)] = []


BlockModel = Annotated[
    TextModel | ImageModel | ButtonsModel | CardModel, Field(discriminator="kind")
]


class Bounded(AnswerPart):
    """Something that holds from one time on and until another; None is no limit."""

    valid_from: Time | None = None
    valid_until: Time | None = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, until: str | None, info: ValidationInfo) -> str | None:
        begins = info.data.get("valid_from")
        if until and begins and datetime.fromisoformat(until) <= datetime.fromisoformat(begins):
            raise PydanticCustomError("window", "it must be later than valid_from")
        return until


class AnswerModel(Bounded):
    """One more answer of a pair; without `text` the pair's own words stand above the blocks."""

    text: Annotated[str, _words(16_000), _Clean] = ""
    blocks: Annotated[list[BlockModel], Field(max_length=MOST_BLOCKS)] = []
    channels: Labels = []
    locales: Annotated[list[Literal["zh", "en"]], AfterValidator(_each_once)] = []
    tiers: Labels = []

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.blocks:
            raise PydanticCustomError("empty_answer", "it has neither a text nor a block")
        return self


Answers = Annotated[list[AnswerModel], Field(max_length=MOST_ANSWERS)]


def as_values(answers: Sequence[AnswerModel]) -> list[Mapping[str, Any]]:
    """Return checked answers as `answers_from_json` reads them."""
    return [answer.model_dump() for answer in answers]


def place(path: Sequence[int | str]) -> str:
    """Return pydantic's path in words, `answers.0.blocks.1.url`, without the kinds of blocks."""
    parts = [str(part) for part in path]
    kept = [
        part
        for n, part in enumerate(parts)
        if not (n >= 2 and parts[n - 2] == "blocks" and parts[n - 1].isdigit())
    ]
    return ".".join(kept)
