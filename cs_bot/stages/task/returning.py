"""Goes back to the tasks that wait, when the one that ran is over."""

from __future__ import annotations

from cs_bot.events import NEVER_RAN_ON, Suspended, TaskEnded, TaskPostponed, TasksOffered
from cs_bot.stages.task.confirming import to_confirm
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.leading import Leader
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Task
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import values_told
from cs_bot.stages.task.titles import title_of
from cs_bot.stages.task.told import entities_of
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.waiting import next_waiting, take_up
from cs_bot.types import Abstain, Intent, Reading, Reply


class Returning:
    """The ways back of one project."""

    def __init__(self, doer: Doer, leader: Leader, settings: TaskSettings) -> None:
        self._doer = doer
        self._project = doer.project
        self._leader = leader
        self._settings = settings

    async def led(self, progress: Progress, first: str | None = None) -> Reply | Abstain:
        """Do what the policies decide until the bot listens, and go back to what waits."""
        return await self.after(progress, await self._leader.lead(progress, first))

    async def after(self, progress: Progress, reply: Reply | Abstain) -> Reply | Abstain:
        """Go on with what waits where a task has just ended, or ask whether to.

        What was completed makes room by itself; who has called one task off is asked.
        """
        while isinstance(reply, Reply):
            ended = _latest_end(progress)
            waiting = next_waiting(progress.state)
            if ended is None or waiting is None or progress.state.task is not None or reply.handoff:
                break
            asked_now = any(
                isinstance(event, TaskPostponed) and event.task == waiting.task
                for event in progress.events
            )
            if ended.outcome != "completed" and not asked_now:
                return self._offer(progress, waiting)
            ended_before = len(progress.events)
            reply = await self.to(progress, waiting)
            if not any(isinstance(event, TaskEnded) for event in progress.events[ended_before:]):
                break
        return reply

    async def to(self, progress: Progress, waiting: Suspended) -> Reply:
        """Go on with a task that waits: with its open question, or from its beginning."""
        action = to_confirm(waiting)
        take_up(progress, self._project, waiting.task, self._settings)
        self._say(progress, "utter_continue" if waiting.is_begun else "utter_next_task", waiting)
        form = progress.task.form
        if not waiting.is_begun:
            await self._begin(progress, waiting)
        elif action is not None:
            self._leader.ask_to_confirm(progress, action)
        elif form is not None:
            asked = waiting.awaits
            if asked in self._project.slots and progress.state.slots.get(asked or "") is None:
                progress.requests = asked
            await self._leader.lead(progress, first=form.name, asks_anew=True)
        if progress.state.task is not None and progress.state.requested_slot is None:
            progress.note(TaskEnded(waiting.task, "cancelled"))  # nothing said what follows
        return progress.reply()

    def title(self, progress: Progress, task: Task, intent: str | None = None) -> str:
        """Return what a task is called."""
        slots = slots_of(self._project, progress.state, progress.turn.locale)
        return title_of(self._project, self._doer.words, task, slots, intent)

    async def _begin(self, progress: Progress, waiting: Suspended) -> None:
        intent = str(waiting.intent)
        progress.reading = Reading((Intent(intent, 1.0),), entities_of(waiting.told), 0.0)
        progress.said = ""
        progress.hear(intent)
        progress.set(values_told(self._project, progress.reading, progress.task.form))
        await self._leader.lead(progress)

    def _offer(self, progress: Progress, waiting: Suspended) -> Reply:
        task = self._project.task(waiting.task)
        title = self.title(progress, task, waiting.intent)
        message = progress.turn.message
        slots = slots_of(self._project, progress.state, progress.turn.locale)
        words = self._doer.words
        named = {**slots, "task": title}
        progress.say(words.continuing(named, message.channel, message.message_id))
        progress.note(TasksOffered((waiting.task,)))
        return progress.reply()

    def _say(self, progress: Progress, name: str, waiting: Suspended) -> None:
        title = self.title(progress, self._project.task(waiting.task), waiting.intent)
        progress.say(self._doer.said(progress, name, {"task": title}))


def _latest_end(progress: Progress) -> TaskEnded | None:
    """Return the end of the task that ran, of this turn; what expired did not run."""
    ends = (event for event in reversed(progress.events) if isinstance(event, TaskEnded))
    return next((event for event in ends if event.outcome not in NEVER_RAN_ON), None)
