"""Does one thing after the other, as the policies decide, until the bot listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from cs_bot.errors import ServiceFailed
from cs_bot.events import HandoffOffered, LoopEnded, SessionStarted, SlotRequested, TaskEnded
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected, spoken
from cs_bot.stages.task.confirming import awaiting, to_confirm
from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.forms import Forms
from cs_bot.stages.task.naming import confirmation
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.two_stage import LOOPS, TwoStage
from cs_bot.types import Abstain, Reply

log = logging.getLogger(__name__)

SURE = ("rules", "stories")
"""Policies that do not guess."""
_MOST_DECISIONS = 30
"""Of one turn: responses and actions; more go in circles."""
_MOST_TIMEOUTS = 2
"""How many times the timeout of one action all actions of a turn may take together."""
_BOLD = 0.6
"""Probability of a guess by which a message that a form cannot use is answered."""


class Leader:
    """Leads the turns of one project."""

    def __init__(self, doer: Doer, settings: TaskSettings) -> None:
        self._project = doer.project
        self._doer = doer
        self._settings = settings
        self._forms = Forms(doer, settings)
        self.two_stage = TwoStage(doer)

    async def lead(
        self, progress: Progress, first: str | None = None, *, asks_anew: bool = False
    ) -> Reply | Abstain:
        """Do what the policies decide until the bot listens.

        `first` is done before they are asked: an action, or a form, which `asks_anew` only asks its
        question again.
        """
        before = len(progress.blocks), len(progress.actions)
        awaits = progress.turn.state.requested_slot
        detail = {"awaits": awaits} if awaits else {}
        try:
            async with self._in_time(progress):
                if not await self._done(progress, first, asks_anew):
                    return Abstain("no_slot_value" if awaits else "nothing_to_say", detail=detail)
        except ActionRejected:
            return Abstain("no_slot_value" if awaits else "rejected", detail=detail)
        except ServiceFailed as failure:
            return self._failed(progress, failure, before[1])
        return self._ended(progress, *before)

    def ask_to_confirm(self, progress: Progress, action: str) -> None:
        """Ask whether an action shall change something."""
        message = progress.turn.message
        asked = confirmation(
            self._project,
            self._doer.words,
            progress.task,
            action,
            progress.state,
            progress.turn.locale,
            message.channel,
            message.message_id,
        )
        progress.say(asked)
        progress.note(SlotRequested(awaiting(action)))

    async def _done(self, progress: Progress, first: str | None, asks_anew: bool) -> bool:
        """Do one thing after the other; False where nothing says what to do."""
        for number in range(_MOST_DECISIONS):
            decision = self._next(progress, first if number == 0 else None)
            if decision.action == LISTEN:
                # A validation that found nothing in the message is no deed.
                return bool(progress.blocks) or (number > 0 and not progress.dialogue.rejected)
            if decision.policy == "fallback" or self._unsure(decision, progress):
                return number > 0 and bool(progress.blocks)
            progress.because = progress.because or decision.because
            form = self._project.forms.get(decision.action)
            if form is not None:
                anew = (
                    decision.asks_anew or progress.dialogue.rejected or (asks_anew and not number)
                )
                await self._forms.run(progress, form, asks_anew=anew)
            elif decision.action in LOOPS:
                progress.followup = None
                await self.two_stage.run(progress, decision.action)
            elif self._must_ask(progress, decision.action):
                self.ask_to_confirm(progress, decision.action)
                return True
            else:
                progress.followup = None
                await self._doer.do(progress, decision.action)
                progress.confirmed = None  # one yes, one change
            if any(isinstance(event, HandoffOffered) for event in progress.events):
                return True
        raise ServiceFailed(f"task {progress.task.name}", "its actions go in circles")

    def _must_ask(self, progress: Progress, action: str) -> bool:
        """Return whether the customer must say yes before an action changes something."""
        return progress.confirmed != action and self._doer.changes(action)

    def _next(self, progress: Progress, first: str | None) -> Decision:
        wanted = first or progress.followup
        return Decision(wanted, "action") if wanted else progress.policies.decide(progress.dialogue)

    def _unsure(self, decision: Decision, progress: Progress) -> bool:
        """Return whether too bold a guess would answer what a form could not use."""
        if not progress.dialogue.rejected or decision.policy in (*SURE, "action"):
            return False
        return progress.dialogue.now.intent is None or decision.probability < _BOLD

    @asynccontextmanager
    async def _in_time(self, progress: Progress) -> AsyncIterator[None]:
        """Bound the actions of a turn together; raises `ServiceFailed`.

        Each may be quick enough and all of them still outlast the router, which would let another
        stage answer as if nothing had been done.
        """
        seconds = _MOST_TIMEOUTS * self._settings.action_timeout_seconds
        if progress.deadline is None:
            progress.deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(progress.deadline):
                yield
        except TimeoutError:
            why = f"its actions took more than {seconds:g} s together"
            raise ServiceFailed(f"task {progress.task.name}", why, retryable=True) from None

    def _ended(self, progress: Progress, blocks: int, actions: int) -> Reply | Abstain:
        """Return the reply, of a task that had this many blocks and actions before it."""
        silent, idle = len(progress.blocks) == blocks, len(progress.actions) == actions
        waits = progress.dialogue.now.loop is not None or to_confirm(progress.state) is not None
        if not waits and progress.state.task is not None:
            if silent and idle and progress.task.form is None:
                return Abstain("nothing_to_say", detail={"task": progress.task.name})
            progress.note(TaskEnded(progress.state.task, "completed"))
        if silent:
            began = any(isinstance(event, SessionStarted) for event in progress.events)
            words = "utter_session_start" if began else "utter_task_done"
            progress.say(self._doer.said(progress, words))
        return progress.reply()

    def _failed(self, progress: Progress, failure: ServiceFailed, before: int) -> Reply:
        """Say that it did not work and offer a human; who asks again is not sent round again."""
        log.warning("task %s failed: %s", progress.task.name, failure)
        progress.failure = str(failure)
        again = progress.state.failures + 1 >= self._settings.actions.handoff_after
        changed = self._has_changed(progress.actions[before:], failure)
        names = spoken(failure, changed=changed, again=again)
        reason = "task_failed_again" if again else "task_failed"
        progress.say(self._doer.said(progress, self._doer.words.chosen(names)))
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopEnded(loop))
        progress.note(TaskEnded(progress.task.name, "failed"), HandoffOffered(reason))
        return progress.reply()

    def _has_changed(self, actions: Sequence[str], failure: ServiceFailed) -> bool:
        """Return whether an action of the task, the failed one aside, may have changed a thing."""
        own = isinstance(failure, ActionFailed)  # which tells of itself
        return any(map(self._doer.changes, actions[:-1] if own else actions))
