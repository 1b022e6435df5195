"""A conversation log that lives and dies with the process: for `cs-bot ask` and for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from cs_bot.blocks import Block, from_wire, plain_text
from cs_bot.errors import NotFound
from cs_bot.events import fold
from cs_bot.stores.cursors import read_cursor, write_cursor
from cs_bot.stores.entries import inbound_entries, message_id, reply_entry, said_blocks
from cs_bot.stores.folding import folded
from cs_bot.stores.protocols import (
    Accepted,
    Conversation,
    ConversationQuery,
    ConversationSummary,
    Feedback,
    Inbound,
    LogEntry,
    LoggedTurn,
    Past,
    Slice,
    TurnRecord,
    Unanswered,
)
from cs_bot.types import Exchange


@dataclass(slots=True)
class _Log:
    """One conversation: its entries, what came in by client id, its turns by message id."""

    conversation: Conversation
    entries: list[LogEntry] = field(default_factory=list)
    accepted: dict[str, tuple[Accepted, Inbound]] = field(default_factory=dict)
    turns: dict[str, LoggedTurn] = field(default_factory=dict)
    replies: dict[str, LogEntry] = field(default_factory=dict)


class MemoryConversations:
    """`ConversationStore` in dictionaries. Every method runs without a pause, so none interleave.

    Left messages stay in the events of their turns: nobody reads them from here.
    """

    def __init__(self, *, clock: Callable[[], datetime], ids: Callable[[str], str]) -> None:
        self._clock = clock
        self._ids = ids
        self._logs: dict[str, _Log] = {}

    async def open(
        self, conversation_id: str | None, *, channel: str, user_id: str, locale: str
    ) -> Conversation:
        """Return the conversation, made when it does not exist; raises `NotFound`."""
        found = self._find(conversation_id, channel, user_id)
        if found is not None:
            return found
        new = Conversation(
            id=conversation_id or self._ids("c"),
            channel=channel,
            user_id=user_id,
            locale=locale,
            epoch=self._ids("e"),
            top_seq=0,
            created_at=self._clock(),
        )
        self._logs[new.id] = _Log(new)
        return new

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return one conversation; raises `NotFound`."""
        return self._log(conversation_id).conversation

    async def accept(self, conversation_id: str, inbound: Inbound) -> Accepted:
        """Store an inbound message once, however often it is sent, and give it its place."""
        log = self._log(conversation_id)
        if inbound.client_id in log.accepted:
            return self._resent(log, inbound.client_id)
        if inbound.update is not None:
            await self.message_blocks(conversation_id, inbound.update.message_id)
        made = inbound_entries(inbound, len(log.entries), self._clock())
        self._extend(log, made)
        accepted = Accepted(message_id(made[-1].seq), made, duplicate=False, at=made[-1].at)
        log.accepted[inbound.client_id] = accepted, inbound
        return accepted

    async def entries(
        self,
        conversation_id: str,
        *,
        after_seq: int | None = None,
        before_seq: int | None = None,
        limit: int = 300,
    ) -> tuple[LogEntry, ...]:
        """Return entries in order: the first after `after_seq`, or the last before `before_seq`."""
        if conversation_id not in self._logs:
            return ()
        entries = self._logs[conversation_id].entries[after_seq or 0 :]
        entries = [entry for entry in entries if before_seq is None or entry.seq < before_seq]
        return tuple(entries[:limit] if after_seq is not None else entries[-limit:])

    async def message_blocks(self, conversation_id: str, message_id: str) -> tuple[Block, ...]:
        """Return the present blocks of one message, button payloads included."""
        for entry in reversed(self._log(conversation_id).entries):
            if entry.data["message_id"] == message_id:
                return tuple(from_wire(block) for block in entry.data["blocks"])
        raise NotFound("message", message_id)

    async def past(self, conversation_id: str, *, history: int = 10) -> Past:
        """Return the fold of all turns' events and the last exchanges."""
        log = self._logs.get(conversation_id)
        records = [turn.record for turn in log.turns.values()] if log else []
        exchanges = (
            Exchange(record.text, plain_text(record.trace.reply.blocks), record.trace.answered_by)
            for record in records[max(0, len(records) - history) :]
        )
        return Past(fold(record.trace.reply.events for record in records), tuple(exchanges))

    async def turn_of(self, conversation_id: str, message_id: str) -> TurnRecord | None:
        """Return the turn that answered this message, None when it has none yet."""
        log = self._logs.get(conversation_id)
        turn = log.turns.get(message_id) if log else None
        return turn.record if turn else None

    async def append(self, record: TurnRecord) -> tuple[LogEntry, ...]:
        """Store a turn and its reply entry, or return what the first one made."""
        log = self._log(record.conversation_id)
        if record.message_id in log.replies:
            return (log.replies[record.message_id],)
        client_id = _client_id(log, record.message_id)
        entry = reply_entry(record, len(log.entries) + 1)
        if record.masked:
            self._mask(log, client_id, record.text)
        self._extend(log, (entry,))
        log.replies[record.message_id] = entry
        log.turns[record.message_id] = LoggedTurn(record, None)
        return (entry,)

    async def unanswered(self, *, before: datetime, limit: int = 100) -> tuple[Unanswered, ...]:
        """Return messages accepted before this time that have no turn, oldest first."""
        waiting = (
            Unanswered(
                log.conversation,
                accepted.message_id,
                inbound.text,
                inbound.locale,
                inbound.payload,
                accepted.at,
            )
            for log in self._logs.values()
            for accepted, inbound in log.accepted.values()
            if accepted.at < before and accepted.message_id not in log.turns
        )
        return tuple(islice(sorted(waiting, key=lambda message: message.at), limit))

    async def rate(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        """Store the customer's judgement, replacing an earlier one; raises `NotFound`."""
        turns = self._log(conversation_id).turns
        for answered, turn in turns.items():
            if turn.record.turn_id == turn_id:
                turns[answered] = replace(turn, feedback=feedback if feedback.value else None)
                return
        raise NotFound("turn", turn_id)

    async def summaries(self, query: ConversationQuery) -> Slice[ConversationSummary]:
        """Return conversations that have turns, newest first."""
        listed = [
            _summary(log)
            for log in self._logs.values()
            if any(_matches(turn.record, query) for turn in log.turns.values())
        ]
        listed.sort(key=_place, reverse=True)
        if query.cursor is not None:
            last_shown = read_cursor(query.cursor)
            listed = [summary for summary in listed if _place(summary) < last_shown]
        items = tuple(listed[: query.size])
        more = len(listed) > query.size
        return Slice(items, write_cursor(*_place(items[-1])) if more else None)

    async def turns(self, conversation_id: str) -> tuple[LoggedTurn, ...]:
        """Return all turns of a conversation, oldest first."""
        log = self._logs.get(conversation_id)
        return tuple(log.turns.values()) if log else ()

    def _log(self, conversation_id: str) -> _Log:
        if conversation_id not in self._logs:
            raise NotFound("conversation", conversation_id)
        return self._logs[conversation_id]

    def _find(self, conversation_id: str | None, channel: str, user_id: str) -> Conversation | None:
        if conversation_id is not None:
            log = self._logs.get(conversation_id)
            if log is not None and _owner(log) != (channel, user_id):
                raise NotFound("conversation", conversation_id)
            return log.conversation if log else None
        own = (log for log in reversed(self._logs.values()) if _owner(log) == (channel, user_id))
        return next((log.conversation for log in own), None)

    def _extend(self, log: _Log, made: Sequence[LogEntry]) -> None:
        log.entries.extend(made)
        log.conversation = replace(log.conversation, top_seq=made[-1].seq)

    def _resent(self, log: _Log, client_id: str) -> Accepted:
        accepted, _ = log.accepted[client_id]
        now = tuple(log.entries[entry.seq - 1] for entry in accepted.entries)
        return replace(accepted, entries=now, duplicate=True)

    def _mask(self, log: _Log, client_id: str, text: str) -> None:
        accepted, inbound = log.accepted[client_id]
        said = log.entries[accepted.entries[-1].seq - 1]
        masked = replace(said, data={**said.data, "blocks": said_blocks(text)})
        log.entries[said.seq - 1] = masked
        log.accepted[client_id] = accepted, replace(inbound, text=text, payload=None)


def _owner(log: _Log) -> tuple[str, str]:
    return log.conversation.channel, log.conversation.user_id


def _client_id(log: _Log, message_id: str) -> str:
    for client_id, (accepted, _) in log.accepted.items():
        if accepted.message_id == message_id:
            return client_id
    raise NotFound("message", message_id)


def _matches(record: TurnRecord, query: ConversationQuery) -> bool:
    words = folded(f"{record.text}\n{plain_text(record.trace.reply.blocks)}")
    return (
        folded(query.search.strip()) in words
        and query.answered_by in {None, record.trace.answered_by}
        and (query.since is None or record.at >= query.since)
        and (query.until is None or record.at < query.until)
    )


def _place(summary: ConversationSummary) -> tuple[datetime, str]:
    return summary.last_at, summary.conversation.id


def _summary(log: _Log) -> ConversationSummary:
    turns = list(log.turns.values())
    last = turns[-1].record
    values = [turn.feedback.value for turn in turns if turn.feedback]
    return ConversationSummary(
        conversation=log.conversation,
        last_at=last.at,
        turns=len(turns),
        last_text=last.text,
        last_reply=plain_text(last.trace.reply.blocks),
        answered_by=tuple(dict.fromkeys(turn.record.trace.answered_by for turn in turns)),
        up=sum(value > 0 for value in values),
        down=sum(value < 0 for value in values),
        handoff=any(turn.record.trace.reply.handoff for turn in turns),
    )
