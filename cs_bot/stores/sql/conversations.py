"""The conversation log on SQL: runs the units of work of `finding`, `log`, `past` and `console`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cs_bot.blocks import Block
from cs_bot.events import Event
from cs_bot.stores.columns import storable
from cs_bot.stores.protocols import (
    Accepted,
    Addition,
    Conversation,
    ConversationQuery,
    ConversationSummary,
    Feedback,
    History,
    Inbound,
    LogEntry,
    LoggedTurn,
    Past,
    Received,
    Shown,
    Slice,
    Standing,
    TurnRecord,
    Unanswered,
)
from cs_bot.stores.sql import additions, console, finding, log
from cs_bot.stores.sql.database import Database
from cs_bot.stores.sql.past import NOTHING_FOLDED, Folded, past, standing

_STATES_REMEMBERED = 10_000


class SqlConversations:
    """`ConversationStore` on a `Database`."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], ids: Callable[[str], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._folded: OrderedDict[str, Folded] = OrderedDict()

    async def open(
        self, conversation_id: str | None, *, channel: str, user_id: str, locale: str
    ) -> Conversation:
        """Return the conversation, made when it does not exist; raises `NotFound`."""
        user_id = storable(user_id)
        found = await self._database.read(finding.find_open, conversation_id, channel, user_id)
        if found is not None:
            return found
        new = self._new(conversation_id, channel, user_id, locale)
        return await self._database.write(finding.open_or_make, conversation_id, new)

    async def receive(self, channel: str, user_id: str, locale: str, inbound: Inbound) -> Received:
        """Store a message in the user's newest conversation, made when there is none."""
        new = self._new(None, channel, storable(user_id), locale)
        return await self._database.write(finding.receive, new, inbound, new.created_at)

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return one conversation; raises `NotFound`."""
        return await self._database.read(finding.conversation, conversation_id)

    async def newest(self, *, channel: str, user_id: str) -> Conversation | None:
        """Return the user's newest conversation on this channel, None where there is none."""
        return await self._database.read(finding.find_open, None, channel, storable(user_id))

    async def accept(self, conversation_id: str, inbound: Inbound) -> Accepted:
        """Store an inbound message once, however often it is sent, and give it its place."""
        return await self._database.write(log.accept, conversation_id, inbound, self._clock())

    async def entries(
        self,
        conversation_id: str,
        *,
        after_seq: int | None = None,
        before_seq: int | None = None,
        limit: int = 300,
    ) -> tuple[LogEntry, ...]:
        """Return entries in order: the first after `after_seq`, or the last before `before_seq`."""
        return await self._database.read(log.entries, conversation_id, after_seq, before_seq, limit)

    async def message_blocks(self, conversation_id: str, message_id: str) -> tuple[Block, ...]:
        """Return the present blocks of one message, button payloads included."""
        return await self._database.read(log.message_blocks, conversation_id, message_id)

    async def standing(
        self, conversation_id: str, message_id: str, *, history: int = 10
    ) -> Standing:
        """Return the past, and the turn of a message that is answered already."""
        known = self._folded.get(conversation_id, NOTHING_FOLDED)
        found, folded = await self._database.read(
            standing, conversation_id, message_id, history, known
        )
        self._remember(conversation_id, folded)
        return found

    async def past(self, conversation_id: str, *, history: int = 10) -> Past:
        """Return the fold of all turns' events and the last exchanges."""
        known = self._folded.get(conversation_id, NOTHING_FOLDED)
        found, folded = await self._database.read(past, conversation_id, history, known)
        self._remember(conversation_id, folded)
        return found

    async def add(
        self,
        conversation_id: str,
        events: Sequence[Event],
        told: Sequence[Mapping[str, Any]],
        shown: Shown | None = None,
    ) -> Addition:
        """Store events that are no turn; raises `NotFound`."""
        return await self._database.write(
            additions.add, conversation_id, events, told, shown, self._clock()
        )

    async def additions(self, conversation_id: str) -> tuple[Addition, ...]:
        """Return all additions, oldest first."""
        return await self._database.read(additions.additions_after, conversation_id, 0)

    async def history(self, conversation_id: str) -> History:
        """Return all turns and additions."""
        return await self._database.read(additions.history, conversation_id)

    async def turn_of(self, conversation_id: str, message_id: str) -> TurnRecord | None:
        """Return the turn that answered this message, None when it has none yet."""
        return await self._database.read(console.turn_of, conversation_id, message_id)

    async def append(self, record: TurnRecord) -> tuple[LogEntry, ...]:
        """Store a turn, its reply entry, and what its events say, all or nothing."""
        return await self._database.write(log.append, record, self._ids)

    async def unanswered(
        self, *, before: datetime, limit: int = 100, conversation_id: str | None = None
    ) -> tuple[Unanswered, ...]:
        """Return messages accepted before this time that have no turn, oldest first."""
        return await self._database.read(console.unanswered, before, limit, conversation_id)

    async def rate(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        """Store the customer's judgement, replacing an earlier one; raises `NotFound`."""
        await self._database.write(console.rate, conversation_id, turn_id, feedback, self._clock())

    async def summaries(self, query: ConversationQuery) -> Slice[ConversationSummary]:
        """Return conversations that have turns, newest first."""
        return await self._database.read(console.summaries, query)

    async def turns(self, conversation_id: str) -> tuple[LoggedTurn, ...]:
        """Return all turns of a conversation, oldest first."""
        return await self._database.read(console.turns, conversation_id)

    def _new(
        self, conversation_id: str | None, channel: str, user_id: str, locale: str
    ) -> Conversation:
        return Conversation(
            id=conversation_id or self._ids("c"),
            channel=channel,
            user_id=user_id,
            locale=locale,
            epoch=self._ids("e"),
            top_seq=0,
            created_at=self._clock(),
        )

    def _remember(self, conversation_id: str, folded: Folded) -> None:
        self._folded[conversation_id] = folded
        self._folded.move_to_end(conversation_id)
        if len(self._folded) > _STATES_REMEMBERED:
            self._folded.popitem(last=False)
