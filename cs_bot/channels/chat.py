"""What all customer connections of one server share: who may come in, who hears of what.

Knows the protocol's rules of the house, but no socket and no HTTP.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cs_bot.channels.client_frames import Hello
from cs_bot.channels.commands import Commands, Visit
from cs_bot.channels.connections import Connections, Peer
from cs_bot.channels.limits import Limits
from cs_bot.channels.locales import screen_locale
from cs_bot.channels.origins import Origins
from cs_bot.channels.protocol import Close
from cs_bot.channels.tokens import TokenRefused, Visitor, VisitorTokens
from cs_bot.channels.turns import Answers, Recovery, Turns
from cs_bot.errors import Busy, NotFound
from cs_bot.settings import BotSettings, ChannelSettings
from cs_bot.stores.protocols import Conversation, ConversationStore, SecretStore, WakeUps

log = logging.getLogger(__name__)

WEB = "web"
"""The kind of channel that speaks this protocol."""
DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """Where a request comes from: the page's origin, and the host it was sent to."""

    origin: str | None
    host: str


class Chat:
    """The customer side of one server. Call `start` before serving and `drain` before stopping."""

    def __init__(
        self,
        *,
        bot: BotSettings,
        channels: Mapping[str, ChannelSettings],
        public_url: str,
        answers: Answers,
        conversations: ConversationStore,
        secrets: SecretStore,
        wake_ups: WakeUps,
        clock: Callable[[], datetime],
        ids: Callable[[str], str],
        limits: Limits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = bot
        self.channels = {key: item for key, item in channels.items() if item.kind == WEB}
        self.public_url = public_url
        self.limits = limits or Limits()
        self.origins = Origins(self.channels, public_url)
        self.tokens = VisitorTokens(secrets, clock)
        self.conversations = conversations
        self.connections = Connections(most_per_visitor=self.limits.sockets)
        self.turns = Turns(answers, self, waiting=self.limits.waiting_turns, sleep=sleep)
        self.commands = Commands(conversations, self.turns, self.limits)
        self.recovery = Recovery(conversations, self.turns, clock)
        self.clock = clock
        self.ids = ids
        self.monotonic = monotonic
        self.sleep = sleep
        self._wake_ups = wake_ups
        self._numbers = itertools.count(1)
        self._replaced: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen for news of other processes, and answer what was left unanswered."""
        self._stop_listening = self._wake_ups.listen(self.connections.heard)
        recovered = await self.recovery.run()
        if recovered:
            log.info("%s messages that were left unanswered get their turn", recovered)
        self._watching = asyncio.create_task(self.recovery.watch())

    async def drain(self) -> None:
        """Send every client away to come back, and let running turns end."""
        if self._stop_listening is not None:
            self._stop_listening()
        if self._watching is not None:
            self._watching.cancel()
        await self.connections.close_all(4503, "the server restarts; please reconnect")
        await self.turns.close(seconds=DRAIN_SECONDS)

    async def admit(self, hello: Hello, page: Page) -> Visit | Close:
        """Return the visitor with their conversation, or the close that says why not."""
        key = hello.data.key
        if key not in self.channels:
            return Close(4404, "there is no such channel")
        if not self.origins.admits(page.origin, page.host, key):
            return Close(4403, "this page may not use the channel")
        try:
            visitor = await self.tokens.read(hello.data.token)
        except TokenRefused as error:
            log.info("token refused on %s: %s", key, error)
            return Close(4401, "get a new visitor token")
        if visitor.channel != key:
            return Close(4401, "the token is for another channel")
        locale = screen_locale(hello.data.locale, self.bot.locale)
        return Visit(visitor.id, await self._conversation(visitor, hello, locale), locale)

    def enter(self, peer: Peer) -> None:
        """Add a connection; the visitor's oldest one goes when there are too many."""
        oldest = self.connections.enter(peer)
        if oldest is not None:
            closing = asyncio.create_task(oldest.close(4409, "continued in another window"))
            self._replaced.add(closing)
            closing.add_done_callback(self._replaced.discard)

    async def announce(self, conversation_id: str, top_seq: int) -> None:
        """Tell every process that the conversation has grown."""
        try:
            await self._wake_ups.announce(conversation_id, top_seq)
        except (Busy, OSError):  # only a hint: clients see the gap and ask
            log.info("news of %s did not get out", conversation_id)

    async def turn_started(self, conversation_id: str) -> None:
        """Show that the bot is at work."""
        for peer in self.connections.of_conversation(conversation_id):
            peer.show_typing(on=True)

    async def turn_ended(self, conversation_id: str, *, answered: bool) -> None:
        """Show the answer, or that there is none yet."""
        peers = self.connections.of_conversation(conversation_id)
        shown = await asyncio.gather(*(peer.catch_up() for peer in peers))
        for peer in peers:
            peer.show_typing(on=False)
            if not answered:
                peer.complain("the message has no answer yet; it will be tried again")
        if answered:
            top_seq = max(shown) if shown else await self._top_seq(conversation_id)
            await self.announce(conversation_id, top_seq)

    async def _top_seq(self, conversation_id: str) -> int:
        return (await self.conversations.conversation(conversation_id)).top_seq

    def connection_id(self) -> str:
        """Return a new id for a connection, for the logs of both sides."""
        return f"n_{next(self._numbers)}"

    def epoch_ms(self) -> int:
        """Return the time as frames carry it."""
        return int(self.clock().timestamp() * 1000)

    async def conversation_of(self, visitor: Visitor, conversation_id: str) -> Conversation:
        """Return a conversation of this visitor; raises `NotFound`, also for somebody else's."""
        found = await self.conversations.conversation(conversation_id)
        if (found.channel, found.user_id) != (visitor.channel, visitor.id):
            raise NotFound("conversation", conversation_id)
        return found

    async def newest_conversation(self, visitor: Visitor, locale: str) -> Conversation:
        """Return the visitor's conversation, made if there is none yet."""
        return await self.conversations.open(
            None, channel=visitor.channel, user_id=visitor.id, locale=locale
        )

    async def _conversation(self, visitor: Visitor, hello: Hello, locale: str) -> Conversation:
        """Return the named conversation if it is theirs, else their own; the client sees a gap."""
        if hello.data.conversation_id is not None:
            try:
                return await self.conversation_of(visitor, hello.data.conversation_id)
            except NotFound:
                log.info("%s named a conversation that is not theirs", visitor.id)
        return await self.newest_conversation(visitor, locale)
