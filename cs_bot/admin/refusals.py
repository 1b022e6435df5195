"""Turns whatever went wrong into the error answer of the operator API, in one place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any, Literal

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from cs_bot.admin.sentences import Sentence, says
from cs_bot.admin.wire import pair_view
from cs_bot.errors import BadInput, Busy, Conflict, CsBotError, NotFound
from cs_bot.stores.answer_models import place
from cs_bot.stores.protocols import DraftPair

log = logging.getLogger(__name__)

Code = Literal[
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "invalid",
    "rate_limited",
    "internal",
    "unavailable",
]

_STATUS: Mapping[Code, int] = {
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "invalid": 422,
    "rate_limited": 429,
    "internal": 500,
    "unavailable": 503,
}

_FIELD_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("field_missing", ""),
    "extra_forbidden": ("field_unknown", ""),
    "string_too_long": ("field_too_long", "max_length"),
    "string_too_short": ("field_too_short", "min_length"),
    "too_long": ("field_too_many", "max_length"),
    "greater_than_equal": ("field_least", "ge"),
    "less_than_equal": ("field_most", "le"),
    "literal_error": ("field_not_allowed", "expected"),
    "nul_character": ("field_nul", ""),
    "own_language": ("field_own_language", ""),
    "pair_id": ("field_pair_id", ""),
    "time": ("field_time", ""),
    "window": ("field_window", ""),
    "web_address": ("field_web_address", ""),
    "link_address": ("field_link_address", ""),
    "button_does": ("field_button_does", ""),
    "empty_answer": ("field_empty_answer", ""),
    "union_tag_invalid": ("field_block_kind", ""),
    "union_tag_not_found": ("field_block_kind", ""),
    "too_short": ("field_missing", ""),
}
"""pydantic's error type -> our sentence, and the name of pydantic's value in it."""


class Refused(CsBotError):
    """A request that gets an error answer; `beside` goes next to `error` in the body."""

    def __init__(
        self,
        code: Code,
        sentence: Sentence | None = None,
        *,
        fields: Mapping[str, Sentence] | None = None,
        beside: Mapping[str, Any] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        self.code: Code = code
        self.sentence = sentence or says(code)
        self.fields = fields or {}
        self.beside = beside or {}
        self.retry_after_seconds = retry_after_seconds
        super().__init__(code, self.sentence.spoken("en"))


def error_answer(error: Exception, locale: str) -> JSONResponse:
    """Return the answer to a request that failed, spoken in this language."""
    refused = _refusal(error)
    described: dict[str, Any] = {
        "code": refused.code,
        "message": refused.sentence.spoken(locale),
    }
    if refused.fields:
        described["fields"] = {name: says.spoken(locale) for name, says in refused.fields.items()}
    headers = {}
    if refused.retry_after_seconds is not None:
        described["retry_after_seconds"] = refused.retry_after_seconds
        headers["Retry-After"] = str(refused.retry_after_seconds)
    body = {"error": described, **refused.beside}
    return JSONResponse(body, _STATUS[refused.code], headers)


def _refusal(error: Exception) -> Refused:
    match error:
        case Refused():
            return error
        case RequestValidationError():
            return _invalid(error)
        case BadInput(where="" | "cursor"):
            return _bad_input(error)
        case NotFound(kind=kind, name=name):
            return Refused("not_found", says("not_found", kind=kind, name=name))
        case Conflict():
            return _conflict(error)
        case Busy():
            log.warning("refused as busy: %s", error)
            return Refused("unavailable", says("busy"))
        case HTTPException(status_code=404 | 405):
            return Refused("not_found", says("no_such_path"))
        case HTTPException(status_code=400):
            return Refused("invalid", says("not_json"))
    return _unexpected(error)


def _bad_input(error: BadInput) -> Refused:
    """Return what to say of the request's own words; any other place is a matter of the log."""
    if not error.where:
        return Refused("invalid", says("as_is", text=str(error)))
    why = f"{error.what}; {error.remedy}"
    return Refused("invalid", fields={error.where: says("as_is", text=why)})


def _conflict(error: Conflict) -> Refused:
    if isinstance(error.current, DraftPair):
        current = pair_view(error.current).model_dump(mode="json")
        return Refused("conflict", says("changed_meanwhile"), beside={"current": current})
    return Refused("conflict", says("as_is", text=error.what))


def _invalid(error: RequestValidationError) -> Refused:
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return Refused("invalid", says("not_json"))
    return Refused("invalid", fields={_place(problem): _why(problem) for problem in problems})


def _place(problem: Mapping[str, Any]) -> str:
    """Return `similar.3` for the body, the parameter's name for a query."""
    return place(problem["loc"][1:]) or "body"


def _why(problem: Mapping[str, Any]) -> Sentence:
    known = _FIELD_SENTENCES.get(problem["type"])
    if known is None:
        return says("field_unusable", text=problem["msg"])
    key, value = known
    if problem["type"] == "string_too_short" and problem["ctx"]["min_length"] == 1:
        return says("field_missing")
    return says(key, limit=problem["ctx"][value]) if value else says(key)


def _unexpected(error: Exception) -> Refused:
    error_id = secrets.token_hex(4)
    log.error("operator request failed, error %s", error_id, exc_info=error)
    return Refused("internal", says("internal", id=error_id))
