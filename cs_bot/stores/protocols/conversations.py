"""What may be asked of the log of conversations, and the values it gives and takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from cs_bot.blocks import Block
from cs_bot.events import DialogueState, Event
from cs_bot.stores.protocols.slices import Slice
from cs_bot.types import Exchange, Trace


@dataclass(frozen=True, slots=True)
class Conversation:
    """A long-lived thread between one customer and the bot on one channel."""

    id: str
    channel: str
    user_id: str
    locale: str
    epoch: str
    """Changes if the log is rebuilt, so that clients drop what they cached."""
    top_seq: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One durable event of a conversation as clients see it; `seq` has no gaps and starts at 1."""

    seq: int
    type: str
    """`message` or `message.update`."""
    at: datetime
    data: Mapping[str, Any]
    """JSON values; blocks in their stored form, which still holds button payloads."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message or action, about to be stored.

    `client_id` is the client's own id of it and makes storing idempotent.
    `payload` is JSON for what is no text: `{"picked": id|null}`, `{"pressed": payload}`,
    `{"submitted": {"form_id", "values"}}`. `update` replaces the blocks of an earlier message
    in the same transaction (the chosen line, the submitted form). `metadata` is JSON that the
    sender's program says beside the words.
    """

    client_id: str
    text: str
    locale: str
    payload: Mapping[str, Any] | None = None
    update: BlocksReplaced | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BlocksReplaced:
    """New blocks for a message that is already in the log."""

    message_id: str
    blocks: tuple[Block, ...]
    before: tuple[Block, ...] | None = None
    """The blocks that were looked at; where they have changed since, nothing is stored."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored inbound message: the entries it made, its ids, and whether it was a resend."""

    message_id: str
    entries: tuple[LogEntry, ...]
    """The `message.update` if any, then the customer's `message`. On a resend: as at first."""
    duplicate: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An accepted message that no turn has answered yet (the server died in between)."""

    conversation: Conversation
    message_id: str
    text: str
    locale: str
    payload: Mapping[str, Any] | None
    at: datetime
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What a new turn needs to know of the earlier ones."""

    state: DialogueState
    history: tuple[Exchange, ...]
    """The last turns, oldest first."""
    at: datetime | None = None
    """When the last turn was, None where there was none."""


@dataclass(frozen=True, slots=True)
class Received:
    """An inbound message and the conversation in which it was stored."""

    conversation: Conversation
    """As it stood before the message."""
    accepted: Accepted


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One answered turn, as annotation, analytics and replay read it."""

    turn_id: str
    conversation_id: str
    message_id: str
    text: str
    """The customer's words as they may be kept (`trace.logged_text` where that is set)."""
    masked: bool
    query: str
    locale: str
    release: str | None
    channel: str
    trace: Trace
    sender: str
    """The bot's name in the language of the reply, as customers see it."""
    at: datetime
    ms: float


@dataclass(frozen=True, slots=True)
class Addition:
    """Events that somebody outside added to a conversation between two turns.

    It stands after the turns whose `seq` is at most its own, and after additions with a smaller
    `number`, which counts from 1 within the conversation.
    """

    number: int
    seq: int
    """The conversation's `top_seq` when it was stored, its own messages included."""
    events: tuple[Event, ...]
    told: tuple[Mapping[str, Any], ...]
    """The same as JSON values in the words of who added it."""
    at: datetime

    @property
    def done_at(self) -> datetime:
        """When it was added."""
        return self.at


@dataclass(frozen=True, slots=True)
class Shown:
    """Messages of the bot that customers see, though no message of theirs led to them."""

    sender: str
    """The bot's name, as customers see it."""
    messages: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class PlacedTurn:
    """A turn, and the `seq` of its reply: its place among turns and additions."""

    seq: int
    record: TurnRecord
    metadata: Mapping[str, Any] | None = None
    """That of its message."""

    @property
    def done_at(self) -> datetime:
        """When the message was answered."""
        return self.record.at + timedelta(milliseconds=self.record.ms)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened in a conversation, oldest first."""

    turns: tuple[PlacedTurn, ...] = ()
    additions: tuple[Addition, ...] = ()

    def in_order(self) -> Iterator[PlacedTurn | Addition]:
        """Yield turns and additions in the order in which they happened."""
        waiting = list(self.additions)
        for turn in self.turns:
            while waiting and waiting[0].seq < turn.seq:
                yield waiting.pop(0)
            yield turn
        yield from waiting

    def state(self, until: datetime | None = None) -> DialogueState:
        """Return the state after all of it, or after what had happened at a time."""
        state = DialogueState()
        for item in self.in_order():
            if until is not None and item.done_at > until:
                continue
            if isinstance(item, Addition):
                state = state.within_turn(item.events)
            else:
                state = state.apply(item.record.trace.reply.events)
        return state


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand when a message is to be answered."""

    past: Past
    turn: TurnRecord | None
    """The turn that has answered the message already."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A customer's judgement of one answer; value 1, -1, or 0 for taken back."""

    value: int
    reasons: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LoggedTurn:
    """A turn as the console shows it."""

    record: TurnRecord
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """One row of the console's conversation list."""

    conversation: Conversation
    last_at: datetime
    turns: int
    last_text: str
    last_reply: str
    answered_by: tuple[str, ...]
    up: int
    down: int
    handoff: bool


