"""The HTTP companions of the socket: channel configuration, visitor sessions, history."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import JSONResponse, Response

from cs_bot.channels.bodies import bounded_body
from cs_bot.channels.chat import Chat, Page
from cs_bot.channels.frames import FRAME_BYTES, SUBPROTOCOL, TEXT_CHARS, Name, Position
from cs_bot.channels.limits import Window
from cs_bot.channels.locales import screen_locale
from cs_bot.channels.refusal import BUSY
from cs_bot.channels.server_frames import event_frame
from cs_bot.channels.tokens import TokenRefused, Visitor
from cs_bot.channels.websocket import PATH as WEBSOCKET_PATH
from cs_bot.errors import Busy, NotFound

log = logging.getLogger(__name__)

ROOT = "/api/v1/chat"
MIN_SDK = "0.1.0"
PAGE_SIZE = 20
PAGE_SIZE_MOST = 100
CONFIG_SECONDS = 60
PREFLIGHT_SECONDS = 600
MINUTE_SECONDS = 60.0
MOST_ADDRESSES = 10_000


class SessionRequest(BaseModel):
    """Who opens a session: the channel's key, and the token of an earlier session if any."""

    key: Name
    locale: Name = ""
    visitor_token: str | None = Field(default=None, max_length=4_096)
    page: str | None = Field(default=None, max_length=2_048)


class Addresses:
    """Counts the new visitors of each address."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._windows: dict[str, Window] = {}

    def admit(self, address: str, now: float) -> float:
        """Count one more and return 0, or return the seconds until there is room again."""
        if len(self._windows) > MOST_ADDRESSES:
            self._windows = {a: w for a, w in self._windows.items() if not w.is_idle(now)}
        window = self._windows.setdefault(address, Window(self._most, MINUTE_SECONDS))
        return window.admit(now)


def session_routes(chat: Chat) -> APIRouter:
    """Return the HTTP routes of the chat."""
    router = APIRouter(prefix=ROOT, route_class=_route_class(chat), tags=["chat"])
    addresses = Addresses(chat.limits.sessions)

    @router.get("/config")
    async def config(request: Request, key: str) -> Response:
        """Return what a widget needs to know of its channel."""
        _check_page(chat, request, key)
        body = json.dumps(_config(chat, key), ensure_ascii=False).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": etag, "Cache-Control": f"max-age={CONFIG_SECONDS}"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @router.post("/sessions", openapi_extra=_body_schema(SessionRequest))
    async def sessions(request: Request) -> Response:
        """Open or renew a visitor's session."""
        wanted = await _session_request(request)
        _check_page(chat, request, wanted.key)
        known = await _known_visitor(chat, wanted)
        visitor = known or _new_visitor(chat, request, wanted.key, addresses)
        conversation = None
        if known is not None:
            conversation = await _newest_conversation(chat, known, wanted.locale)
        return JSONResponse(
            {
                "visitor_id": visitor.id,
                "visitor_token": await chat.tokens.issue(visitor),
                "conversation": conversation,
                "ws_url": _socket_url(chat, request),
            },
            headers={"Cache-Control": "no-store"},
        )

    @router.get("/conversations/{conversation_id}/events")
    async def events(
        request: Request,
        conversation_id: str,
        before_seq: Position | None = None,
        after_seq: Position | None = None,
        limit: int = PAGE_SIZE,
    ) -> Response:
        """Return a page of the conversation's events, oldest first; the last one by default."""
        visitor = await _bearer(chat, request)
        _check_page(chat, request, visitor.channel)
        try:
            conversation = await chat.conversation_of(visitor, conversation_id)
        except NotFound:
            raise HTTPException(404, "you have no such conversation") from None
        if after_seq is None and before_seq is None:
            before_seq = conversation.top_seq + 1
        entries = await chat.conversations.entries(
            conversation_id,
            after_seq=after_seq,
            before_seq=None if after_seq is not None else before_seq,
            limit=max(1, min(limit, PAGE_SIZE_MOST)),
        )
        return JSONResponse(
            {
                "events": [event_frame(entry) for entry in entries],
                "top_seq": conversation.top_seq,
                "epoch": conversation.epoch,
            },
            headers={"Cache-Control": "no-store"},
        )

    for path in ("/config", "/sessions", "/conversations/{conversation_id}/events"):
        router.add_api_route(path, _preflight, methods=["OPTIONS"], include_in_schema=False)
    return router


