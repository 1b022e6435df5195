"""Answers one message at a time: lock, load, normalise, route, append to the log, tell listeners.

Knows no channel, no stage and no database; it is given all of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cs_bot.blocks import Block, Form
from cs_bot.errors import Busy
from cs_bot.events import DialogueState, HandoffOffered, LocaleSet
from cs_bot.router import FALLBACK, Router
from cs_bot.stores.protocols import ConversationLocks, ConversationStore, Past, TurnRecord
from cs_bot.types import Message, ModelName, Reading, Reply, Trace, Turn

log = logging.getLogger(__name__)

Listener = Callable[[TurnRecord], Awaitable[None]]
_ASK_THEMSELVES = frozenset({"task", "sensitive"})
"""Stages after which the open question of a task is not asked again: one asks it, one refuses."""

Reader = Callable[[Message, str, DialogueState, ModelName | None], Awaitable[Reading]]
"""Reads a message, its query, in a state, with the model of the turn."""


Opening = Callable[[Turn, datetime | None], Awaitable[Reply | None]]
"""What comes before the answer to a message, by when the last turn was; None for nothing."""


async def nothing_first(turn: Turn, last_at: datetime | None) -> Reply | None:  # noqa: ARG001 - an `Opening`
    """Let nothing come before the answer."""
    return None


@dataclass(frozen=True, slots=True)
class Senses:
    """How a bot perceives a message: everything that is pure or belongs to one model."""

    normalized: Callable[[str], str]
    language_of: Callable[[str], str | None]
    """The language of a text, None when it does not tell (digits, an emoji)."""
    read: Reader
    """Intents and entities of a message."""
    reminder: Callable[[DialogueState, str], Sequence[Block]]
    """What asks the open question again after another stage answered a digression."""
    release: Callable[[], str | None]
    """The knowledge release that answers now."""
    opening: Opening = nothing_first
    """Begins a session of the conversation."""
    model: Callable[[], ModelName | None] = lambda: None
    """The trained model that reads messages now."""


class Bot:
    """The whole bot behind one method."""

    def __init__(
        self,
        router: Router,
        senses: Senses,
        *,
        conversations: ConversationStore,
        locks: ConversationLocks,
        names: Mapping[str, str],
        clock: Callable[[], datetime],
        ids: Callable[[str], str],
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._router = router
        self._senses = senses
        self._conversations = conversations
        self._locks = locks
        self._names = names
        self._clock = clock
        self._ids = ids
        self._listeners = tuple(listeners)

    async def reply(self, message: Message) -> TurnRecord:
        """Answer a message that is in the log already, once, and return the turn as logged.

        Raises `Busy` when the store cannot take the turn; the message then stays unanswered and
        may be tried again.
        """
        async with self._locks.hold(message.conversation_id):
            at = self._clock()
            standing = await self._conversations.standing(
                message.conversation_id, message.message_id
            )
            if standing.turn is not None:
                return standing.turn
            record = await self._answer(message, standing.past, at)
            await self._conversations.append(record)
        await self._tell(record)
        return record

    async def _answer(self, message: Message, past: Past, at: datetime) -> TurnRecord:
        turn, trace = await answered(message, past, self._router, self._senses)
        return TurnRecord(
            turn_id=self._ids("a"),
            conversation_id=message.conversation_id,
            message_id=message.message_id,
            text=message.text if trace.logged_text is None else trace.logged_text,
            masked=trace.logged_text is not None,
            query=turn.query if trace.logged_text is None else "",
            locale=turn.locale,
            release=turn.release,
            channel=message.channel,
            trace=trace,
            sender=self._names.get(turn.locale, ""),
            at=at,
            ms=(self._clock() - at).total_seconds() * 1000,
        )

    async def _tell(self, record: TurnRecord) -> None:
        for listener in self._listeners:
            try:
                await listener(record)
            except (Busy, OSError):
                log.warning("a listener missed turn %s", record.turn_id, exc_info=True)


async def answered(
    message: Message, past: Past, router: Router, senses: Senses
) -> tuple[Turn, Trace]:
    """Return the turn that a message makes and how the cascade answered it; nothing is stored."""
    turn = _turn(message, past, senses)
    first = await senses.opening(turn, past.at)
    if first is not None:
        turn = replace(turn, state=turn.state.within_turn(first.events))
    trace = _complete(turn, await router.route(turn), senses)
    trace = trace if first is None else _after(first, trace)
    return turn, replace(trace, reading=_loggable(turn.reading, trace))


def _turn(message: Message, past: Past, senses: Senses) -> Turn:
    query, model = senses.normalized(message.text), senses.model()
    spoken = senses.language_of(message.text) if message.payload is None else None
    return Turn(
        message=message,
        query=query,
        locale=spoken or past.state.locale or message.locale,
        state=past.state,
        history=past.history,
        release=senses.release(),
        reading=_Once(lambda: senses.read(message, query, past.state, model)),
        model=model,
    )


def _after(first: Reply, trace: Trace) -> Trace:
    """Put what came first before the answer."""
    reply = trace.reply
    blocks, events = (*first.blocks, *reply.blocks), (*first.events, *reply.events)
    return replace(trace, reply=replace(reply, blocks=blocks, events=events))


def _complete(turn: Turn, trace: Trace, senses: Senses) -> Trace:
    """Add what belongs to the turn as a whole: the language, and the question still open."""
    reply = trace.reply
    if turn.locale != turn.state.locale:
        reply = replace(reply, events=(LocaleSet(turn.locale), *reply.events))
    if turn.state.requested_slot is not None and _is_digression(trace):
        again = senses.reminder(turn.state, turn.locale)
        reply = replace(reply, blocks=(*reply.blocks, *again))
    return replace(trace, reply=reply, model=turn.model)


def _is_digression(trace: Trace) -> bool:
    """Tell whether another stage gave an answer, and no question of its own.

    Where nothing could be said a human is offered, but the message was rather an answer that nobody
    understood; a form that is shown instead asks enough.
    """
    reply = trace.reply
    if any(isinstance(block, Form) for block in reply.blocks):
        return False
    if trace.answered_by == FALLBACK or HandoffOffered(FALLBACK) in reply.events:
        return True
    return trace.answered_by not in _ASK_THEMSELVES and not (reply.handoff or reply.suggestions)


_MOST_LOGGED_INTENTS = 10


def _loggable(read: Callable[[], Awaitable[Reading]], trace: Trace) -> Reading | None:
    """Return what the log keeps of a reading: the first intents, no words that are masked."""
    reading = read.known if isinstance(read, _Once) else None
    if reading is None:
        return None
    entities = reading.entities if trace.logged_text is None else ()
    return replace(reading, intents=reading.intents[:_MOST_LOGGED_INTENTS], entities=entities)


class _Once:
    """Reads the first time it is asked, and remembers."""

    def __init__(self, read: Callable[[], Awaitable[Reading]]) -> None:
        self._read = read
        self._reading: asyncio.Future[Reading] | None = None

    async def __call__(self) -> Reading:
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read())
        return await asyncio.shield(self._reading)

    @property
    def known(self) -> Reading | None:
        """The reading, None where nobody asked for it or there is none."""
        done = self._reading
        if done is None or not done.done() or done.cancelled() or done.exception() is not None:
            return None
        return done.result()
