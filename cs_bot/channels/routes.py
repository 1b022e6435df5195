"""The routes of the customer's side, as `app.py` mounts them."""

from __future__ import annotations

from fastapi import APIRouter

from cs_bot.channels.chat import Chat
from cs_bot.channels.session import session_routes
from cs_bot.channels.websocket import websocket_routes


def chat_routes(chat: Chat) -> APIRouter:
    """Return the HTTP and WebSocket routes of the protocol."""
    router = APIRouter()
    router.include_router(session_routes(chat))
    router.include_router(websocket_routes(chat))
    return router
