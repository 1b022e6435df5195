"""The two places of the task bot in the cascade.

Before all others while a task runs, and after the knowledge base for a new one.
"""

from __future__ import annotations

import logging

from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.policy import is_question
from cs_bot.stages.task.project import NLU_FALLBACK, Task
from cs_bot.stages.task.ranking import is_clear, ranked_tasks
from cs_bot.stages.task.slots import told_intent
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stages.task.two_stage import is_waiting
from cs_bot.types import Abstain, Candidate, Picked, Pressed, Reply, Submitted, Triggered, Turn

log = logging.getLogger(__name__)

_LISTED = frozenset({"ambiguous", "contrast"})
"""Outcomes of the knowledge base that are answered with a list."""
_MAY_BE_QUESTION = "may_be_question"
"""The outcome of the first stage where a form asks for words and hears a question.

The knowledge base may know the answer; where it does not, these are the words.
"""
_STARTS_TASK = "starts_task"
"""The outcome of a knowledge-base step that hit a pair which carries a task."""


class ActiveTask:
    """Answers while a task waits for a slot; a digression is left to the stages after it."""

    name = "task"

    def __init__(self, bot: TaskBot) -> None:
        self._bot = bot

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Take the message as an answer to the open question, or abstain with the reason."""
        payload = turn.message.payload
        command = self._bot.commands.stated(turn)
        if turn.state.paused and command != "restart":
            return silence()
        if isinstance(payload, Triggered):
            return await self._bot.commands.remind(turn, payload)
        if command is not None:
            return await self._bot.commands.obey(turn, command)
        if is_waiting(turn.state) and not isinstance(payload, Picked | Submitted):
            return await self._bot.fallbacks.clarify(turn)
        waits = turn.state.task is not None
        other = isinstance(turn.message.payload, Picked | Submitted)
        answered = None if other else await self._bot.answer(turn)
        if answered is not None:
            return answered
        if not waits and not self._bot.expects(turn):
            return Abstain("not_active")
        if other:
            return Abstain("not_for_task")
        if self._bot.takes_words(turn.state) and is_question(turn.message.text):
            return Abstain(_MAY_BE_QUESTION, detail={"awaits": turn.state.requested_slot})
        return await (self._bot.answering.resume(turn) if waits else self._bot.follow(turn))


def silence() -> Reply:
    """Return the answer of a bot that is paused."""
    return Reply((), ref="paused", detail={"paused": True})


class NewTask:
    """Starts a task: a button says so, a pair of the knowledge base carries it, or the intent."""

    name = "task"

    def __init__(self, bot: TaskBot) -> None:
        self._bot = bot

    async def handle(self, turn: Turn) -> Reply | Abstain:
        """Start the task the message asks for, or abstain with the reason and near misses."""
        if isinstance(turn.message.payload, Submitted):
            return Abstain("not_for_task")
        if any(step.outcome == _MAY_BE_QUESTION for step in turn.steps):
            answered = await self._bot.answering.resume(turn)
            if isinstance(answered, Reply):
                return answered
        stated = self._stated(turn)
        wishes = await self._bot.wishes(turn)
        if wishes and (stated is None or any(one.task == stated for one in wishes)):
            return await self._bot.start_all(turn, wishes)
        if stated is None and await self._is_unsure(turn):
            return await self._bot.fallbacks.fall_back(turn)
        found = stated or await self._meant(turn)
        if isinstance(found, Abstain):
            return (
                found
                if _is_listed(turn)
                else await self._bot.fallbacks.fall_back_in_core(turn, found)
            )
        if isinstance(found, Reply):
            return found
        if found.name == turn.state.task and turn.state.requested_slot is not None:
            return self._bot.ask_again(turn, found)
        told = told_intent(await turn.reading())
        return await self._bot.start(turn, found, told if told in found.intents else None)

    async def _is_unsure(self, turn: Turn) -> bool:
        """Tell whether the project's own fallback takes the message; a list comes before it."""
        if isinstance(turn.message.payload, Picked) or _is_listed(turn):
            return False
        return told_intent(await turn.reading()) == NLU_FALLBACK

    def _stated(self, turn: Turn) -> Task | None:
        """Return the task a button or a pair names outright."""
        payload = turn.message.payload
        pressed = parsed_payload(payload.payload) if isinstance(payload, Pressed) else None
        if pressed is not None:
            intent = pressed.intents[0].name
            return self._bot.project.task_of(intent) or self._bot.task(intent)
        for step in reversed(turn.steps):
            if step.outcome == _STARTS_TASK:
                name = str(step.detail.get("task"))
                task = self._bot.task(name)
                if task is None:
                    log.warning("a pair starts the task %s, which the project does not have", name)
                return task
        return None

    async def _meant(self, turn: Turn) -> Task | Reply | Abstain:
        """Return the task of the best intent, if it is likely enough and clearly the best.

        Where it is not, return the question which of the likely ones is meant, or the reason.
        """
        if isinstance(turn.message.payload, Picked):
            return Abstain("not_for_task")
        reading = await turn.reading()
        ranked = ranked_tasks(self._bot.project, reading)
        near = tuple(_candidate(task, score) for task, score in ranked[:3])
        settings = self._bot.settings
        if not ranked:
            return Abstain("miss")
        task, score = ranked[0]
        if self._bot.fallbacks.are_told:
            told = told_intent(reading)
            return self._bot.project.task_of(told or "") or Abstain("below_threshold", near)
        if is_clear(ranked, settings):
            return task
        asked = self._bot.offers.clarification(turn, ranked, reading)
        if asked is not None and asked.score > _of_lists(turn):
            return asked
        if score < settings.threshold:
            return Abstain("below_threshold", near, detail={"threshold": settings.threshold})
        return Abstain("ambiguous", near, detail={"margin": settings.margin})


def _of_lists(turn: Turn) -> float:
    """Return the probability of the best answer that the knowledge base would only list."""
    steps = (step for step in turn.steps if step.stage == "kbqa" and step.outcome in _LISTED)
    return max((one.score for step in steps for one in step.candidates[:1]), default=0.0)


def _is_listed(turn: Turn) -> bool:
    """Tell whether the knowledge base has likely questions, which are listed."""
    return any(step.outcome in _LISTED for step in turn.steps)


def _candidate(task: Task, score: float) -> Candidate:
    return Candidate(task.name, task.name, round(score, 4), "intent")
