"""The paths of the messages that customers left for the staff."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from cs_bot.admin.auth import Acting
from cs_bot.admin.bodies import Handled
from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.views import LeftMessageView
from cs_bot.admin.wire import left_message_view
from cs_bot.stores.protocols import LeftMessageStore


class LeftMessagesView(BaseModel):
    """A part of the list, newest first; `open` counts all that wait, whatever the filter."""

    items: list[LeftMessageView]
    open: int
    next: str | None


def left_message_routes(store: LeftMessageStore) -> APIRouter:
    """Return the paths under `/left-messages`."""
    left_messages = _LeftMessages(store)
    routes = APIRouter(prefix="/left-messages", route_class=ConsoleRoute, tags=["left messages"])
    routes.get("")(left_messages.list_left_messages)
    routes.patch("/{message_id}")(left_messages.handle_left_message)
    return routes


class _LeftMessages:
    def __init__(self, store: LeftMessageStore) -> None:
        self._store = store

    async def list_left_messages(
        self,
        status: Literal["open", "done"] | None = None,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        size: Annotated[int, Query(ge=1, le=200)] = 30,
    ) -> LeftMessagesView:
        """Return left messages, newest first."""
        found = await self._store.left_messages(status=status, cursor=cursor or None, size=size)
        return LeftMessagesView(
            items=[left_message_view(message) for message in found.items],
            open=await self._store.open_left_messages(),
            next=found.next,
        )

    async def handle_left_message(
        self, message_id: str, body: Handled, operator: Acting
    ) -> LeftMessageView:
        """Set the status and the note of a left message."""
        handled = await self._store.handle_left_message(
            message_id, status=body.status, note=body.note, by=operator.name
        )
        return left_message_view(handled)
