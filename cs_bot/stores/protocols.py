"""What the rest of the house may ask of a store; the docstring of each method is its contract.

`cs_bot/testing/store_contract` holds the contract as tests: a new backend writes one fixture and
inherits them all. Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

from cs_bot.blocks import Block
from cs_bot.events import DialogueState
from cs_bot.types import Exchange, QAPair, Trace

T = TypeVar("T")

# Conversations


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
    in the same transaction (the chosen line, the submitted form).
    """

    client_id: str
    text: str
    locale: str
    payload: Mapping[str, Any] | None = None
    update: BlocksReplaced | None = None


@dataclass(frozen=True, slots=True)
class BlocksReplaced:
    """New blocks for a message that is already in the log."""

    message_id: str
    blocks: tuple[Block, ...]


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


@dataclass(frozen=True, slots=True)
class Past:
    """What a new turn needs to know of the earlier ones."""

    state: DialogueState
    history: tuple[Exchange, ...]
    """The last turns, oldest first."""


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


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """A part of a long list and the cursor of the next part."""

    items: tuple[T, ...]
    next: str | None


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

    async def conversation(self, conversation_id: str) -> Conversation:
        """Return one conversation; raises `NotFound`."""
        ...

    async def accept(self, conversation_id: str, inbound: Inbound) -> Accepted:
        """Store an inbound message once, however often it is sent, and give it its place.

        The message entry's data is `{"message_id", "client_id", "sender": {"role": "visitor"},
        "blocks": [{"kind": "text", "text"}]}` with message_id `m_<seq>`.
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

    async def past(self, conversation_id: str, *, history: int = 10) -> Past:
        """Return the fold of all turns' events and the last exchanges."""
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

    async def unanswered(self, *, before: datetime, limit: int = 100) -> tuple[Unanswered, ...]:
        """Return messages accepted before this time that have no turn, oldest first."""
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


# Messages left for the staff


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A message a customer left for the staff, and what became of it."""

    id: str
    conversation_id: str
    created_at: datetime
    name: str
    contact: str
    text: str
    status: Literal["open", "done"]
    note: str
    handled_by: str | None
    handled_at: datetime | None


class LeftMessageStore(Protocol):
    """The staff's list of left messages."""

    async def left_messages(
        self, *, status: str | None = None, cursor: str | None = None, size: int = 30
    ) -> Slice[LeftMessage]:
        """Return left messages, newest first."""
        ...

    async def open_left_messages(self) -> int:
        """Return how many wait for somebody."""
        ...

    async def handle_left_message(
        self, message_id: str, *, status: Literal["open", "done"], note: str, by: str
    ) -> LeftMessage:
        """Set status and note; raises `NotFound`."""
        ...


# Knowledge


PairStatus = Literal["draft", "changed", "published", "archived"]


@dataclass(frozen=True, slots=True)
class DraftPair:
    """A QA pair as operators edit it; `version` grows by one with every edit."""

    pair: QAPair
    status: PairStatus
    version: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class PairQuery:
    """What the console's knowledge list asks for; pages count from 1."""

    search: str = ""
    category: str | None = None
    status: PairStatus | None = None
    page: int = 1
    size: int = 25


@dataclass(frozen=True, slots=True)
class PairPage:
    """One page of draft pairs; `pending` counts all changes that wait to be published."""

    items: tuple[DraftPair, ...]
    total: int
    categories: tuple[tuple[str, int], ...]
    pending: int


@dataclass(frozen=True, slots=True)
class DraftDiff:
    """What publishing now would change, as (id, canonical question)."""

    added: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A published, immutable set of pairs; ids are `r1`, `r2`, ..."""

    id: str
    created_at: datetime
    created_by: str
    note: str
    pairs: int
    current: bool


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did to the drafts."""

    added: int
    changed: int
    unchanged: int


