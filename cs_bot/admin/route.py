"""The route class of the operator API: what holds for every request, before and after its handler.

Cross-site requests are refused, bodies have a limit, errors have one shape, nothing is cached.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message

from cs_bot.admin.refusals import Refused, error_answer
from cs_bot.admin.sentences import Sentence, says, spoken_locale

CONSOLE_HEADER = "X-CSB-Console"
_READING = frozenset({"GET", "HEAD"})


class ConsoleRoute(APIRoute):
    """A route of the operator API."""

    most_bytes: ClassVar[int | None] = 64 * 1024
    """The longest body; None leaves it to the handler, which has let the operator in by then."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler between its guards."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                _check_origin(request)
                _check_address(request)
                if self.most_bytes is not None:
                    request = await _with_whole_body(request, self.most_bytes)
                response = await handle(request)
            except Exception as error:  # noqa: BLE001 - every failure is answered; refusals.py logs it
                response = error_answer(error, locale_of(request))
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        return guarded


class KnowledgeRoute(ConsoleRoute):
    """A route whose body may hold a whole QA pair: 5,000 similar questions in two languages."""

    most_bytes: ClassVar[int | None] = 20 * 1024 * 1024


class UploadRoute(ConsoleRoute):
    """A route whose body is a file; its handler reads it with `whole_body`."""

    most_bytes: ClassVar[int | None] = None


def locale_of(request: Request) -> str:
    """Return the language the operator's screen asks for."""
    return spoken_locale(request.headers.get("Accept-Language", ""))


def _check_origin(request: Request) -> None:
    """Refuse what another site's page could send: it cannot set a header of its own."""
    if request.method not in _READING and request.headers.get(CONSOLE_HEADER) != "1":
        raise Refused("forbidden", says("no_console_header"))


def _check_address(request: Request) -> None:
    """Refuse NUL, which PostgreSQL cannot store or compare."""
    if "\0" in request.url.path or any("\0" in value for value in request.query_params.values()):
        raise Refused("invalid", says("nul_character"))


async def _with_whole_body(request: Request, most_bytes: int) -> Request:
    """Return the request with its body read, which is then known not to be too long."""
    body = await whole_body(request, most_bytes, says("too_large", bytes=most_bytes))

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)


async def whole_body(request: Request, most_bytes: int, too_large: Sentence) -> bytes:
    """Return the body; raises `Refused` with the sentence as soon as it is too long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise Refused("invalid", too_large)
    except ClientDisconnect:
        raise Refused("invalid", says("cut_off")) from None
    return bytes(body)
