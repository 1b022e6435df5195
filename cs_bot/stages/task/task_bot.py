"""Leads tasks: asks for slots, has them validated, runs actions; the stages only call it.

Decisions are made by `policy`, wording by `words`, the outside by `actions`; no state is kept here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from cs_bot.blocks import Block
from cs_bot.errors import ServiceFailed, UnknownName
from cs_bot.events import (
    DialogueState,
    HandoffOffered,
    SlotRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.failures import ActionRejected, spoken, spoken_again
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import Actions
from cs_bot.stages.task.policy import Ask, GiveUp, Submit, first_missing, is_cancellation, next_act
from cs_bot.stages.task.progress import Progress, utterance
from cs_bot.stages.task.project import Project, Task, TaskForm
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import candidates
from cs_bot.stages.task.tracker import slots_of, tracker_of
from cs_bot.stages.task.words import Words, blocks_of
from cs_bot.types import Abstain, Reply, Turn

log = logging.getLogger(__name__)

_MOST_ACTIONS = 10
"""Actions of one turn; a chain of follow-ups that is longer goes in circles."""
_MOST_TIMEOUTS = 2
"""How many times the timeout of one action all actions of a turn may take together."""


class TaskBot:
    """The tasks of one project."""

    def __init__(self, project: Project, actions: Actions, settings: TaskSettings) -> None:
        self.project = project
        self.settings = settings
        self._actions = actions
        self._words = Words(project.responses)
        for task in project.tasks:
            for name in task.actions:
                if not name.startswith("utter_") and name not in actions.names:
                    log.warning("nothing runs the action %s of the task %s", name, task.name)

    def task(self, name: str) -> Task | None:
        """Return a task by name, None where the project has none of that name."""
        try:
            return self.project.task(name)
        except UnknownName:
            return None

    async def start(self, turn: Turn, task: Task) -> Reply | Abstain:
        """Begin a task with what the message already says; a task that runs is put away."""
        progress = Progress(turn, await turn.reading(), task, turn.state)
        if turn.state.task is not None:
            progress.note(TaskEnded(turn.state.task, "cancelled"))
        progress.note(TaskStarted(task.name))
        if task.form is not None:
            progress.note(*self._initial_values(task.form))
            return await self._with_values(progress, task.form, requested=None)
        return await self._finished(progress)

    async def resume(self, turn: Turn) -> Reply | Abstain:
        """Take the message as an answer to the open question, or abstain with `no_slot_value`."""
        task = self.task(turn.state.task or "")
        if task is None or task.form is None:
            return Abstain("unknown_task", detail={"task": turn.state.task})
        progress = Progress(turn, await turn.reading(), task, turn.state)
        if is_cancellation(utterance(turn)):
            progress.note(TaskEnded(task.name, "cancelled"))
            progress.say(self._say(progress, "utter_task_cancelled"))
            return progress.reply()
        return await self._with_values(progress, task.form, requested=turn.state.requested_slot)

    def ask_again(self, turn: Turn, task: Task) -> Reply:
        """Return the open question of the running task once more."""
        return Reply(self.reminder(turn.state, turn.locale), ref=task.name)

    def reminder(self, state: DialogueState, locale: str) -> tuple[Block, ...]:
        """Return the open question, to follow another stage's answer; none without a question."""
        task = self.task(state.task or "")
        if task is None or task.form is None or state.requested_slot is None:
            return ()
        slots = slots_of(self.project, state, locale)
        return self._words.question(task.form.name, state.requested_slot, slots, again=True)

    async def _with_values(
        self, progress: Progress, form: TaskForm, requested: str | None
    ) -> Reply | Abstain:
        """Go on with the slot values of the message; none for an open question: abstain."""
        words = utterance(progress.turn)
        found = candidates(self.project, form, requested, progress.reading, words)
        extracted = requested is not None and self.project.is_custom(requested)
        if requested is not None and not found and not extracted:
            return Abstain("no_slot_value", detail={"awaits": requested})
        try:
            async with self._in_time(progress.task):
                if found or extracted:
                    await self._take(progress, form, found)
                if requested is not None and not progress.events:
                    return Abstain("no_slot_value", detail={"awaits": requested})
                return await self._go_on(progress, form)
        except ActionRejected:
            return Abstain("no_slot_value", detail={"awaits": requested})
        except ServiceFailed as failure:
            return self._failed(progress, failure)

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

    def _initial_values(self, form: TaskForm) -> Iterator[SlotSet]:
        for name in form.required_slots:
            slot = self.project.slots.get(name)
            if slot is not None and slot.initial is not None:
                yield SlotSet(name, slot.initial)

    async def _take(self, progress: Progress, form: TaskForm, found: Mapping[str, Any]) -> None:
        """Set the values that the form's validation lets pass."""
        checked = dict(found)
        if form.validation in self._actions.names:
            outcome = await self._run(progress, form.validation, found)
            checked.update((name, value) for name, value in outcome.slots if self._is_slot(name))
        for name, value in checked.items():
            refused = value is None and name in found
            progress.note(SlotRejected(name) if refused else SlotSet(name, value))

    def _is_slot(self, name: str) -> bool:
        if name not in self.project.slots and name != "requested_slot":
            log.warning("an action sets the slot %s, which the domain does not have", name)
        return name in self.project.slots

    async def _go_on(self, progress: Progress, form: TaskForm) -> Reply:
        act = next_act(form, progress.state, self.settings.most_rejections)
        if isinstance(act, Submit):
            if not await self._carry_out(progress):
                return self._completed(progress)
            reopened = first_missing(form, progress.state)
            if reopened is None:
                raise ServiceFailed(f"task {progress.task.name}", "its action reopens a full form")
            progress.note(SlotRejected(reopened))
            act = next_act(form, progress.state, self.settings.most_rejections)
        if isinstance(act, GiveUp):
            return self._given_up(progress)
        if isinstance(act, Ask):
            self._ask(progress, form, act.slot)
        return progress.reply()

    def _ask(self, progress: Progress, form: TaskForm, slot: str) -> None:
        turn = progress.turn
        slots = slots_of(self.project, progress.state, turn.locale)
        channel, seed = turn.message.channel, turn.message.message_id
        again = progress.state.requested_slot == slot
        progress.say(self._words.question(form.name, slot, slots, channel, seed, again=again))
        progress.note(SlotRequested(slot))

    async def _finished(self, progress: Progress) -> Reply | Abstain:
        """Run a task that needs no slots to its end."""
        try:
            async with self._in_time(progress.task):
                await self._carry_out(progress)
        except ActionRejected:
            return Abstain("rejected", detail={"task": progress.task.name})
        except ServiceFailed as failure:
            return self._failed(progress, failure)
        if not progress.blocks and not progress.actions:
            return Abstain("nothing_to_say", detail={"task": progress.task.name})
        return self._completed(progress)

    async def _carry_out(self, progress: Progress) -> bool:
        """Run the actions of the task and what they ask to be run next.

        True when one of them sends the customer back to the form, as rasa-sdk's
        `FollowupAction(form)` does.
        """
        form = progress.task.form.name if progress.task.form else None
        waiting = list(progress.task.actions)
        while waiting:
            if len(progress.actions) >= _MOST_ACTIONS:
                raise ServiceFailed(f"task {progress.task.name}", "its actions go in circles")
            name = waiting.pop(0)
            if name.startswith("utter_") and name not in self._actions.names:
                progress.say(self._say(progress, name))
                continue
            outcome = await self._run(progress, name, {})
            self._apply(progress, outcome)
            if form is not None and outcome.followup == form:
                return True
            if outcome.followup and outcome.followup != "action_listen":
                waiting.insert(0, outcome.followup)
        return False

    def _apply(self, progress: Progress, outcome: ActionOutcome) -> None:
        for name, value in outcome.slots:
            if name == "*":
                progress.note(*(SlotSet(slot, None) for slot in progress.state.slots))
            elif self._is_slot(name):
                progress.note(SlotSet(name, value))
        if outcome.leaves_loop:
            progress.note(TaskEnded(progress.task.name, "completed"))

    async def _run(self, progress: Progress, name: str, found: Mapping[str, Any]) -> ActionOutcome:
        """Run an action and add its words; the order of words is the order of actions."""
        form = progress.task.form.name if progress.task.form else None
        tracker = tracker_of(
            self.project,
            progress.turn,
            progress.state,
            progress.reading,
            form,
            found,
            done=progress.actions,
        )
        progress.actions.append(name)
        outcome = await self._actions.run(name, tracker)
        kept = {slot: value for slot, value in outcome.slots if value is not None}
        slots = {**tracker["slots"], **kept}
        for said in outcome.said:
            values = {**slots, **said.values}
            if said.response:
                channel = progress.turn.message.channel
                seed = progress.turn.message.message_id
                progress.say(self._words.say(said.response, values, channel, seed))
            progress.say(blocks_of(said.words))
        return outcome

    def _say(self, progress: Progress, name: str) -> tuple[Block, ...]:
        turn = progress.turn
        slots = slots_of(self.project, progress.state, turn.locale)
        return self._words.say(name, slots, turn.message.channel, turn.message.message_id)

    def _completed(self, progress: Progress) -> Reply:
        if progress.state.task is not None:
            progress.note(TaskEnded(progress.task.name, "completed"))
        if not progress.blocks:
            progress.say(self._say(progress, "utter_task_done"))
        return progress.reply()

    def _given_up(self, progress: Progress) -> Reply:
        progress.say(self._say(progress, "utter_task_given_up"))
        progress.note(TaskEnded(progress.task.name, "failed"), HandoffOffered("unusable_answers"))
        return progress.reply()

    def _failed(self, progress: Progress, failure: ServiceFailed) -> Reply:
        """Say that it did not work and offer a human; who asks again is not sent round again."""
        log.warning("task %s failed: %s", progress.task.name, failure)
        progress.failure = str(failure)
        names, reason = spoken(failure), "task_failed"
        if progress.state.failures + 1 >= self.settings.actions.handoff_after:
            names, reason = spoken_again(failure), "task_failed_again"
        progress.say(self._say(progress, self._words.chosen(names)))
        progress.note(TaskEnded(progress.task.name, "failed"), HandoffOffered(reason))
        return progress.reply()
