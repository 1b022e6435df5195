"""Runs the turns of all conversations: one at a time in each, in the order of the messages.

Knows no socket: an `Audience` hears when the bot starts and ends its work.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from cs_bot.channels.inbound import unanswered_message
from cs_bot.errors import Busy
from cs_bot.stores.protocols import ConversationStore, TurnRecord, Unanswered
from cs_bot.types import Message

log = logging.getLogger(__name__)

TRIES = 8
"""With the pauses between them they outlast a store that is locked for 25 s."""
PAUSE_SECONDS = 0.2
"""Before the second try; doubled before each next one."""
RECOVERED_AT_ONCE = 1_000
WATCH_SECONDS = 60.0
CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""A message may have been stored by a server whose clock is ahead."""


class Answers(Protocol):
    """What a channel needs of the bot."""

    async def reply(self, message: Message) -> TurnRecord:
        """Answer a stored message once, however often asked; raises `Busy`."""
        ...


class Audience(Protocol):
    """Who hears of a turn."""

    async def turn_started(self, conversation_id: str) -> None:
        """The bot is at work."""
        ...

    async def turn_ended(self, conversation_id: str, *, answered: bool) -> None:
        """The answer is in the log; or there is none, and the message stays unanswered."""
        ...


@dataclass(slots=True)
class _Line:
    """The messages of one conversation; the first one is being answered."""

    messages: deque[Message] = field(default_factory=deque)
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """One line of messages per conversation."""

    def __init__(
        self,
        answers: Answers,
        audience: Audience,
        *,
        waiting: int,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._answers = answers
        self._audience = audience
        self._most = waiting + 1
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def enqueue(self, message: Message) -> None:
        """Answer this message after those before it; one that is in the line already stays once."""
        line = self._lines.setdefault(message.conversation_id, _Line())
        if any(known.message_id == message.message_id for known in line.messages):
            return
        line.messages.append(message)
        if len(line.messages) == 1:
            self._start(line)

    async def room(self, conversation_id: str, *, seconds: float) -> None:
        """Wait until the line has a place; raises `Busy` when it gets none in time."""
        line = self._lines.get(conversation_id)
        try:
            async with asyncio.timeout(seconds):
                while line is not None and len(line.messages) >= self._most:
                    await line.moved.wait()
        except TimeoutError:
            raise Busy("too many messages wait for an answer", remedy="send it again") from None

    def is_running(self, conversation_id: str) -> bool:
        """Tell whether the bot is at work on this conversation."""
        return conversation_id in self._lines

    async def close(self, *, seconds: float) -> None:
        """Let running turns end, then stop what is left; it is answered after the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = tuple(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _start(self, line: _Line) -> None:
        task = asyncio.create_task(self._answer(line.messages[0]))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._ended(line, done))

    def _ended(self, line: _Line, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        message = line.messages.popleft()
        line.moved.set()
        line.moved.clear()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(
                "turn of %s in %s failed",
                message.message_id,
                message.conversation_id,
                exc_info=error,
            )
        if line.messages and not task.cancelled():
            self._start(line)
        else:
            del self._lines[message.conversation_id]

    async def _answer(self, message: Message) -> None:
        await self._audience.turn_started(message.conversation_id)
        answered = False
        try:
            answered = await self._reply(message)
        finally:
            await self._audience.turn_ended(message.conversation_id, answered=answered)

    async def _reply(self, message: Message) -> bool:
        pause = PAUSE_SECONDS
        for _ in range(TRIES - 1):
            try:
                await self._answers.reply(message)
                return True
            except Busy as error:
                log.warning(
                    "turn of %s in %s: %s", message.message_id, message.conversation_id, error
                )
                await self._sleep(pause)
                pause *= 2
        await self._answers.reply(message)
        return True


class Recovery:
    """Gives messages that were stored but never answered their turn."""

    def __init__(
        self,
        conversations: ConversationStore,
        turns: Turns,
        clock: Callable[[], datetime],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._clock = clock
        self._sleep = sleep

    async def run(self, conversation_id: str | None = None) -> int:
        """Enqueue what waits in all conversations, or in this one; returns how many."""
        return await self._enqueue(self._clock() + CLOCKS_DIFFER_BY, conversation_id)

    async def watch(self) -> None:
        """Look every minute for what has waited a minute, until cancelled.

        It may be a turn that failed here, or one of a server that died.
        """
        while True:
            await self._sleep(WATCH_SECONDS)
            try:
                found = await self._enqueue(self._clock() - timedelta(seconds=WATCH_SECONDS), None)
            except Busy as error:
                log.warning("unanswered messages could not be looked for: %s", error)
                continue
            if found:
                log.info("%s messages that were left unanswered get their turn", found)

    async def _enqueue(self, before: datetime, conversation_id: str | None) -> int:
        waiting = await self._conversations.unanswered(
            before=before, limit=RECOVERED_AT_ONCE, conversation_id=conversation_id
        )
        return sum(self._resumed(item) for item in waiting)

    def _resumed(self, item: Unanswered) -> bool:
        """Enqueue a message; one that another version wrote must not keep the others waiting."""
        try:
            message = unanswered_message(item)
        except KeyError:
            log.error("message %s in %s cannot be read", item.message_id, item.conversation.id)
            return False
        self._turns.enqueue(message)
        return True
