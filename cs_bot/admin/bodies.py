"""The JSON bodies the operator API takes; a field nobody knows is an error, not a typo unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cs_bot.stores.answer_models import Answers, Bounded, Time, as_values
from cs_bot.stores.answers_json import MOST_RELATED, answers_from_json, times_from_json
from cs_bot.stores.pair_limits import (
    MOST_ANSWER,
    MOST_LABEL,
    MOST_QUESTION,
    MOST_SIMILAR,
    MOST_TAGS,
)
from cs_bot.types import QAPair, Wording

Locale = Literal["zh", "en"]


def _without_nul(text: str) -> str:
    """Return the text; PostgreSQL cannot store NUL."""
    if "\0" in text:
        raise PydanticCustomError("nul_character", "it holds a NUL character")
    return text


_Clean = AfterValidator(_without_nul)


def _words(most: int, *, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Line = Annotated[str, _words(MOST_QUESTION), _Clean]
Question = Annotated[str, _words(MOST_QUESTION, least=1), _Clean]
Answer = Annotated[str, _words(MOST_ANSWER, least=1), _Clean]
Label = Annotated[str, _words(MOST_LABEL), _Clean]
Note = Annotated[str, _words(2_000), _Clean]
Secret = Annotated[str, Field(max_length=256), _Clean]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LogIn(_Body):
    """Name and password."""

    name: Label
    password: Secret


class SetUp(_Body):
    """The first operator, and the one-time token that allows it."""

    token: Secret
    name: Annotated[str, _words(100, least=1), _Clean]
    password: Annotated[str, Field(min_length=10, max_length=256), _Clean]


class WordingBody(_Body):
    """What a pair says in one language; blank similar questions are left out."""

    question: Question
    similar: Annotated[list[Line], Field(max_length=MOST_SIMILAR)] = []
    answer: Answer

    def wording(self) -> Wording:
        """Return the value inside the house."""
        return Wording(self.question, tuple(filter(None, self.similar)), self.answer)


class PairContent(WordingBody, Bounded):
    """Everything an operator may write into a pair; the times are those of its own answer."""

    locale: Locale = "zh"
    translations: dict[Locale, WordingBody] = {}
    category: Label = ""
    tags: Annotated[list[Label], Field(max_length=MOST_TAGS)] = []
    task: Label | None = None
    answers: Answers = []
    related: Annotated[list[Label], Field(max_length=MOST_RELATED)] = []

    @model_validator(mode="after")
    def _translations_are_in_other_languages(self) -> Self:
        if self.locale in self.translations:
            raise PydanticCustomError("own_language", "a translation in the pair's own language")
        return self

    def pair(self, pair_id: str) -> QAPair:
        """Return the pair of this id."""
        own = self.wording()
        return QAPair(
            id=pair_id,
            question=own.question,
            similar=own.similar,
            answer=own.answer,
            locale=self.locale,
            translations={name: body.wording() for name, body in self.translations.items()},
            category=self.category,
            tags=tuple(filter(None, self.tags)),
            task=self.task or None,
            answers=answers_from_json(as_values(self.answers)),
            related=tuple(dict.fromkeys(one for one in self.related if one and one != pair_id)),
            **times_from_json({"valid_from": self.valid_from, "valid_until": self.valid_until}),
        )


def _pair_id(text: str) -> str:
    """Return an id that can stand in an address."""
    kept = text.replace("_", "a").replace("-", "a").replace(".", "a").replace(":", "a")
    if len(text) > 64 or not text[:1].isalnum() or not kept.isalnum():
        raise PydanticCustomError("pair_id", "no usable id")
    return text


class NewPair(PairContent):
    """A new pair; without an id the server makes one."""

    id: Annotated[str, AfterValidator(_pair_id)] | None = None


class EditedPair(PairContent):
    """A pair as it should be, and the version it was read at."""

    version: Annotated[int, Field(ge=1, le=2_147_483_647)]


class QuestionsToCheck(_Body):
    """Wordings of a pair, in two languages, that may not be stored yet."""

    id: Label | None = None
    questions: Annotated[list[Line], Field(max_length=2 * (1 + MOST_SIMILAR))]


class LabelledQuestion(_Body):
    """A customer's question and the pair that answers it, null where there is no answer."""

    question: Question
    pair_id: Annotated[str, _words(500, least=1), _Clean] | None


class LabelledQuestions(_Body):
    """Questions to label."""

    questions: Annotated[list[LabelledQuestion], Field(min_length=1, max_length=5_000)]


class NewRelease(_Body):
    """Why the drafts are published."""

    note: Note = ""


class Asked(_Body):
    """One question for the test bench, and what answers may depend on."""

    text: Annotated[str, _words(4_000, least=1), _Clean]
    locale: Locale = "zh"
    channel: Label = ""
    tier: Label = ""
    at: Time | None = None

    def situation(self) -> dict[str, Any]:
        """Return what the operator wants to be different from a question asked here and now."""
        at = datetime.fromisoformat(self.at) if self.at else None
        said = {"channel": self.channel, "tier": self.tier, "at": at}
        return {name: value for name, value in said.items() if value}


class Handled(_Body):
    """What became of a left message."""

    status: Literal["open", "done"]
    note: Note
