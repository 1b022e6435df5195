"""The paths through which operators read what was said and which stage answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.views import AdditionView, ConversationView, TurnView
from cs_bot.admin.wire import addition_view, conversation_view, summary_of, turn_view
from cs_bot.stores.protocols import ConversationQuery, ConversationStore

_LATEST_MS = 32_503_680_000_000
"""The year 3000: a later time is a mistake, and `datetime` ends soon after."""

EpochMs = Annotated[int, Query(ge=0, le=_LATEST_MS)]


class ConversationsView(BaseModel):
    """A part of the list, newest first, and the cursor of the next part."""

    items: list[ConversationView]
    next: str | None


class ConversationDetailView(BaseModel):
    """One conversation with all its turns and what was added between them, oldest first."""

    conversation: ConversationView
    turns: list[TurnView]
    additions: list[AdditionView]


def conversation_routes(store: ConversationStore) -> APIRouter:
    """Return the paths under `/conversations`."""
    conversations = _Conversations(store)
    routes = APIRouter(prefix="/conversations", route_class=ConsoleRoute, tags=["conversations"])
    routes.get("")(conversations.list_conversations)
    routes.get("/{conversation_id}")(conversations.read_conversation)
    return routes


class _Conversations:
    def __init__(self, store: ConversationStore) -> None:
        self._store = store

    async def list_conversations(
        self,
        search: Annotated[str, Query(max_length=500)] = "",
        answered_by: Annotated[str, Query(max_length=100)] = "",
        since: Annotated[EpochMs | None, Query(alias="from")] = None,
        until: Annotated[EpochMs | None, Query(alias="to")] = None,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        size: Annotated[int, Query(ge=1, le=200)] = 30,
    ) -> ConversationsView:
        """Return conversations that have turns, newest first."""
        found = await self._store.summaries(
            ConversationQuery(
                search=search.strip(),
                answered_by=answered_by or None,
                since=_instant(since),
                until=_instant(until),
                cursor=cursor or None,
                size=size,
            )
        )
        return ConversationsView(
            items=[conversation_view(summary) for summary in found.items], next=found.next
        )

    async def read_conversation(self, conversation_id: str) -> ConversationDetailView:
        """Return one conversation with every turn and its trace."""
        conversation = await self._store.conversation(conversation_id)
        turns = await self._store.turns(conversation_id)
        added = await self._store.additions(conversation_id)
        return ConversationDetailView(
            conversation=conversation_view(summary_of(conversation, turns)),
            turns=[turn_view(logged) for logged in turns],
            additions=[addition_view(addition) for addition in added],
        )


def _instant(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)
