"""Small talk: asks its ways of talking in order and lets the first answer stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from cs_bot.events import MemorySet
from cs_bot.types import Abstain, Reply, Turn

LAST = "last_small_talk"
"""The memory that holds what made the last small-talk reply, empty for generated words."""


class Talk(Protocol):
    """One way of making small talk: templates, AIML, a language model."""

    async def answer(self, turn: Turn) -> Reply | Abstain:
        """Answer what is small talk, abstain on all else."""
        ...


class ChatStage:
    """The small-talk stage of the cascade; choices and forms are never small talk."""

    name = "chat"

    def __init__(self, talks: Sequence[Talk]) -> None:
        self._talks = tuple(talks)

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Return the first answer, or the last reason why there is none."""
        if turn.message.payload is not None:
            return Abstain("not_text")
        outcome: Reply | Abstain = Abstain("miss")
        for talk in self._talks:
            outcome = await talk.answer(turn)
            if isinstance(outcome, Reply):
                return _remembered(outcome, turn)
        return outcome


def _remembered(reply: Reply, turn: Turn) -> Reply:
    ref = reply.ref or ""
    if turn.state.memory.get(LAST, "") == ref:
        return reply
    return replace(reply, events=(*reply.events, MemorySet(LAST, ref)))
