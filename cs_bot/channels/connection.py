"""The I/O shell of one `csbot.v1` connection: reads, writes, keeps time, carries effects out.

What to do is decided by `protocol.ChatProtocol`, what it means for others by `chat.Chat`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from typing import Protocol

from cs_bot.channels.chat import Chat, Page
from cs_bot.channels.client_frames import Action, Feedback, FormSubmit, Hello, MessageSend
from cs_bot.channels.commands import Visit
from cs_bot.channels.outbound import Outbound
from cs_bot.channels.protocol import (
    CarryOut,
    ChatProtocol,
    Close,
    Effect,
    Greet,
    Replay,
    Send,
    State,
)
from cs_bot.channels.refusal import BUSY, Refused
from cs_bot.errors import Busy, NotFound

log = logging.getLogger(__name__)

BUSY_SECONDS = 2.0
"""When to try again what the server is too busy for."""
_TOO_SLOW = Close(4509, "the peer reads too slowly")


class Gone(Exception):
    """The peer has left."""


class Socket(Protocol):
    """What a connection needs of a socket."""

    async def receive(self) -> str | bytes:
        """Return the next frame; raises `Gone`."""
        ...

    async def send(self, text: str) -> None:
        """Send one frame; waits while the peer reads slowly; raises `Gone`."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Send the closing frame; raises `Gone`."""
        ...