class KnowledgeStore(Protocol):
    """Draft pairs, and the releases published from them."""

    async def pairs(self, query: PairQuery) -> PairPage:
        """Return one page of drafts, last edited first; search looks into every wording and answer.

        Archived pairs are listed only under the status `archived`.
        """
        ...

    async def pair(self, pair_id: str) -> DraftPair:
        """Return one draft; raises `NotFound`."""
        ...

    async def draft_pairs(self) -> tuple[QAPair, ...]:
        """Return every draft that the next release would hold, by id."""
        ...

    async def create_pair(self, pair: QAPair, *, by: str) -> DraftPair:
        """Store a new draft; raises `Conflict` when the id is taken."""
        ...

    async def update_pair(self, pair: QAPair, *, version: int, by: str) -> DraftPair:
        """Replace a draft that is still at `version`; raises `Conflict` with the current one."""
        ...

    async def archive_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Take a pair out of the next release; raises `NotFound`."""
        ...

    async def restore_pair(self, pair_id: str, *, by: str) -> DraftPair:
        """Put an archived pair back; raises `NotFound`."""
        ...

    async def import_pairs(
        self,
        pairs: Sequence[QAPair],
        *,
        by: str,
        progress: Callable[[int], None] | None = None,
    ) -> ImportCounts:
        """Add or replace drafts by id, all or nothing; `progress` hears how many are done."""
        ...

    async def draft_diff(self) -> DraftDiff:
        """Return what publishing now would change."""
        ...

    async def publish(self, *, note: str, by: str) -> Release:
        """Freeze the drafts as a new release and make it current; raises `Conflict` when equal."""
        ...

    async def rollback(self, release_id: str, *, by: str) -> Release:
        """Make an earlier release current again, drafts untouched; raises `NotFound`."""
        ...

    async def releases(self) -> tuple[Release, ...]:
        """Return all releases, newest first."""
        ...

    async def current_release(self) -> str | None:
        """Return the id of the release that answers now; cheap enough to ask every second."""
        ...

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        """Return the pairs of a release by id; raises `NotFound`."""
        ...


# Operators and secrets


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works in the console."""

    id: str
    name: str
    role: str
    password_hash: str


class OperatorStore(Protocol):
    """Who may enter the console. Tokens are stored hashed (SHA-256), never as they are."""

    async def has_operators(self) -> bool:
        """Tell whether anybody has been set up."""
        ...

    async def create_operator(self, name: str, password_hash: str, role: str) -> Operator:
        """Store an operator; raises `Conflict` when the name is taken (case folded)."""
        ...

    async def operator_by_name(self, name: str) -> Operator | None:
        """Return the operator of that name (case folded)."""
        ...

    async def open_session(self, token_hash: str, operator_id: str, expires_at: datetime) -> None:
        """Remember a console session."""
        ...

    async def session_operator(self, token_hash: str, *, now: datetime) -> Operator | None:
        """Return whose session this is, None when unknown or expired."""
        ...

    async def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        ...

    async def offer_setup(self, token_hash: str, expires_at: datetime) -> None:
        """Replace the one-time set-up token."""
        ...

    async def take_setup(self, token_hash: str, *, now: datetime) -> bool:
        """Use up the set-up token; False when it is not this one, used, or expired."""
        ...


class SecretStore(Protocol):
    """Keys the server makes for itself once."""

    async def secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the secret of that name; the first caller's `make()` decides, atomically."""
        ...


# Fast shared state: in process, or in Redis when there are many processes


class ConversationLocks(Protocol):
    """One turn at a time per conversation, first come first served."""

    def hold(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the conversation for the length of the block."""
        ...


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer that is the same for everybody, as the cache keeps it (JSON values)."""

    ref: str
    question: str
    score: float
    blocks: tuple[Mapping[str, Any], ...]


class AnswerCache(Protocol):
    """High-frequency answers by key; losing any of it at any time is fine."""

    async def find(self, key: str) -> CachedAnswer | None:
        """Return what is stored and not too old."""
        ...

    async def keep(self, key: str, answer: CachedAnswer) -> None:
        """Store an answer; the least recently used one may leave for it."""
        ...


class WakeUps(Protocol):
    """Tells every process that a conversation has new entries ("read from seq n")."""

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Say that the conversation's log has grown."""
        ...

    def listen(self, heard: Callable[[str, int], Awaitable[None]]) -> Callable[[], None]:
        """Call `heard(conversation_id, top_seq)` on every announcement; returns how to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one bot, opened together and closed together."""

    conversations: ConversationStore
    left_messages: LeftMessageStore
    knowledge: KnowledgeStore
    operators: OperatorStore
    secrets: SecretStore
    close: Callable[[], Awaitable[None]]
