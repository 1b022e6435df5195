"""Reads the further answers of a row and says which of their fields cannot be used, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from cs_bot.stores.answer_models import Answers, Bounded, as_values, place
from cs_bot.stores.answers_json import answers_from_json
from cs_bot.stores.qa_files.problems import WrongField
from cs_bot.types import Answer

_REMEDIES: Mapping[str, str] = {
    "missing": "write it",
    "extra_forbidden": "take it out",
    "string_too_long": "shorten it",
    "too_long": "leave some out",
    "window": "exchange the two times or correct one",
    "button_does": "write one of say, url and task",
    "empty_answer": "write a text or take the answer out",
}
_SPOKEN: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is no field of an answer",
    "string_type": "must be text in quotes",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "union_tag_not_found": "has no kind",
}


class _Row(BaseModel):
    answers: Answers


def answers_of(value: Any) -> tuple[Answer, ...]:
    """Return the answers of a JSON value, or of a cell that holds one; raises `WrongField`."""
    if isinstance(value, str):
        value = _parsed(value)
    if value is None:
        return ()
    try:
        return answers_from_json(as_values(_Row.model_validate({"answers": value}).answers))
    except ValidationError as error:
        raise _wrong(error) from None


def bounds_of(times: Mapping[str, str]) -> Mapping[str, Any]:
    """Return when a pair's own answer holds; raises `WrongField`."""
    try:
        return Bounded.model_validate({name: at or None for name, at in times.items()}).model_dump()
    except ValidationError as error:
        raise _wrong(error) from None


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell) if cell.strip() else None
    except (ValueError, RecursionError) as error:
        what = f"is not valid JSON: {error}"
        raise WrongField("answers", what, "correct it, or export the pair again") from None


def _wrong(error: ValidationError) -> WrongField:
    """Return the first thing that is wrong, in words that follow the name of the field."""
    first = error.errors(include_url=False, include_context=True)[0]
    kind = first["type"]
    said = _SPOKEN.get(kind) or _longer(kind, first.get("ctx", {}), first["msg"])
    return WrongField(place(first["loc"]), said, _REMEDIES.get(kind, "correct the value"))


def _longer(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind == "union_tag_invalid":
        kinds = context["expected_tags"].replace("'", "")
        return f"has the kind {context['tag']!r}; known are {kinds}"
    if kind == "string_too_long":
        return f"has more than {context['max_length']:,} characters"
    if kind == "too_long":
        return f"has {context['actual_length']} items; at most {context['max_length']} are taken"
    if kind == "literal_error":
        return f"must be {context['expected']}"
    return message.removeprefix("it ")
