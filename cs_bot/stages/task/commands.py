"""Does what no words of the customer ask for: commands that every bot understands, reminders."""

from __future__ import annotations

from cs_bot.events import (
    LoopRejected,
    TaskStarted,
)
from cs_bot.stages.task.dialogue.rules import OF_INTENTS
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.opening import Opening
from cs_bot.stages.task.progress import utterance
from cs_bot.stages.task.project import Project, Task
from cs_bot.types import Abstain, Reply, Triggered, Turn


class Commands:
    """The commands and reminders of one project."""

    def __init__(self, opening: Opening, project: Project, leader: Leader) -> None:
        self._opening = opening
        self._project = project
        self._leader = leader

    async def obey(self, turn: Turn, intent: str) -> Reply | Abstain:
        """Do what every bot understands: restart, go one step back, begin a session."""
        progress = await self._opening.of(
            turn, Task(intent, (intent,), None, (OF_INTENTS[intent],))
        )
        progress.hear(intent)
        return await self._leader.lead(progress)

    def stated(self, turn: Turn) -> str | None:
        """Return what the message states outright of what every bot understands: `/back`."""
        words = utterance(turn)
        stated = parsed_payload(words) if words.startswith("/") else None
        name = stated.intents[0].name if stated is not None else None
        return name if name in OF_INTENTS else None

    async def remind(self, turn: Turn, due: Triggered) -> Reply:
        """Do what follows the intent of a reminder; a form that runs asks again after it."""
        task = self._project.task_of(due.intent) or Task(due.intent, (due.intent,), None, ())
        progress = await self._opening.of(turn, task)
        progress.hear(due.intent)
        self._opening.fill(progress)
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopRejected(loop))
        decision = progress.policies.decide(progress.dialogue)
        if decision.policy not in SURE or decision.action in (LISTEN, loop):
            return Reply((), ref=task.name, detail={"reminder": due.intent})
        if loop is None and progress.state.task is None:
            progress.note(TaskStarted(task.name))
        reply = await self._leader.lead(progress)
        return reply if isinstance(reply, Reply) else Reply((), ref=task.name)
