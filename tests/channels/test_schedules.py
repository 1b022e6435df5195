"""Random schedules of lost connections and resends: nothing is lost, doubled or reordered.

`make soak` runs all schedules, `make test` one in a hundred; a seed names a schedule for ever.
"""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from cs_bot.channels.chat import Chat
from cs_bot.channels.limits import Limits
from cs_bot.channels.tokens import Visitor
from cs_bot.testing.chat_server import Address, Frame, RawClient, raw_client, words

KEY = "web_demo"
SCHEDULES = 1_000
MESSAGES = 6

pytestmark = pytest.mark.soak


@pytest.fixture
def limits() -> Limits:
    """No rate limits: a schedule sends as fast as it can."""
    return Limits(commands=100_000, frames=100_000)


@dataclass
class Phone:
    """A client in a tunnel: keeps an outbox and its place, and forgets nothing it has seen."""

    address: Address
    token: str
    dice: Random
    outbox: list[tuple[str, str]]
    seen: dict[int, Frame] = field(default_factory=dict)
    position: dict[str, Any] = field(default_factory=dict)

    async def run(self) -> None:
        """Connect, send and lose the connection until all is acknowledged and answered."""
        while self.outbox or self.answers() < MESSAGES:
            async with AsyncExitStack() as stack:
                client = await stack.enter_async_context(raw_client(self.address))
                await self._resume(client)
                await self._talk(client, patience=self.dice.randrange(1, 25))
                client.socket.transport.abort()

    def answers(self) -> int:
        """Return how many of the bot's answers have been seen."""
        return sum(f["data"]["sender"]["role"] == "bot" for f in self.seen.values())

    async def _resume(self, client: RawClient) -> None:
        after = {"after_seq": max(self.seen, default=0)} if self.position else {}
        welcome = await client.hello(self.token, KEY, **self.position, **after)
        names = ("conversation_id", "epoch")
        self.position = {name: welcome["data"][name] for name in names}

    async def _talk(self, client: RawClient, patience: int) -> None:
        """Send the head of the outbox, sometimes twice, and read a while."""
        sent = False
        while patience and (self.outbox or self.answers() < MESSAGES):
            if self.outbox and not sent:
                for _ in range(self.dice.choice((1, 1, 2))):
                    await self._send(client)
                sent = True
            patience -= 1
            frame = await client.next()
            if frame["type"] == "message":
                self.seen[frame["seq"]] = frame
            elif frame["type"] == "ack" and self.outbox and frame["re"] == self.outbox[0][0]:
                self.outbox.pop(0)
                sent = False

    async def _send(self, client: RawClient) -> None:
        command_id, text = self.outbox[0]
        await client.send({"type": "message.send", "id": command_id, "data": {"text": text}})


async def test_every_message_is_shown_and_answered_once_and_in_order(
    server: Address, chat: Chat
) -> None:
    share = 1 if os.environ.get("CS_BOT_SOAK") == "1" else 100
    for seed in range(0, SCHEDULES, share):
        dice = Random(seed)
        token = await chat.tokens.issue(Visitor(f"v_{seed}", KEY))
        said = [(f"{seed}-{number}", f"message {number}") for number in range(MESSAGES)]
        phone = Phone(server, token, dice, list(said))
        await phone.run()
        check(phone, said, seed)


def check(phone: Phone, said: list[tuple[str, str]], seed: int) -> None:
    frames = [phone.seen[seq] for seq in sorted(phone.seen)]
    mine = [f["data"]["client_id"] for f in frames if f["data"]["sender"]["role"] == "visitor"]
    answers = [words(f) for f in frames if f["data"]["sender"]["role"] == "bot"]
    assert sorted(phone.seen) == list(range(1, 2 * MESSAGES + 1)), f"schedule {seed}"
    assert mine == [command_id for command_id, _ in said], f"schedule {seed}"
    assert answers == [text for _, text in said], f"schedule {seed}"
