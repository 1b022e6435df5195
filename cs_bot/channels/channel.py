"""A way in, as the server mounts it: what an entry point of the group `cs_bot.channels` makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter


async def _nothing() -> None:
    """Do nothing: most channels have nothing to start."""


@dataclass(frozen=True, slots=True)
class Channel:
    """HTTP and WebSocket routes, and what happens before serving and before stopping."""

    routes: APIRouter
    start: Callable[[], Awaitable[None]] = _nothing
    drain: Callable[[], Awaitable[None]] = _nothing
    """Sends clients away while their sockets can still be written to."""
