"""The WebSocket end of the chat: checks the handshake, then hands the socket to a `Connection`."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from cs_bot.channels.chat import Chat, Page
from cs_bot.channels.connection import Connection, Gone
from cs_bot.channels.frames import SUBPROTOCOL

PATH = "/api/v1/chat/ws"


def websocket_routes(chat: Chat) -> APIRouter:
    """Return the route that customers' sockets connect to."""
    router = APIRouter()

    @router.websocket(PATH)
    async def connect(websocket: WebSocket) -> None:
        page = Page(websocket.headers.get("origin"), websocket.headers.get("host", ""))
        if not chat.origins.admits_any(page.origin, page.host):
            await _deny(websocket, 403, "this page may not connect")
        elif SUBPROTOCOL not in websocket.scope["subprotocols"]:
            await _deny(websocket, 400, f"offer the subprotocol {SUBPROTOCOL}")
        else:
            # From here on a refusal is a close code: a browser cannot read a refused handshake.
            await websocket.accept(subprotocol=SUBPROTOCOL)
            await Connection(StarletteSocket(websocket), chat, page).run()

    return router


class StarletteSocket:
    """A Starlette WebSocket as a `connection.Socket`."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def receive(self) -> str | bytes:
        """Return the next frame; raises `Gone`."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def send(self, text: str) -> None:
        """Send one frame; raises `Gone`."""
        try:
            await self._websocket.send_text(text)
        except WebSocketDisconnect:
            raise Gone from None

    async def close(self, code: int, reason: str) -> None:
        """Send the closing frame; raises `Gone`."""
        try:
            await self._websocket.close(code, reason)
        except WebSocketDisconnect:
            raise Gone from None


async def _deny(websocket: WebSocket, status: int, reason: str) -> None:
    await websocket.send_denial_response(JSONResponse({"detail": reason}, status))
