"""Runs a form: takes values from the message, has them validated, asks for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cs_bot.errors import ServiceFailed
from cs_bot.events import (
    ActionTaken,
    HandoffOffered,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    SlotRejected,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.policy import Ask, GiveUp, Submit, first_missing, is_correction, next_act
from cs_bot.stages.task.progress import Progress, utterance
from cs_bot.stages.task.project import TaskForm
from cs_bot.stages.task.slots import candidates, corrections
from cs_bot.stages.task.tracker import slots_of


class Forms:
    """The forms of one project."""

    def __init__(self, doer: Doer, most_rejections: int) -> None:
        self._doer = doer
        self._project = doer.project
        self._most_rejections = most_rejections

    async def run(self, progress: Progress, form: TaskForm, *, asks_anew: bool = False) -> None:
        """Let the form take the message and go on, or note that it cannot use it.

        `asks_anew` when the message was answered otherwise: then it only asks again.
        """
        active = progress.dialogue.now.loop == form.name
        reopened = progress.followup == form.name
        progress.followup = None
        if not active and progress.corrected:
            progress.note(LoopStarted(form.name), SlotRequested(None))
        elif not active:
            self._leave_others(progress, form)
            progress.note(ActionTaken(form.name), LoopStarted(form.name))
            progress.note(*self._forgotten(progress, form), *self._initial(form))
        if reopened:
            self._reopen(progress, form)
        elif not (active and asks_anew) and not await self._take(progress, form, active=active):
            progress.note(LoopRejected(form.name))
            return
        if active:
            progress.note(ActionTaken(form.name))
        await self._go_on(progress, form)

    def _leave_others(self, progress: Progress, form: TaskForm) -> None:
        """Put the form away that runs, and let the task be this form's."""
        task = self._project.task(form.name)
        running = progress.dialogue.now.loop
        if running is not None:
            progress.note(LoopEnded(running))
        if progress.state.task not in (None, task.name):
            progress.note(TaskEnded(str(progress.state.task), "cancelled"))
        if progress.state.task is None:
            progress.note(TaskStarted(task.name))
        progress.task = task

    async def _ask(self, progress: Progress, form: TaskForm, slot: str) -> None:
        """Ask for a slot, by an action where the project has one for that."""
        turn = progress.turn
        again = progress.state.requested_slot == slot
        progress.note(SlotRequested(slot))
        action = self._project.question_of(form.name, slot)
        if action is not None and action in self._doer.has_code:
            outcome = await self._doer.run(progress, action, {})
            set_slots = (one for one in outcome.slots if self._doer.applier.is_slot(one[0]))
            progress.note(*(SlotSet(name, value) for name, value in set_slots))
            return
        slots = slots_of(self._project, progress.state, turn.locale)
        channel, seed = turn.message.channel, turn.message.message_id
        words = self._doer.words
        progress.say(words.question(form.name, slot, slots, channel, seed, again=again))

    async def _go_on(self, progress: Progress, form: TaskForm) -> None:
        act = next_act(form, progress.state, self._most_rejections)
        wanted, progress.requests = progress.requests, None
        if wanted is not None and not isinstance(act, GiveUp):
            act = Ask(wanted) if wanted else Submit()
        match act:
            case Ask(slot=slot):
                await self._ask(progress, form, slot)
            case Submit():
                progress.note(LoopEnded(form.name))
            case GiveUp():
                progress.say(self._doer.said(progress, "utter_task_given_up"))
                progress.note(
                    LoopEnded(form.name),
                    TaskEnded(progress.task.name, "failed"),
                    HandoffOffered("unusable_answers"),
                )

    def _reopen(self, progress: Progress, form: TaskForm) -> None:
        """Go back to a form that an action found wanting."""
        missing = first_missing(form, progress.state)
        if missing is None:
            raise ServiceFailed(f"task {progress.task.name}", "its action reopens a full form")
        progress.note(SlotRejected(missing))

    async def _take(self, progress: Progress, form: TaskForm, *, active: bool) -> bool:
        """Set the values that the message has and validation lets pass; False without one."""
        requested = progress.state.requested_slot if active else None
        words = utterance(progress.turn)
        found = self._found(progress, form, requested, words)
        extracted = requested is not None and self._project.is_custom(requested)
        if not found and not extracted and not (requested is None and self._is_dynamic(form)):
            return requested is None
        before = len(progress.events)
        await self._validate(progress, form, found)
        return requested is None or len(progress.events) > before

    def _found(
        self, progress: Progress, form: TaskForm, requested: str | None, words: str
    ) -> Mapping[str, Any]:
        """Return the values of the message: of a correction only what it puts right."""
        if progress.corrected:
            return progress.corrected
        if requested is not None and is_correction(words):
            changed = corrections(self._project, form, progress.state, progress.reading)
            if changed:
                return changed
        return candidates(self._project, form, requested, progress.reading, words)

    async def _validate(self, progress: Progress, form: TaskForm, found: Mapping[str, Any]) -> None:
        checked = dict(found)
        if form.validation in self._doer.has_code:
            outcome = await self._doer.run(progress, form.validation, found)
            slots = (
                (name, value) for name, value in outcome.slots if self._doer.applier.is_slot(name)
            )
            checked.update(slots)
            self._steer(progress, outcome)
        for name, value in checked.items():
            refused = value is None and name in found
            progress.note(SlotRejected(name) if refused else SlotSet(name, value))

    def _is_dynamic(self, form: TaskForm) -> bool:
        """Tell whether only the code of a form knows its slots (`required_slots` of rasa-sdk)."""
        return not form.required_slots and form.validation in self._doer.has_code

    def _steer(self, progress: Progress, outcome: ActionOutcome) -> None:
        """Let a validation say what is asked for next, or that the form is over."""
        told = [value for name, value in outcome.slots if name == "requested_slot"]
        if told:
            progress.requests = str(told[-1] or "")
        if outcome.leaves_loop:
            progress.requests = ""
        elif outcome.followup is not None:
            progress.followup = outcome.followup

    def _initial(self, form: TaskForm) -> Iterator[SlotSet]:
        for name in form.required_slots:
            slot = self._project.slots.get(name)
            if slot is not None and slot.initial is not None:
                yield SlotSet(name, slot.initial)

    def _forgotten(self, progress: Progress, form: TaskForm) -> Iterator[SlotSet]:
        """Yield what an earlier run of the form left and nothing has set since."""
        kept: set[str] = set()
        for move in reversed(progress.turn.state.moves):
            if isinstance(move, LoopEnded) and move.loop == form.name:
                held = progress.state.slots
                yield from (
                    SlotSet(name, None)
                    for name in form.required_slots
                    if name in held and name not in kept
                )
                return
            if isinstance(move, SlotSet):
                kept.add(move.name)
