"""Does what the project says of messages that are too unsure, and of what nothing follows."""

from __future__ import annotations

from cs_bot.events import (
    LoopRejected,
)
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.opening import Opening
from cs_bot.stages.task.progress import utterance
from cs_bot.stages.task.project import NLU_FALLBACK, OUT_OF_SCOPE, Task
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import told_intent
from cs_bot.stages.task.two_stage import LOOPS, clarified
from cs_bot.stages.task.unsure import falls_back
from cs_bot.types import Abstain, Reply, Turn

_UNSURE = Task(NLU_FALLBACK, (NLU_FALLBACK,), None, ())


class Fallbacks:
    """The fallbacks of one project."""

    def __init__(
        self, opening: Opening, doer: Doer, leader: Leader, settings: TaskSettings
    ) -> None:
        self._project = doer.project
        self._opening = opening
        self._doer = doer
        self._leader = leader
        self._settings = settings
        self.are_told = falls_back(self._project)
        """Whether the project says what follows an unsure message."""

    async def fall_back(self, turn: Turn) -> Reply | Abstain:
        """Do what the project says of a message that is too unsure, or abstain."""
        progress = await self._opening.of(turn, self._opening.running(turn.state) or _UNSURE)
        progress.hear(NLU_FALLBACK)
        self._opening.fill(progress)
        loop = progress.dialogue.now.loop
        if loop is not None and loop not in LOOPS:
            progress.note(LoopRejected(loop))
        decision = progress.policies.decide(progress.dialogue)
        asks = decision.action == LISTEN or (decision.action == loop and loop not in LOOPS)
        if decision.policy not in SURE or asks:
            return Abstain("below_threshold")
        return await self._leader.lead(progress)

    async def fall_back_in_core(self, turn: Turn, otherwise: Abstain) -> Reply | Abstain:
        """Do what `config.yml` says for a message that is clear and that nothing follows."""
        told = self._project.thresholds
        intent = told_intent(await turn.reading())
        if told.core is None or turn.state.task is not None or intent in (None, NLU_FALLBACK):
            return otherwise
        likely = (await turn.reading()).probability(str(intent)) >= self._settings.threshold
        if not (likely or self.are_told) or not self._doer.has_words(told.core_action):
            return otherwise
        progress = await self._opening.of(turn, Task(told.core_action, (), None, ()))
        progress.hear(intent)
        return await self._leader.lead(progress, first=told.core_action)

    async def clarify(self, turn: Turn) -> Reply | Abstain:
        """Take the answer to the two-stage fallback, or abstain where it is unclear too."""
        reading = await turn.reading()
        intent = clarified(turn.state, utterance(turn), reading)
        if intent is None:
            return Abstain("no_slot_value", detail={"awaits": turn.state.requested_slot})
        progress = await self._opening.of(turn, self._opening.running(turn.state) or _UNSURE)
        if intent == OUT_OF_SCOPE:
            progress.hear(intent)
            return await self._leader.lead(progress)
        self._leader.two_stage.take_back(progress)
        if intent != told_intent(reading):
            progress.mean(intent)
        running = self._opening.running(progress.state)
        progress.task = running or self._project.task_of(intent) or _UNSURE
        progress.hear(intent)
        if running is None:
            self._opening.begin(progress)
        self._opening.fill(progress)
        return await self._leader.lead(progress)