@dataclass(frozen=True, slots=True)
class ConversationQuery:
    """What the console's conversation list asks for, newest first; `cursor` as it was given.

    One and the same turn must match all of it; `since` <= its time < `until`.
    """

    search: str = ""
    answered_by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    size: int = 30


class ConversationStore(Protocol):
    """The log: durable entries for clients, turns with traces for operators."""

    async def open(
        self, conversation_id: str | None, *, channel: str, user_id: str, locale: str
    ) -> Conversation:
        """Return the conversation, made when it does not exist.

        Without an id: the user's newest conversation on this channel, or a new one. An id that
        nobody has becomes the new conversation's.
        Raises `NotFound` when the id belongs to another user or channel.
        """
        ...

    async def newest(self, *, channel: str, user_id: str) -> Conversation | None:
        """Return the user's newest conversation on this channel, None where there is none."""
        ...

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return one conversation; raises `NotFound`."""
        ...

    async def accept(self, conversation_id: str, inbound: Inbound) -> Accepted:
        """Store an inbound message once, however often it is sent, and give it its place.

        The message entry's data is `{"message_id", "client_id", "sender": {"role": "visitor"},
        "blocks": [{"kind": "text", "text"}]}` with message_id `m_<seq>`.
        Raises `Conflict` when the message that is to be updated looks different by now.
        """
        ...

    async def receive(self, channel: str, user_id: str, locale: str, inbound: Inbound) -> Received:
        """Do what `open` without an id and `accept` do, in one transaction.

        `inbound` is new and changes no earlier message.
        """
        ...

    async def entries(
        self,
        conversation_id: str,
        *,
        after_seq: int | None = None,
        before_seq: int | None = None,
        limit: int = 300,
    ) -> tuple[LogEntry, ...]:
        """Return entries in order: the first after `after_seq`, or the last before `before_seq`."""
        ...

    async def message_blocks(self, conversation_id: str, message_id: str) -> tuple[Block, ...]:
        """Return the present blocks of one message, button payloads included; raises `NotFound`."""
        ...

    async def standing(
        self, conversation_id: str, message_id: str, *, history: int = 10
    ) -> Standing:
        """Return what `past` and `turn_of` return, in one journey."""
        ...

    async def past(self, conversation_id: str, *, history: int = 10) -> Past:
        """Return the fold of the events of all turns and additions, and the last exchanges."""
        ...

    async def add(
        self,
        conversation_id: str,
        events: Sequence[Event],
        told: Sequence[Mapping[str, Any]],
        shown: Shown | None = None,
    ) -> Addition:
        """Store events that are no turn, all or nothing; raises `NotFound`.

        Customers see nothing of them but `shown`, an entry for each message. Its data is that of a
        reply without `reply_to` and `answer`. Whoever adds holds the conversation's lock, as a turn
        does.
        """
        ...

    async def additions(self, conversation_id: str) -> tuple[Addition, ...]:
        """Return all additions, oldest first; none for a conversation that does not exist."""
        ...

    async def history(self, conversation_id: str) -> History:
        """Return all turns and additions; nothing for a conversation that does not exist."""
        ...

    async def turn_of(self, conversation_id: str, message_id: str) -> TurnRecord | None:
        """Return the turn that answered this message, None when it has none yet."""
        ...

    async def append(self, record: TurnRecord) -> tuple[LogEntry, ...]:
        """Store a turn, its reply entry, and what its events say, all or nothing.

        Idempotent on (conversation_id, message_id): a second turn for the same message changes
        nothing and returns the first one's entries. The reply entry's data is `{"message_id",
        "sender": {"role": "bot", "name"}, "reply_to", "answer": {"answer_id": turn_id, "source",
        "feedback"}, "blocks"}`; feedback is asked for answers, not for greetings or open questions.
        A masked record replaces the words of the customer's stored message too, and drops its
        payload.
        `MessageLeft` events become left messages. Raises `NotFound` without such a message.
        """
        ...

    async def unanswered(
        self, *, before: datetime, limit: int = 100, conversation_id: str | None = None
    ) -> tuple[Unanswered, ...]:
        """Return messages accepted before this time that have no turn, oldest first.

        Of all conversations, or of the named one only.
        """
        ...

    async def rate(self, conversation_id: str, turn_id: str, feedback: Feedback) -> None:
        """Store the customer's judgement, replacing an earlier one; raises `NotFound`."""
        ...

    async def summaries(self, query: ConversationQuery) -> Slice[ConversationSummary]:
        """Return conversations that have turns, newest first."""
        ...

    async def turns(self, conversation_id: str) -> tuple[LoggedTurn, ...]:
        """Return all turns of a conversation, oldest first."""
        ...
