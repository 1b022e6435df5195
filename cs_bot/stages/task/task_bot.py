"""Begins tasks, goes on with them, and takes answers: what the stages call.

`leading` does what the policies of `dialogue` decide, with `forms` and `doing`; no state is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cs_bot.blocks import Block
from cs_bot.errors import UnknownName
from cs_bot.events import (
    DialogueState,
    LoopEnded,
    LoopRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.confirming import is_confirmed, to_confirm
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.dialogue.situation import LISTEN, Dialogue
from cs_bot.stages.task.doing import OWN_ACTIONS, Doer
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.moves import Dialogues
from cs_bot.stages.task.policy import is_cancellation
from cs_bot.stages.task.progress import Progress, utterance
from cs_bot.stages.task.project import Project, Task, TaskForm
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import corrections, told_intent, values_outside_forms
from cs_bot.stages.task.story import Acted, Story, steps_of
from cs_bot.stages.task.tasks import stories_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.words import Heard, nobody_hears
from cs_bot.types import Abstain, Reply, Turn

log = logging.getLogger(__name__)


class TaskBot:
    """The tasks of one project."""

    def __init__(
        self,
        project: Project,
        actions: Actions,
        settings: TaskSettings,
        heard: Heard = nobody_hears,
    ) -> None:
        self.project = project
        self.settings = settings
        self._doer = Doer(project, actions, heard)
        stories = project.stories or stories_of(project.tasks)
        self.policies = Policies.of(project)
        self._dialogues = Dialogues(self.policies.features)
        self._has_answers = self.policies.has_answers
        self._leader = Leader(self._doer, self.policies, settings)
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

    def expects(self, turn: Turn) -> bool:
        """Return whether a rule or story goes on with an answer to what was said last."""
        if not turn.state.moves or not self._has_answers:
            return False  # asked on every turn: no dialogue need be folded to know that
        return self.policies.expects(self._dialogue(turn))

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
            return await self._leader.lead(progress, first=task.form.name)
        return await self._leader.lead(progress)

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
        if decision.policy not in SURE or decision.depth < 2:
            return Abstain("not_expected", detail={"intent": intent})
        progress.note(TaskStarted(task.name))
        return await self._leader.lead(progress)

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
        return await self._leader.lead(progress)

    async def _answered(
        self, progress: Progress, form: TaskForm | None, action: str
    ) -> Reply | Abstain:
        """Run the action that waited for a yes; no word of that is part of any story."""
        words = utterance(progress.turn)
        confirmed = is_confirmed(words, progress.reading)
        if confirmed:
            progress.confirmed = action
            progress.note(SlotRequested(None))
            return await self._leader.lead(progress, first=action)
        if confirmed is not None:
            return self._cancelled(progress, form)
        changed = form and corrections(self.project, form, progress.state, progress.reading)
        if form is None or not changed:
            return Abstain("no_slot_value", detail={"awaits": progress.state.requested_slot})
        progress.corrected = changed
        return await self._leader.lead(progress, first=form.name)

    def _goes_on(self, progress: Progress) -> bool:
        """Return whether a rule or story of the project says what to do when a form is left."""
        decision = self.policies.decide(progress.dialogue)
        return decision.policy in SURE and decision.action not in (
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
        reading, features = await turn.reading(), self.policies.features
        return Progress.begun(turn, reading, task, features, self._dialogue(turn))

    def _dialogue(self, turn: Turn) -> Dialogue:
        return self._dialogues.of(turn.message.conversation_id, turn.state)

    def _fill(self, progress: Progress) -> None:
        """Set the slots that a message fills whatever is asked."""
        values = values_outside_forms(self.project, progress.reading)
        progress.note(*(SlotSet(name, value) for name, value in values.items()))
