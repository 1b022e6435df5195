"""The paths of Rasa's HTTP API: who may use them, what they take, how they refuse."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from cs_bot import __version__
from cs_bot.channels.bodies import bounded_body
from cs_bot.channels.frames import TEXT_CHARS
from cs_bot.channels.rasa_api.conversations import Trackers
from cs_bot.channels.rasa_api.effects import Effects
from cs_bot.channels.rasa_api.keys import ApiKeys
from cs_bot.channels.rasa_api.parsing import parsed
from cs_bot.channels.rasa_api.refusals import RasaRefused, error_answer, in_query
from cs_bot.channels.rasa_api.trackers import VERBOSITIES, Verbosity
from cs_bot.errors import BadInput
from cs_bot.stages.task.project import Project
from cs_bot.types import Reading

BODY_BYTES = 262_144
ID_CHARS = 200

Parse = Callable[[str], Awaitable[Reading]]
"""Reads a text as the first message of a conversation; nothing is stored."""

_CONVERSATION = "/conversations/{conversation_id:path}"
_NOT_SERVED = (
    ("POST", f"{_CONVERSATION}/messages"),
    ("POST", f"{_CONVERSATION}/trigger_intent"),
    ("POST", f"{_CONVERSATION}/execute"),
    ("POST", f"{_CONVERSATION}/predict"),
    ("GET", f"{_CONVERSATION}/story"),
    ("PUT", f"{_CONVERSATION}/tracker/events"),
    ("POST", "/model/train"),
    ("POST", "/model/test/stories"),
    ("POST", "/model/test/intents"),
    ("POST", "/model/predict"),
    ("PUT", "/model"),
    ("DELETE", "/model"),
)


class RasaRoute(APIRoute):
    """A route whose errors are those of Rasa's API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, whose every failure is answered."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                response = await handle(request)
            except Exception as error:  # noqa: BLE001 - every failure is answered; refusals.py logs it
                response = error_answer(error)
            response.headers["Cache-Control"] = "no-store"
            return response

        return guarded


def rasa_api_routes(
    *,
    keys: ApiKeys,
    trackers: Trackers,
    parse: Parse,
    project: Project,
    model_id: Callable[[], str],
) -> APIRouter:
    """Return the API; `model_id` names what answers now."""
    router = APIRouter(tags=["rasa"], route_class=RasaRoute)

    @router.get("/version")
    async def version() -> dict[str, str]:
        """Tell the version of this server."""
        return {"version": __version__, "minimum_compatible_version": __version__}

    @router.get("/status")
    async def status(request: Request) -> dict[str, Any]:
        """Tell what answers."""
        keys.check(request, "read")
        return {"model_file": "", "model_id": model_id(), "num_active_training_jobs": 0}

    @router.get("/domain")
    async def domain(request: Request) -> JSONResponse:
        """Return the domain as written."""
        keys.check(request, "read")
        return JSONResponse(dict(project.domain))

    @router.post("/model/parse")
    async def model_parse(request: Request) -> dict[str, Any]:
        """Tell what a message means."""
        keys.check(request, "read")
        if "emulation_mode" in request.query_params:
            raise RasaRefused(
                501,
                "emulation_mode is not served: answers have Rasa's own form; leave it out.",
                in_query("emulation_mode"),
            )
        body = await _json(request)
        text, message_id = _text(body), _message_id(body)
        return parsed(text, message_id, await parse(text), project)

    @router.get(f"{_CONVERSATION}/tracker")
    async def tracker(conversation_id: str, request: Request) -> JSONResponse:
        """Return the tracker of a conversation."""
        keys.check(request, "read")
        found = await trackers.tracker(_id(conversation_id), _verbosity(request), _until(request))
        return JSONResponse(found)

    @router.post(f"{_CONVERSATION}/tracker/events")
    async def append(conversation_id: str, request: Request) -> JSONResponse:
        """Add one event or several to a conversation."""
        keys.check(request, "write")
        sender_id, verbosity = _id(conversation_id), _verbosity(request)
        effects, body = _effects(request), await _json(request)
        return JSONResponse(await trackers.append(sender_id, body, verbosity, effects))

    for method, path in _NOT_SERVED:
        router.add_api_route(path, _not_served(keys), methods=[method], include_in_schema=False)
    return router


def _not_served(keys: ApiKeys) -> Callable[[Request], Awaitable[None]]:
    async def refuse(request: Request) -> None:
        keys.check(request, "read")
        raise RasaRefused(
            501, f"{request.method} {request.url.path} is not served here; see docs/http-api.md."
        )

    return refuse


def _id(conversation_id: str) -> str:
    if not conversation_id or len(conversation_id) > ID_CHARS or "\0" in conversation_id:
        raise RasaRefused(
            400,
            f"The id of a conversation has 1 to {ID_CHARS} characters and no NUL.",
            {"parameter": "conversation_id", "in": "path"},
        )
    return conversation_id


def _verbosity(request: Request) -> Verbosity:
    wanted = request.query_params.get("include_events", "AFTER_RESTART").upper()
    for known in VERBOSITIES:
        if wanted == known:
            return known
    raise RasaRefused(
        400,
        "Invalid parameter value for 'include_events'. Should be one of " + ", ".join(VERBOSITIES),
        in_query("include_events"),
    )


def _until(request: Request) -> datetime | None:
    written = request.query_params.get("until")
    try:
        return None if written is None else datetime.fromtimestamp(float(written), UTC)
    except (ValueError, OverflowError, OSError):
        raise RasaRefused(
            400, "Invalid parameter value for 'until': write seconds since 1970.", in_query("until")
        ) from None


def _effects(request: Request) -> Effects:
    wanted = request.query_params.get("execute_side_effects", "false").lower()
    if wanted not in ("true", "false"):
        raise RasaRefused(
            400,
            "Invalid parameter value for 'execute_side_effects': write true or false.",
            in_query("execute_side_effects"),
        )
    return Effects(wanted == "true", request.query_params.get("output_channel"))


async def _json(request: Request) -> Any:
    body = await bounded_body(request, BODY_BYTES)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("it is no JSON", where="body", remedy="send JSON in UTF-8") from None


def _text(body: Any) -> str:
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise BadInput("there is no text", where="text", remedy='send {"text": "..."}')
    if len(text) > TEXT_CHARS:
        raise BadInput(
            f"it has {len(text)} characters", where="text", remedy=f"send at most {TEXT_CHARS}"
        )
    return text


def _message_id(body: Any) -> str | None:
    message_id = body.get("message_id")
    if message_id is None or (isinstance(message_id, str) and len(message_id) <= ID_CHARS):
        return message_id
    raise BadInput(
        "it is no id", where="message_id", remedy=f"send text of at most {ID_CHARS} characters"
    )
