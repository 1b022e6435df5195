"""Leads tasks: the policies decide what is done next until the bot listens.

Decisions are made in `dialogue`, forms are run by `forms`, everything else is done by `doing`; no
state is kept here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from cs_bot.blocks import Block
from cs_bot.errors import ServiceFailed, UnknownName
from cs_bot.events import (
    DialogueState,
    HandoffOffered,
    LoopEnded,
    LoopRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected, spoken
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.confirming import awaiting, is_confirmed, to_confirm
from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.doing import OWN_ACTIONS, Doer
from cs_bot.stages.task.forms import Forms
from cs_bot.stages.task.moves import dialogue_of
from cs_bot.stages.task.policy import is_cancellation
from cs_bot.stages.task.progress import Progress, utterance
from cs_bot.stages.task.project import Project, Task, TaskForm
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import corrections, told_intent, values_outside_forms
from cs_bot.stages.task.story import Acted, Story, steps_of
from cs_bot.stages.task.tasks import stories_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.types import Abstain, Reply, Turn

log = logging.getLogger(__name__)

_MOST_DECISIONS = 30
"""Of one turn: responses and actions; more go in circles."""
_MOST_TIMEOUTS = 2
"""How many times the timeout of one action all actions of a turn may take together."""
_SURE = ("rules", "stories")
_BOLD = 0.6
"""Probability of a guess by which a message that a form cannot use is answered."""


class TaskBot:
    """The tasks of one project."""

    def __init__(self, project: Project, actions: Actions, settings: TaskSettings) -> None:
        self.project = project
        self.settings = settings
        self._doer = Doer(project, actions)
        self._forms = Forms(self._doer, settings.most_rejections)
        stories = project.stories or stories_of(project.tasks)
        self.policies = Policies.of_project(project)
        self._warn_of_missing_code(stories, actions)

    def _warn_of_missing_code(self, stories: Sequence[Story], actions: Actions) -> None:
        known = {*actions.names, *self.project.forms, *OWN_ACTIONS}
        steps = ((story, step) for story in stories for step in steps_of(story))
        missing = {
            step.action: story.name
            for story, step in steps
            if isinstance(step, Acted) and step.action and step.action not in known
        }
        for name, story in missing.items():
            if not name.startswith("utter_"):
                log.warning("nothing runs the action %s of the task %s", name, story)

    def task(self, name: str) -> Task | None:
        """Return a task by name, None where the project has none of that name."""
        try:
            return self.project.task(name)
        except UnknownName:
            return None

    def expects(self, state: DialogueState) -> bool:
        """Return whether a rule or story goes on with an answer to what was said last."""
        return self.policies.expects(dialogue_of(state, self.policies.features))

    async def start(self, turn: Turn, task: Task, intent: str | None = None) -> Reply | Abstain:
        """Begin a task with what the message already says; a task that runs is put away.

        `intent` is what the message means, None where something else started the task.
        """
        progress = await self._begun(turn, task)
        if turn.state.task is not None:
            if progress.dialogue.now.loop is not None:
                progress.note(LoopEnded(progress.dialogue.now.loop))
            progress.note(TaskEnded(turn.state.task, "cancelled"))
        progress.note(TaskStarted(task.name))
        progress.hear(intent or next(iter(task.intents), None))
        self._fill(progress)
        if intent is None and task.form is not None:
            progress.followup = None
            return await self._lead(progress, first=task.form.name)
        return await self._lead(progress)

    async def follow(self, turn: Turn) -> Reply | Abstain:
        """Go on with the rule or story that the message answers, or abstain."""
        reading = await turn.reading()
        intent = told_intent(reading)
        if intent is None:
            return Abstain("not_expected")
        task = self.project.task_of(intent) or Task(intent, (intent,), None, ())
        progress = await self._begun(turn, task)
        progress.hear(intent)
        self._fill(progress)
        decision = self.policies.decide(progress.dialogue)
        if decision.policy not in _SURE or decision.depth < 2:
            return Abstain("not_expected", detail={"intent": intent})
        progress.note(TaskStarted(task.name))
        return await self._lead(progress)

    async def resume(self, turn: Turn) -> Reply | Abstain:
        """Take the message as an answer to the open question, or abstain with `no_slot_value`."""
        task = self.task(turn.state.task or "")
        action = to_confirm(turn.state)
        if task is None or (task.form is None and action is None):
            return Abstain("unknown_task", detail={"task": turn.state.task})
        progress = await self._begun(turn, task)
        if action is not None:
            return await self._answered(progress, task.form, action)
        assert task.form is not None  # noqa: S101 - what is awaited is a slot of it
        progress.hear(told_intent(progress.reading))
        if is_cancellation(utterance(turn)):
            progress.note(LoopRejected(task.form.name))
            if not self._goes_on(progress):
                return self._cancelled(progress, task.form)
        return await self._lead(progress)

    async def _answered(
        self, progress: Progress, form: TaskForm | None, action: str
    ) -> Reply | Abstain:
        """Run the action that waited for a yes; no word of that is part of any story."""
        words = utterance(progress.turn)
        confirmed = is_confirmed(words, progress.reading)
        if confirmed:
            progress.confirmed = action
            progress.note(SlotRequested(None))
            return await self._lead(progress, first=action)
        if confirmed is not None:
            return self._cancelled(progress, form)
        changed = form and corrections(self.project, form, progress.state, progress.reading)
        if form is None or not changed:
            return Abstain("no_slot_value", detail={"awaits": progress.state.requested_slot})
        progress.corrected = changed
        return await self._lead(progress, first=form.name)

    def _goes_on(self, progress: Progress) -> bool:
        """Return whether a rule or story of the project says what to do when a form is left."""
        decision = self.policies.decide(progress.dialogue)
        return decision.policy in _SURE and decision.action not in (
            LISTEN,
            progress.dialogue.now.loop,
        )

    def _cancelled(self, progress: Progress, form: TaskForm | None) -> Reply:
        if form is not None:
            progress.note(LoopEnded(form.name))
        progress.note(TaskEnded(progress.task.name, "cancelled"))
        progress.say(self._doer.said(progress, "utter_task_cancelled"))
        return progress.reply()

    def ask_again(self, turn: Turn, task: Task) -> Reply:
        """Return the open question of the running task once more."""
        return Reply(self.reminder(turn.state, turn.locale), ref=task.name)

    def reminder(self, state: DialogueState, locale: str) -> tuple[Block, ...]:
        """Return the open question, to follow another stage's answer; none without a question."""
        task = self.task(state.task or "")
        if task is None or state.requested_slot is None:
            return ()
        slots = slots_of(self.project, state, locale)
        words, action = self._doer.words, to_confirm(state)
        if action is not None:
            return words.confirmation(action, slots)
        if task.form is None:
            return ()
        return words.question(task.form.name, state.requested_slot, slots, again=True)

    async def _begun(self, turn: Turn, task: Task) -> Progress:
        return Progress.begun(turn, await turn.reading(), task, self.policies.features)

    def _fill(self, progress: Progress) -> None:
        """Set the slots that a message fills whatever is asked."""
        values = values_outside_forms(self.project, progress.reading)
        progress.note(*(SlotSet(name, value) for name, value in values.items()))

    async def _lead(self, progress: Progress, first: str | None = None) -> Reply | Abstain:
        """Do what the policies decide until the bot listens."""
        awaits = progress.turn.state.requested_slot
        detail = {"awaits": awaits} if awaits else {}
        try:
            async with self._in_time(progress.task):
                if not await self._done(progress, first):
                    return Abstain("no_slot_value" if awaits else "nothing_to_say", detail=detail)
        except ActionRejected:
            return Abstain("no_slot_value" if awaits else "rejected", detail=detail)
        except ServiceFailed as failure:
            return self._failed(progress, failure)
        return self._ended(progress)

    async def _done(self, progress: Progress, first: str | None) -> bool:
        """Do one thing after the other; False where nothing says what to do."""
        for number in range(_MOST_DECISIONS):
            decision = self._next(progress, first if number == 0 else None)
            if decision.action == LISTEN:
                done = bool(progress.blocks or progress.actions)
                return done or (number > 0 and not progress.dialogue.rejected)
            if decision.policy == "fallback" or self._unsure(decision, progress):
                return number > 0 and bool(progress.blocks)
            progress.because = progress.because or decision.because
            form = self.project.forms.get(decision.action)
            if form is not None:
                anew = decision.asks_anew or progress.dialogue.rejected
                await self._forms.run(progress, form, asks_anew=anew)
            elif self._must_ask(progress, decision.action):
                self._ask(progress, decision.action)
                return True
            else:
                progress.followup = None
                await self._doer.do(progress, decision.action)
            if any(isinstance(event, HandoffOffered) for event in progress.events):
                return True
        raise ServiceFailed(f"task {progress.task.name}", "its actions go in circles")

    def _must_ask(self, progress: Progress, action: str) -> bool:
        """Return whether the customer must say yes before an action changes something."""
        return progress.confirmed != action and self._doer.changes(action)

    def _ask(self, progress: Progress, action: str) -> None:
        message, state = progress.turn.message, progress.state
        slots = slots_of(self.project, state, progress.turn.locale)
        words = self._doer.words
        progress.say(words.confirmation(action, slots, message.channel, message.message_id))
        progress.note(SlotRequested(awaiting(action)))

    def _next(self, progress: Progress, first: str | None) -> Decision:
        wanted = first or progress.followup
        return Decision(wanted, "action") if wanted else self.policies.decide(progress.dialogue)

    def _unsure(self, decision: Decision, progress: Progress) -> bool:
        """Return whether too bold a guess would answer what a form could not use."""
        if not progress.dialogue.rejected or decision.policy in (*_SURE, "action"):
            return False
        return progress.dialogue.now.intent is None or decision.probability < _BOLD

    @asynccontextmanager
    async def _in_time(self, task: Task) -> AsyncIterator[None]:
        """Bound the actions of a turn together; raises `ServiceFailed`.

        Each may be quick enough and all of them still outlast the router, which would let another
        stage answer as if nothing had been done.
        """
        seconds = _MOST_TIMEOUTS * self.settings.action_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError:
            why = f"its actions took more than {seconds:g} s together"
            raise ServiceFailed(f"task {task.name}", why, retryable=True) from None

    def _ended(self, progress: Progress) -> Reply | Abstain:
        waits = progress.dialogue.now.loop is not None or to_confirm(progress.state) is not None
        if not waits and progress.state.task is not None:
            if not progress.blocks and not progress.actions and progress.task.form is None:
                return Abstain("nothing_to_say", detail={"task": progress.task.name})
            progress.note(TaskEnded(progress.state.task, "completed"))
        if not progress.blocks:
            progress.say(self._doer.said(progress, "utter_task_done"))
        return progress.reply()

    def _failed(self, progress: Progress, failure: ServiceFailed) -> Reply:
        """Say that it did not work and offer a human; who asks again is not sent round again."""
        log.warning("task %s failed: %s", progress.task.name, failure)
        progress.failure = str(failure)
        again = progress.state.failures + 1 >= self.settings.actions.handoff_after
        changed = self._has_changed(progress, failure)
        names = spoken(failure, changed=changed, again=again)
        reason = "task_failed_again" if again else "task_failed"
        progress.say(self._doer.said(progress, self._doer.words.chosen(names)))
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopEnded(loop))
        progress.note(TaskEnded(progress.task.name, "failed"), HandoffOffered(reason))
        return progress.reply()

    def _has_changed(self, progress: Progress, failure: ServiceFailed) -> bool:
        """Return whether an action of the turn, the failed one aside, may have changed a thing."""
        own = isinstance(failure, ActionFailed)  # which tells of itself
        return any(map(self._doer.changes, progress.actions[:-1] if own else progress.actions))
