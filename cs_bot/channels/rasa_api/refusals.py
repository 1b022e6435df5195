"""Turns whatever went wrong into an error of Rasa's HTTP API, in one place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from fastapi import HTTPException
from fastapi.responses import JSONResponse

from cs_bot import __version__
from cs_bot.channels.refusal import BUSY
from cs_bot.errors import BadInput, Busy, CsBotError

log = logging.getLogger(__name__)

_REASONS: Mapping[int, str] = {
    400: "BadRequest",
    401: "NotAuthenticated",
    403: "NotAuthorized",
    404: "NotFound",
    405: "MethodNotAllowed",
    413: "PayloadTooLarge",
    500: "InternalServerError",
    501: "NotImplemented",
    503: "ServiceUnavailable",
}


class RasaRefused(CsBotError):
    """A request that is not carried out: the status and one sentence; `details` names the place."""

    def __init__(self, status: int, message: str, details: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.message = message
        self.details = dict(details or {})
        super().__init__(message)


def in_query(name: str) -> dict[str, str]:
    """Return the details of a wrong parameter, as Rasa gives them."""
    return {"parameter": name, "in": "query"}


def error_answer(error: Exception) -> JSONResponse:
    """Return the answer to a request that failed."""
    refused = _refusal(error)
    body = {
        "version": __version__,
        "status": "failure",
        "message": refused.message,
        "reason": _REASONS.get(refused.status, "Error"),
        "details": refused.details,
        "help": None,
        "code": refused.status,
    }
    headers = {"Retry-After": "2"} if refused.status == 503 else {}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, refused.status, headers)


def _refusal(error: Exception) -> RasaRefused:
    match error:
        case RasaRefused():
            return error
        case BadInput(where=where):
            return RasaRefused(400, str(error), {"parameter": where, "in": "body"})
        case Busy():
            # The error names files and servers: for the log, not for who happens to ask.
            log.warning("a request of Rasa's HTTP API is refused: %s", error)
            return RasaRefused(503, BUSY)
        case HTTPException(status_code=status, detail=detail):
            return RasaRefused(status, str(detail))
    error_id = secrets.token_hex(4)
    log.error("a request of Rasa's HTTP API failed, error %s", error_id, exc_info=error)
    return RasaRefused(500, f"something went wrong here; the server's log tells of it: {error_id}")
