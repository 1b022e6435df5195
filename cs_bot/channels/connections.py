"""Knows the live connections of this process: whose they are, and what to tell them all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol


class Peer(Protocol):
    """A live connection, as the others see it."""

    @property
    def visitor_id(self) -> str:
        """Whose connection it is."""
        ...

    @property
    def conversation_id(self) -> str:
        """What it shows."""
        ...

    async def catch_up(self, top_seq: int | None = None) -> int:
        """Send what the log holds up to `top_seq`, or to its end; returns the last number sent."""
        ...

    def show_typing(self, *, on: bool) -> None:
        """Tell that the bot starts or ends its work."""
        ...

    def complain(self, message: str) -> None:
        """Tell that a message could not be answered."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """End the connection and wait until it has ended."""
        ...


class Connections:
    """The connections, by visitor and by conversation."""

    def __init__(self, *, most_per_visitor: int) -> None:
        self._most_per_visitor = most_per_visitor
        self._by_visitor: dict[str, list[Peer]] = {}
        self._by_conversation: dict[str, list[Peer]] = {}

    def enter(self, peer: Peer) -> Peer | None:
        """Add a connection; returns the visitor's oldest one if it has to go for this."""
        own = self._by_visitor.setdefault(peer.visitor_id, [])
        own.append(peer)
        self._by_conversation.setdefault(peer.conversation_id, []).append(peer)
        return own[0] if len(own) > self._most_per_visitor else None

    def leave(self, peer: Peer) -> None:
        """Remove a connection; one that is not there is fine."""
        _remove(self._by_visitor, peer.visitor_id, peer)
        _remove(self._by_conversation, peer.conversation_id, peer)

    def of_conversation(self, conversation_id: str) -> tuple[Peer, ...]:
        """Return the connections that show this conversation."""
        return tuple(self._by_conversation.get(conversation_id, ()))

    async def heard(self, conversation_id: str, top_seq: int) -> None:
        """The conversation has entries up to this number: send them."""
        peers = self.of_conversation(conversation_id)
        await asyncio.gather(*(peer.catch_up(top_seq) for peer in peers))

    async def close_all(self, code: int, reason: str) -> None:
        """Close every connection and wait for the last one."""
        await asyncio.gather(*(peer.close(code, reason) for peer in self._all()))

    def __len__(self) -> int:
        return sum(1 for _ in self._all())

    def _all(self) -> Iterable[Peer]:
        return [peer for peers in self._by_visitor.values() for peer in peers]


def _remove(groups: dict[str, list[Peer]], name: str, peer: Peer) -> None:
    peers = groups.get(name, [])
    if peer in peers:
        peers.remove(peer)
    if not peers:
        groups.pop(name, None)
