"""Makes QA pairs of rows, field by field, and says what is wrong with a field."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from cs_bot.stores.answers_json import MOST_RELATED, times_from_json
from cs_bot.stores.pair_limits import (
    MOST_ANSWER,
    MOST_LABEL,
    MOST_QUESTION,
    MOST_SIMILAR,
    MOST_TAGS,
)
from cs_bot.stores.qa_files.headings import FIELDS, is_language
from cs_bot.stores.qa_files.problems import WrongField
from cs_bot.text.language import language_of
from cs_bot.types import QAPair, Wording

MOST_CHARACTERS = 100_000
"""The longest text of any other field, and of all of them in a file that is not served."""
_MOST = {
    "question": MOST_QUESTION,
    "similar": MOST_QUESTION,
    "answer": MOST_ANSWER,
    "category": MOST_LABEL,
    "tags": MOST_LABEL,
    "task": MOST_LABEL,
}
_MOST_ITEMS = {"similar": MOST_SIMILAR, "tags": MOST_TAGS}

_TIMES = ("valid_from", "valid_until")
_CONDITIONAL = ("answers", "related", *_TIMES)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Row:
    """One row of a file, read field by field; raises `WrongField`.

    `names` tells what the file calls a field, `prefix` the language the row is in. Without `served`
    the pairs are not for an operator to edit: the answer may lack, texts may be longer, and a field
    named like a language may hold anything: other data sets keep a sentence there, and only an
    object is a translation.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        names: Mapping[str, str],
        prefix: str = "",
        *,
        served: bool = True,
    ) -> None:
        self._values = values
        self._names = names
        self._prefix = prefix
        self._served = served

    def pair(self) -> QAPair:
        """Return the pair that the row says."""
        question = self.text("question")
        return QAPair(
            id=self.text("id", required=False) or made_id(question),
            question=question,
            similar=self.texts("similar"),
            answer=self.text("answer", required=self._served),
            locale=self.text("locale", required=False) or language_of(question) or "zh",
            translations={
                language: self._translation(language)
                for language in self._languages()
                if self._served or isinstance(self._values[language], dict)
            },
            category=self.text("category", required=False),
            tags=self.texts("tags"),
            task=self.text("task", required=False) or None,
            **(self._conditional() if self._served else {}),
        )

    def text(self, field: str, *, required: bool = True) -> str:
        """Return a text, "" where there is none."""
        value = self._values.get(field)
        if value is not None and not isinstance(value, str):
            raise self._not(field, "text in quotes", value)
        text = self._storable(field, value or "")
        if required and not text:
            raise self._wrong(field, "is missing or empty", "write it")
        return text

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts without the empty ones."""
        value = self._values.get(field)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._not(field, "a list of texts", value)
        most = _MOST_ITEMS.get(field, len(value))
        if self._served and len(value) > most:
            what = f"has {len(value):,} items; at most {most:,} are taken"
            raise self._wrong(field, what, "leave some out")
        return tuple(text for item in value if (text := self._storable(field, item, "a text of ")))

    def _conditional(self) -> dict[str, Any]:
        """Return the further answers, the related pairs, and when the pair's own answer holds."""
        if all(self._values.get(name) is None for name in _CONDITIONAL):
            return {}
        from cs_bot.stores.qa_files.answers import answers_of, bounds_of  # pydantic, rarely

        related = self.texts("related")
        if len(related) > MOST_RELATED:
            what = f"names {len(related)} pairs; at most {MOST_RELATED} are taken"
            raise self._wrong("related", what, "leave some out")
        times = {name: self.text(name, required=False) for name in _TIMES}
        try:
            answers, bounds = answers_of(self._values.get("answers")), bounds_of(times)
        except WrongField as wrong:
            raise self._wrong(wrong.field, wrong.what, wrong.remedy) from None
        return {"answers": answers, "related": related, **times_from_json(bounds)}

    def unused(self) -> set[str]:
        """Return what the file says that has no meaning here."""
        return set(self._values).difference(FIELDS, self._languages())

    def _languages(self) -> list[str]:
        return [
            name
            for name, value in self._values.items()
            if is_language(name) and name not in FIELDS and value is not None
        ]

    def _translation(self, language: str) -> Wording:
        value = self._values[language]
        if not isinstance(value, dict):
            raise self._not(language, "an object with question and answer", value)
        inner = Row(value, self._names, f"{self._prefix}{language}.", served=self._served)
        answer = inner.text("answer", required=self._served)
        return Wording(inner.text("question"), inner.texts("similar"), answer)

    def _storable(self, field: str, text: str, one: str = "") -> str:
        """Return the text without space around it; no database keeps NUL or half a character."""
        unstorable = _UNSTORABLE.search(text)
        if unstorable:
            what = f"holds the character U+{ord(unstorable[0]):04X}, which cannot be stored"
            raise self._wrong(field, what, "take it out")
        text = text.strip()
        most = _MOST.get(field, MOST_CHARACTERS) if self._served else MOST_CHARACTERS
        if len(text) > most:
            what = f"has {one}{len(text):,} characters; at most {most:,} are taken"
            raise self._wrong(field, what, "shorten it")
        return text

    def _not(self, field: str, wanted: str, value: Any) -> WrongField:
        shown = json.dumps(value, ensure_ascii=False)[:40]
        return self._wrong(field, f"must be {wanted}, not {shown}", "correct the value")

    def _wrong(self, field: str, what: str, remedy: str) -> WrongField:
        name = self._prefix + field
        spoken = self._names.get(name, name)
        return WrongField(spoken, f"{spoken!r} {what}", remedy)


def made_id(question: str) -> str:
    """Return an id for a row without one: the same question gets the same id every time."""
    return "q-" + blake2b(question.strip().encode(), digest_size=5).hexdigest()
