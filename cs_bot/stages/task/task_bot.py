"""Begins tasks, goes on with them, and takes answers: what the stages call.

`opening` opens a turn, `answering` takes answers, `leading` does what the policies of `dialogue`
decide, with `forms` and `doing`; `returning` goes back to tasks that wait. No state is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from cs_bot.blocks import Block
from cs_bot.events import (
    DialogueState,
    Suspended,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.answering import Answering
from cs_bot.stages.task.commands import Commands
from cs_bot.stages.task.confirming import to_confirm
from cs_bot.stages.task.dialogue.policies import Policies
from cs_bot.stages.task.doing import OWN_ACTIONS, Doer
from cs_bot.stages.task.falling_back import Fallbacks
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.naming import confirmation
from cs_bot.stages.task.offers import Offers
from cs_bot.stages.task.opening import Opening
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import NLU_FALLBACK, Project, Task, TaskForm
from cs_bot.stages.task.returning import Returning
from cs_bot.stages.task.sessions import Sessions
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import differing, told_intent
from cs_bot.stages.task.story import Acted, Story, steps_of
from cs_bot.stages.task.tasks import stories_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.two_stage import is_waiting
from cs_bot.stages.task.waiting import postpone, suspend
from cs_bot.stages.task.wishes import Wish, wishes_of
from cs_bot.stages.task.words import Heard, nobody_hears
from cs_bot.types import Abstain, ModelName, Reading, Reply, Turn

log = logging.getLogger(__name__)


class TaskBot:
    """The tasks of one project."""

    def __init__(
        self,
        project: Project,
        actions: Actions,
        settings: TaskSettings,
        policies: Policies | None = None,
        taught: Callable[[ModelName | None], Policies] | None = None,
        *,
        heard: Heard = nobody_hears,
    ) -> None:
        """`taught` returns the policies of a turn's model; without it all turns have the same."""
        self.project = project
        self.settings = settings
        self._doer = Doer(project, actions, heard)
        stories = project.stories or stories_of(project.tasks)
        self.policies = policies or Policies.of(project)
        self._opening = Opening(
            project, settings, self.policies, taught or (lambda _: self.policies)
        )
        self._has_answers = self.policies.has_answers
        self._leader = Leader(self._doer, settings)
        self._returning = Returning(self._doer, self._leader, settings)
        self.offers = Offers(project, self._doer.words, settings)
        self.sessions = Sessions(self._doer, self.policies)
        self.commands = Commands(self._opening, project, self._leader)
        self.fallbacks = Fallbacks(self._opening, self._doer, self._leader, settings)
        self.answering = Answering(
            self._opening, self._doer, self._leader, self._returning, self.offers, settings
        )
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
        return self._opening.task(name)

    def expects(self, turn: Turn) -> bool:
        """Return whether a rule or story goes on with an answer to what was said last."""
        if not turn.state.moves or not self._has_answers:
            return False  # asked on every turn: no dialogue need be folded to know that
        return self.policies.expects(self._opening.dialogue(turn))

    def takes_words(self, state: DialogueState) -> bool:
        """Return whether a form waits for words, which any message could be."""
        slot = self.project.slots.get(state.requested_slot or "")
        return slot is not None and any(one.type == "from_text" for one in slot.mappings)

    async def answer(self, turn: Turn) -> Reply | Abstain | None:
        """Take the message as an answer to an offer, or as the wish to go on with what waits.

        None where it is neither: then it means whatever else it may mean.
        """
        if turn.state.offered is None and not turn.state.suspended:
            return None  # so it is on nearly every turn: no message need be read to know that
        option = await self.offers.chosen(turn)
        if option is None:
            return None
        if option.task is None:
            return await self._declined(turn)
        if option.waits:
            progress = await self._opening.of(turn, option.task)
            waiting = progress.state.waiting(option.task.name)
            if waiting is None:
                return None
            return await self._returning.after(
                progress, await self._returning.to(progress, waiting)
            )
        if option.task.name == turn.state.task:
            return self.ask_again(turn, option.task)
        first = Wish(option.task, option.intent, "", option.reading())
        return await self.start_all(turn, (first, *option.further))

    async def wishes(self, turn: Turn) -> tuple[Wish, ...]:
        """Return the wishes of a message that surely has several, else none."""
        if turn.message.payload is not None:
            return ()
        return wishes_of(self.project, await turn.reading(), self.settings)

    async def start_all(self, turn: Turn, wishes: Sequence[Wish]) -> Reply | Abstain:
        """Start the first task, each with what its own part of the message says.

        The others wait for their turn.
        """
        first, *further = wishes

        async def read() -> Reading:
            return first.reading

        said = replace(turn, reading=read)
        return await self.start(said, first.task, first.intent, words=first.text, further=further)

    async def _declined(self, turn: Turn) -> Reply:
        """Let go what was offered, and ask what is open once more."""
        offer, open_question = turn.state.offered, self.reminder(turn.state, turn.locale)
        task = self.task(offer.tasks[0]) if offer is not None and len(offer.tasks) == 1 else None
        if task is None:
            slots = slots_of(self.project, turn.state, turn.locale)
            return Reply((*self._doer.words.say("utter_clarify_none", slots), *open_question))
        progress = await self._opening.of(turn, task)
        progress.note(TaskEnded(task.name, "dropped"))
        title = self._returning.title(progress, task)
        progress.say(self._doer.said(progress, "utter_continue_no", {"task": title}))
        return progress.reply()

    async def start(
        self,
        turn: Turn,
        task: Task,
        intent: str | None = None,
        *,
        words: str = "",
        further: Sequence[Wish] = (),
    ) -> Reply | Abstain:
        """Begin a task with what the message already says; a task that runs is put aside.

        `intent` is what the message means, None where something else started the task. One that
        waits goes on where it was, unless the message has other values. `words` are those of the
        message that speak of the task, where not all do; `further` are wishes that come after it.
        """
        progress = await self._opening.of(turn, task)
        progress.said = words or progress.said
        waiting = progress.state.waiting(task.name)
        if waiting is not None and self._goes_on_with(progress, task.form, waiting):
            return await self._returning.after(
                progress, await self._returning.to(progress, waiting)
            )
        suspend(progress, self.project, self.settings)
        progress.hear(intent or next(iter(task.intents), None))
        self._opening.begin(progress)
        for one in reversed(further):
            postpone(progress, one, self.settings)
        self._opening.fill(progress)
        if intent is None and task.form is not None:
            progress.followup = None
            return await self._returning.led(progress, first=task.form.name)
        return await self._returning.led(progress)

    async def follow(self, turn: Turn) -> Reply | Abstain:
        """Go on with the rule or story that the message answers, or abstain."""
        reading = await turn.reading()
        intent = told_intent(reading)
        if intent is None or intent == NLU_FALLBACK:
            return Abstain("not_expected")
        task = self.project.task_of(intent) or Task(intent, (intent,), None, ())
        progress = await self._opening.of(turn, task)
        progress.hear(intent)
        self._opening.fill(progress)
        decision = progress.policies.decide(progress.dialogue)
        if decision.policy not in SURE or decision.depth < 2:
            return Abstain("not_expected", detail={"intent": intent})
        progress.note(TaskStarted(task.name))
        return await self._returning.led(progress)

    def ask_again(self, turn: Turn, task: Task) -> Reply:
        """Return the open question of the running task once more."""
        return Reply(self.reminder(turn.state, turn.locale), ref=task.name)

    def reminder(self, state: DialogueState, locale: str) -> tuple[Block, ...]:
        """Return the open question, to follow another stage's answer; none without a question."""
        task = self.task(state.task or "")
        if task is None or is_waiting(state) or state.requested_slot is None:
            return ()
        slots = slots_of(self.project, state, locale)
        words, action = self._doer.words, to_confirm(state)
        if action is not None:
            return confirmation(self.project, words, task, action, state, locale)
        if task.form is None:
            return ()
        return words.question(task.form.name, state.requested_slot, slots, again=True)

    def _goes_on_with(self, progress: Progress, form: TaskForm | None, waiting: Suspended) -> bool:
        """Return whether a task goes on where it was: the message has no other values for it."""
        if not waiting.is_begun or form is None:
            return waiting.is_begun
        return not differing(self.project, form, waiting.own, progress.reading)
