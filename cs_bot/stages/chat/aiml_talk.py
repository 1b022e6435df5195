"""Small talk by AIML: what it remembers goes into the conversation's events and comes from them."""

from __future__ import annotations

from collections.abc import Mapping

from cs_bot.blocks import Text
from cs_bot.events import MemorySet
from cs_bot.models.lane import Lane
from cs_bot.stages.chat.aiml_brain import AimlBrain, Answer, Said
from cs_bot.types import Abstain, Reply, Turn


class AimlTalk:
    """Answers by AIML categories; the kernel runs in a lane of its own."""

    def __init__(self, brain: AimlBrain, lane: Lane, *, bot_names: Mapping[str, str]) -> None:
        self._brain = brain
        self._lane = lane
        self._bot_names = bot_names

    async def answer(self, turn: Turn) -> Reply | Abstain:
        """Return what the best category says; raises `Busy` when the lane is full."""
        said = Said(
            text=turn.query,
            previous_reply=turn.history[-1].reply if turn.history else "",
            predicates=turn.state.memory,
            bot_name=self._bot_names.get(turn.locale, ""),
            seed=f"{turn.message.conversation_id}\n{turn.message.message_id}",
            at=turn.message.received_at,
        )
        answer: Answer | None = await self._lane.run(self._brain.answer, said)
        if answer is None:
            return Abstain("miss")
        events = tuple(MemorySet(name, value) for name, value in answer.predicates.items())
        return Reply((Text(answer.text),), events=events, ref=answer.category)