class Connection:
    """One socket of one visitor."""

    def __init__(self, socket: Socket, chat: Chat, page: Page) -> None:
        self._socket = socket
        self._chat = chat
        self._page = page
        self._visit: Visit | None = None
        self._protocol = ChatProtocol(chat.limits, chat.monotonic())
        self._outbound = Outbound(
            most_frames=chat.limits.queue_frames, most_bytes=chat.limits.queue_bytes
        )
        self._verdict: asyncio.Future[Close | None] = asyncio.get_running_loop().create_future()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Serve the connection until one side ends it."""
        verdict: Close | None = Close(4500, "something went wrong here; please reconnect")
        try:
            async with asyncio.TaskGroup() as tasks:
                jobs = [
                    tasks.create_task(job)
                    for job in (self._read(), self._write(), self._keep_time())
                ]
                verdict = await self._verdict
                for job in jobs:
                    job.cancel()
        finally:
            self._protocol.close(1000, "")
            self._chat.connections.leave(self)
            await self._leave(verdict)
            self._ended.set()

    @property
    def visitor_id(self) -> str:
        """Whose connection it is; empty before the greeting."""
        return "" if self._visit is None else self._visit.visitor_id

    @property
    def conversation_id(self) -> str:
        """What it shows; empty before the greeting."""
        return "" if self._visit is None else self._visit.conversation.id

    # What other connections and turns ask of this one

    async def catch_up(self, top_seq: int | None = None) -> int:
        """Send what the log holds and the peer was not sent; returns the last number sent."""
        if top_seq is None or self._protocol.announced(top_seq):
            try:
                await self._replay()
            except Busy as error:
                self._end_busy(error)
        return self._protocol.sent_seq

    def show_typing(self, *, on: bool) -> None:
        """Tell that the bot starts or ends its work."""
        self._send_all(self._protocol.typing(on=on))

    def complain(self, message: str) -> None:
        """Tell that a message could not be answered."""
        self._send_all(self._protocol.failed(None, "internal", message))

    async def close(self, code: int, reason: str) -> None:
        """End the connection and wait until it has ended."""
        self._end(Close(code, reason))
        await self._ended.wait()

    # The three jobs of a connection

    async def _read(self) -> None:
        try:
            while True:
                raw = await self._socket.receive()
                effects = self._protocol.receive(raw, self._chat.monotonic())
                # A command that is being stored is finished even if the connection ends meanwhile.
                await asyncio.shield(asyncio.ensure_future(self._perform(effects)))
        except Gone:
            self._end(None)
        except Busy as error:
            self._end_busy(error)

    async def _write(self) -> None:
        try:
            while True:
                text = await self._outbound.next()
                async with asyncio.timeout(self._chat.limits.send_seconds):
                    await self._socket.send(text)
        except Gone:
            self._end(None)
        except TimeoutError:
            self._end(_TOO_SLOW)

    async def _keep_time(self) -> None:
        while True:
            now = self._chat.monotonic()
            await self._perform(self._protocol.tick(now))
            # Never longer than a silence may be: a frame may bring the next deadline forward.
            pause = min(self._protocol.wake_at - now, self._chat.limits.ping_seconds)
            await self._chat.sleep(max(0.0, pause))

    # Effects

    async def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send():
                    self._offer(effect)
                case Close():
                    self._end(effect)
                case Replay():
                    await self._replay()
                case Greet(hello=hello):
                    await self._greet(hello)
                case CarryOut(command=command) if self._visit is not None:
                    await self._carry_out(self._visit, command)

    def _send_all(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Send):
                self._offer(effect)

    def _offer(self, effect: Send) -> None:
        text = json.dumps(effect.frame, ensure_ascii=False, separators=(",", ":"))
        if not self._outbound.offer(text, droppable=effect.droppable):
            self._end(_TOO_SLOW)

    async def _carry_out(
        self, visit: Visit, command: MessageSend | Action | FormSubmit | Feedback
    ) -> None:
        sent_before = self._protocol.sent_seq
        try:
            effects = await self._done(visit, command)
        except Refused as error:
            effects = self._protocol.failed(
                command.id, error.code, error.message, fields=error.fields
            )
        except NotFound as error:
            effects = self._protocol.failed(command.id, "not_found", str(error))
        except Busy as error:
            log.warning("a command in %s is refused: %s", visit.conversation.id, error)
            effects = self._protocol.failed(
                command.id, "busy", BUSY, retry_after_seconds=BUSY_SECONDS
            )
        await self._perform(effects)
        if self._protocol.sent_seq > sent_before:
            await self._chat.announce(visit.conversation.id, self._protocol.sent_seq)

    async def _done(
        self, visit: Visit, command: MessageSend | Action | FormSubmit | Feedback
    ) -> list[Effect]:
        if isinstance(command, Feedback):
            await self._chat.commands.rate(visit, command)
            return self._protocol.done(command.id)
        stored = await self._chat.commands.store(visit, command)
        return self._protocol.stored(
            command.id,
            stored.seq,
            stored.message_id,
            dup=stored.duplicate,
            entries=stored.entries,
        )

    async def _replay(self) -> None:
        page = self._chat.limits.replay
        while self._protocol.state is State.LIVE:
            entries = await self._chat.conversations.entries(
                self.conversation_id, after_seq=self._protocol.sent_seq, limit=page
            )
            effects = self._protocol.appended(entries)
            self._send_all(effects)
            if len(entries) < page and not any(isinstance(e, Replay) for e in effects):
                return

    async def _greet(self, hello: Hello) -> None:
        admitted = await self._chat.admit(hello, self._page)
        if self._verdict.done():
            return
        if isinstance(admitted, Close):
            await self._perform(self._protocol.close(admitted.code, admitted.reason))
            return
        self._visit = admitted
        effects = self._protocol.greeted(
            hello,
            admitted.visitor_id,
            self._chat.connection_id(),
            admitted.conversation,
            self._chat.epoch_ms(),
        )
        self._chat.enter(self)
        await self._perform(effects)
        await self._chat.recovery.run(self.conversation_id)
        self._send_all(self._protocol.typing(on=True) if self._is_answering() else [])

    def _is_answering(self) -> bool:
        return self._chat.turns.is_running(self.conversation_id)

    # The end

    def _end(self, verdict: Close | None) -> None:
        if not self._verdict.done():
            self._verdict.set_result(verdict)

    def _end_busy(self, error: Busy) -> None:
        """End what cannot go on without the store; the client resumes where it was."""
        log.warning("connection to %s ends: %s", self.conversation_id, error)
        self._end(Close(4500, "the server is busy; please reconnect"))

    async def _leave(self, verdict: Close | None) -> None:
        if verdict is None:
            return
        try:
            async with asyncio.timeout(self._chat.limits.close_seconds):
                while verdict is not _TOO_SLOW and (text := self._outbound.take()) is not None:
                    await self._socket.send(text)
                await self._socket.close(verdict.code, verdict.reason)
        except (Gone, TimeoutError):
            log.info("%s left before it was told %s", self.conversation_id, verdict.code)
