"""A bot with fixed answers that keeps the real bot's promises: logged, once per message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from cs_bot.blocks import Block, Text
from cs_bot.router import FALLBACK
from cs_bot.stores.protocols import ConversationStore, TurnRecord
from cs_bot.types import Candidate, Message, Reply, Step, Trace

Script = Callable[[Message], tuple[str, Sequence[Block]]]
"""Returns the stage that answers a message, and the blocks of the answer."""


STEPS = (Step("kbqa", "below_threshold", 1.5, (Candidate("ec-001", "多久发货?", 0.41, "bm25"),)),)
"""What every answer's trace tells."""


def echo(message: Message) -> tuple[str, Sequence[Block]]:
    """Answer with the words of the message."""
    return FALLBACK, (Text(message.text),)


class ScriptedBot:
    """Answers what the script says, as soon as the `gate` is open."""

    def __init__(
        self,
        conversations: ConversationStore,
        *,
        clock: Callable[[], datetime],
        ids: Callable[[str], str],
        script: Script = echo,
    ) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.heard: list[Message] = []
        self._conversations = conversations
        self._clock = clock
        self._ids = ids
        self._script = script

    async def reply(self, message: Message) -> TurnRecord:
        """Answer and log one message, once."""
        self.heard.append(message)
        await self.gate.wait()
        answered = await self._conversations.turn_of(message.conversation_id, message.message_id)
        if answered is not None:
            return answered
        record = self._record(message)
        await self._conversations.append(record)
        return record

    def _record(self, message: Message) -> TurnRecord:
        answered_by, blocks = self._script(message)
        return TurnRecord(
            turn_id=self._ids("a"),
            conversation_id=message.conversation_id,
            message_id=message.message_id,
            text=message.text,
            masked=False,
            query=message.text,
            locale=message.locale,
            release="r1",
            channel=message.channel,
            trace=Trace(Reply(tuple(blocks)), answered_by, STEPS),
            sender="小助手",
            at=self._clock(),
            ms=0.0,
        )
