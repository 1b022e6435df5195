"""Takes answers to the open question of the running task."""

from __future__ import annotations

from cs_bot.events import (
    LoopEnded,
    LoopRejected,
    SlotRequested,
    TaskEnded,
)
from cs_bot.stages.task.confirming import is_confirmed, to_confirm
from cs_bot.stages.task.dialogue.situation import LISTEN
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.leading import SURE, Leader
from cs_bot.stages.task.offers import Offers
from cs_bot.stages.task.opening import Opening
from cs_bot.stages.task.policy import (
    is_cancellation,
    is_cancellation_of_all,
    is_correction,
    is_request,
)
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import NLU_FALLBACK, TaskForm
from cs_bot.stages.task.ranking import another_task, ranked_tasks
from cs_bot.stages.task.returning import Returning
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.waiting import postpone
from cs_bot.stages.task.wishes import with_answer
from cs_bot.types import Abstain, Reply, Turn


class Answering:
    """Takes the answers to the questions of one project."""

    def __init__(
        self,
        opening: Opening,
        doer: Doer,
        leader: Leader,
        returning: Returning,
        offers: Offers,
        settings: TaskSettings,
    ) -> None:
        self._project = doer.project
        self._opening = opening
        self._doer = doer
        self._leader = leader
        self._returning = returning
        self._offers = offers
        self._settings = settings

    async def resume(self, turn: Turn) -> Reply | Abstain:
        """Take the message as an answer to the open question, or abstain with `no_slot_value`."""
        task = self._opening.task(turn.state.task)
        action = to_confirm(turn.state)
        if task is None or (task.form is None and action is None):
            return Abstain("unknown_task", detail={"task": turn.state.task})
        progress = await self._opening.of(turn, task)
        self._hear_wish(progress)
        if is_cancellation_of_all(progress.said):
            progress.note(*(TaskEnded(one.task, "dropped") for one in progress.state.suspended))
            return self._cancelled(progress, task.form)
        if action is not None:
            return await self._answered(progress, task.form, action)
        assert task.form is not None  # noqa: S101 - what is awaited is a slot of it
        told = self._offers.plain_intent(
            progress.reading, ranked_tasks(self._project, progress.reading)
        )
        progress.hear(None if told == NLU_FALLBACK else told)
        if is_cancellation(progress.said):
            progress.note(LoopRejected(task.form.name))
            if not self._goes_on(progress):
                return await self._returning.after(progress, self._cancelled(progress, task.form))
        return await self._returning.led(progress)

    def _hear_wish(self, progress: Progress) -> None:
        """Let a wish that follows an answer in one message wait; the answer is what is left.

        "No, the order is 2" is no refusal and a wish about order 2: it puts the order right.
        """
        found = with_answer(self._project, progress.reading, progress.task, self._settings)
        if found is None or progress.turn.message.payload is not None:
            return
        answer, wish = found
        if is_correction(progress.said) and not is_request(wish.text):
            return
        progress.said, progress.reading = answer.text, answer.reading
        postpone(progress, wish, self._settings)

    async def _answered(
        self, progress: Progress, form: TaskForm | None, action: str
    ) -> Reply | Abstain:
        """Run the action that waited for a yes; no word of that is part of any story."""
        confirmed = is_confirmed(progress.said, progress.reading)
        if confirmed:
            progress.confirmed = action
            progress.note(SlotRequested(None))
            return await self._returning.led(progress, first=action)
        if confirmed is not None:
            return await self._returning.after(progress, self._cancelled(progress, form))
        if form is None or self._digresses(progress, form):
            return Abstain("no_slot_value", detail={"awaits": progress.state.requested_slot})
        progress.corrects = True
        return await self._returning.led(progress, first=form.name)

    def _digresses(self, progress: Progress, form: TaskForm) -> bool:
        """Return whether a message begins another task, and so puts nothing right.

        It must ask for it: "the order is 2" is rather the order of what is to be confirmed.
        """
        words = progress.said
        if is_correction(words) or not is_request(words):
            return False
        reading, dials = progress.reading, self._settings
        return another_task(self._project, form, reading, words, dials) is not None

    def _goes_on(self, progress: Progress) -> bool:
        """Return whether a rule or story of the project says what to do when a form is left."""
        decision = progress.policies.decide(progress.dialogue)
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