async def _preflight() -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        },
    )


def _config(chat: Chat, key: str) -> dict[str, Any]:
    channel = chat.channels[key]
    return {
        "key": key,
        "name": dict(chat.bot.name),
        "greeting": dict(channel.greeting),
        "quick_questions": {name: list(items) for name, items in channel.quick_questions.items()},
        "protocols": [SUBPROTOCOL],
        "limits": {"frame": FRAME_BYTES, "text": TEXT_CHARS},
        "theme": {"color": channel.color},
        "features": {"feedback": True, "forms": True, "suggest": True},
        "min_sdk": MIN_SDK,
    }


async def _session_request(request: Request) -> SessionRequest:
    try:
        return SessionRequest.model_validate_json(await bounded_body(request, FRAME_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise HTTPException(400, f"{place}: {first['msg']}") from None


async def _known_visitor(chat: Chat, wanted: SessionRequest) -> Visitor | None:
    """Return who they have been so far; a token that is no good any more makes a new visitor."""
    if wanted.visitor_token is None:
        return None
    try:
        visitor = await chat.tokens.read(wanted.visitor_token)
    except TokenRefused:
        return None
    return visitor if visitor.channel == wanted.key else None


def _new_visitor(chat: Chat, request: Request, key: str, addresses: Addresses) -> Visitor:
    address = request.client.host if request.client else ""
    wait = addresses.admit(address, chat.monotonic())
    if wait:
        headers = {"Retry-After": str(max(1, round(wait)))}
        raise HTTPException(429, "too many new sessions from this address", headers)
    return Visitor(chat.ids("v"), key)


async def _newest_conversation(chat: Chat, visitor: Visitor, tag: str) -> dict[str, Any]:
    conversation = await chat.newest_conversation(visitor, screen_locale(tag, chat.bot.locale))
    return {
        "id": conversation.id,
        "epoch": conversation.epoch,
        "top_seq": conversation.top_seq,
    }


async def _bearer(chat: Chat, request: Request) -> Visitor:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        visitor = await chat.tokens.read(token if scheme.lower() == "bearer" else "")
    except TokenRefused:
        raise HTTPException(401, "get a new visitor token") from None
    if visitor.channel not in chat.channels:
        raise HTTPException(404, "there is no such channel")
    return visitor


def _check_page(chat: Chat, request: Request, key: str) -> None:
    if key not in chat.channels:
        raise HTTPException(404, "there is no such channel")
    page = _page(request)
    if not chat.origins.admits(page.origin, page.host, key):
        raise HTTPException(403, "this page may not use the channel")


def _page(request: Request) -> Page:
    return Page(request.headers.get("origin"), request.headers.get("host", ""))


def _socket_url(chat: Chat, request: Request) -> str:
    base = chat.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return base.rstrip("/").replace("http", "ws", 1) + WEBSOCKET_PATH


def _body_schema(model: type[BaseModel]) -> dict[str, Any]:
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def _route_class(chat: Chat) -> type[APIRoute]:
    """Return routes whose answers, refusals too, can be read by the pages the channels admit."""

    class CorsRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handled(request: Request) -> Response:
                headers = _cors(chat, _page(request))
                try:
                    response = await handle(request)
                except HTTPException as error:
                    headers = {**headers, **(error.headers or {})}
                    return JSONResponse({"detail": error.detail}, error.status_code, headers)
                except Busy as error:
                    log.warning("%s is refused: %s", request.url.path, error)
                    headers = {**headers, "Retry-After": "2"}
                    return JSONResponse({"detail": BUSY}, 503, headers)
                response.headers.update(headers)
                return response

            return handled

    return CorsRoute


def _cors(chat: Chat, page: Page) -> Mapping[str, str]:
    headers = {"Vary": "Origin"}
    if page.origin is not None and chat.origins.admits_any(page.origin, page.host):
        headers["Access-Control-Allow-Origin"] = page.origin
    return headers
