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
    TaskResumed,
    TaskStarted,
)
from cs_bot.stages.task.actions.failures import ActionRejected
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.doing import Doer
from cs_bot.stages.task.policy import Ask, GiveUp, Submit, first_missing, is_correction, next_act
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import TaskForm
from cs_bot.stages.task.ranking import another_task
from cs_bot.stages.task.referring import refers_back, wants_another
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.slots import candidates, corrections, differing, told_intent
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.waiting import put_aside

_NOTHING: Mapping[str, Any] = {}


class Forms:
    """The forms of one project."""

    def __init__(self, doer: Doer, settings: TaskSettings) -> None:
        self._doer = doer
        self._project = doer.project
        self._settings = settings

    async def run(self, progress: Progress, form: TaskForm, *, asks_anew: bool = False) -> None:
        """Let the form take the message and go on, or note that it cannot use it.

        `asks_anew` when the message was answered otherwise: then it only asks again.
        """
        active = progress.dialogue.now.loop == form.name
        if not (active and asks_anew):
            progress.requests = None  # what a form wanted that was left in this turn is not asked
        elif progress.requests is None:
            progress.requests = self._open_slot(progress, progress.state.requested_slot)
        if progress.corrects and not active:
            await self._put_right(progress, form)
            return
        reopened = progress.followup == form.name
        progress.followup = None
        if not active:
            kept = self._kept(progress, form)
            self._leave_others(progress, form)
            progress.note(ActionTaken(form.name), LoopStarted(form.name))
            if kept is None:
                progress.note(*self._forgotten(progress, form), *self._initial(form))
                progress.note(*self._not_meant(progress, form))
            progress.set(kept or {})
        if reopened:
            self._reopen(progress, form)
        elif not (active and asks_anew) and not await self._take(progress, form, active=active):
            progress.note(LoopRejected(form.name))
            return
        if active:
            progress.note(ActionTaken(form.name))
        await self._go_on(progress, form)

    def _open_slot(self, progress: Progress, asked: str | None) -> str | None:
        """Return the slot that was asked for, if it still lacks a value: its form knows why."""
        is_open = asked in self._project.slots and progress.state.slots.get(asked or "") is None
        return asked if is_open else None

    async def _put_right(self, progress: Progress, form: TaskForm) -> None:
        """Go back to a full form with what the message puts right; raises `ActionRejected`.

        Values that only the form's class can read in a message are left to it.
        """
        progress.corrects = False
        held = progress.state.slots
        found = corrections(self._project, form, progress.state, progress.reading)
        progress.note(LoopStarted(form.name), SlotRequested(None))
        await self._validate(progress, form, found, None)
        now = progress.state.slots
        unchanged = all(held.get(name) == now.get(name) for name in form.required_slots)
        if unchanged and not self._restates(progress, form):
            raise ActionRejected(f"nothing in the message puts {form.name} right")
        await self._go_on(progress, form)

    def _restates(self, progress: Progress, form: TaskForm) -> bool:
        """Return whether the message says once more what the form holds, and is no question."""
        told = told_intent(progress.reading) is not None or is_correction(progress.said)
        return told and bool(candidates(self._project, form, None, progress.reading, ""))

    def _leave_others(self, progress: Progress, form: TaskForm) -> None:
        """Put the form aside that runs, and let the task be this form's."""
        task = self._project.task(form.name)
        if progress.state.task not in (None, task.name):
            put_aside(progress, self._project, self._settings)
        elif progress.dialogue.now.loop is not None:
            progress.note(LoopEnded(progress.dialogue.now.loop))
        if progress.state.task is None:
            progress.note(TaskStarted(task.name))
        progress.task = task

    def _kept(self, progress: Progress, form: TaskForm) -> Mapping[str, Any] | None:
        """Return what the form had collected when it was put aside, if it goes on with that.

        None where it does not wait, or the message has other values: then it begins anew.
        """
        waiting = progress.state.waiting(self._project.task(form.name).name)
        if waiting is None or not waiting.is_begun:
            return None
        differs = differing(self._project, form, waiting.own, progress.reading)
        return None if differs else waiting.own

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
        act = next_act(form, progress.state, self._settings.most_rejections)
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
        """Set the values that the message has and validation lets pass; False without one.

        A form that begins has the values validated, too, that it finds filled already.
        """
        requested = progress.state.requested_slot if active else None
        words = progress.said
        found = self._found(progress, form, requested, words)
        held: Mapping[str, Any] = {}
        if requested is None:
            held = {n: v for n, v in self._held(progress, form).items() if n not in found}
        elif not self._project.is_custom(requested) and (
            not found or self._digresses(progress, form, found.get(requested), words)
        ):
            return False
        before = len(progress.events)
        await self._validate(progress, form, found, requested, held)
        return requested is None or len(progress.events) > before

    def _held(self, progress: Progress, form: TaskForm) -> Mapping[str, Any]:
        """Return what the slots of a form hold."""
        held = progress.state.slots
        return {name: held[name] for name in form.required_slots if name in held}

    def _digresses(self, progress: Progress, form: TaskForm, answer: Any, words: str) -> bool:
        """Return whether a message begins another task, and so is no answer, not even in words."""
        if is_correction(words) or answer not in (None, words.strip()):
            return False
        reading, dials = progress.reading, self._settings
        return another_task(self._project, form, reading, words, dials) is not None

    def _found(
        self, progress: Progress, form: TaskForm, requested: str | None, words: str
    ) -> Mapping[str, Any]:
        """Return the values of the message: of a correction only what it puts right."""
        if requested is not None and is_correction(words):
            changed = corrections(self._project, form, progress.state, progress.reading)
            if changed:
                return changed
        return candidates(self._project, form, requested, progress.reading, words)

    async def _validate(
        self,
        progress: Progress,
        form: TaskForm,
        found: Mapping[str, Any],
        requested: str | None,
        held: Mapping[str, Any] = _NOTHING,
    ) -> None:
        """Set what validation lets pass.

        What it refuses is emptied: a value that was put right must not stand any longer. What is
        `held` and passes as it is stays another task's, which a confirmation names.
        """
        found = {**held, **found}
        checked = dict(found)
        if form.validation in self._doer.has_code:
            outcome = await self._doer.run(progress, form.validation, found)
            slots = (
                (name, value) for name, value in outcome.slots if self._doer.applier.is_slot(name)
            )
            checked.update(slots)
            self._steer(progress, outcome)
        is_any_kept = any(value is not None for value in checked.values())
        for name, value in checked.items():
            if name in held and held[name] == value:
                continue
            asked = name in found or (name == requested and not is_any_kept)
            is_refused = value is None and asked
            if not is_refused or progress.state.slots.get(name) is not None:
                progress.note(SlotSet(name, value))
            if is_refused:
                progress.note(SlotRejected(name))

    def _not_meant(self, progress: Progress, form: TaskForm) -> Iterator[SlotSet]:
        """Yield the end of values from other tasks, where the message speaks of another thing."""
        if wants_another(progress.said):
            for name in form.required_slots:
                if self._project.names_thing(name) and name in progress.state.slots:
                    yield SlotSet(name, None)

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
        """Yield what an earlier run of the form left and nothing has set since.

        What names a thing stays, where the message points back at it.
        """
        kept: set[str] = set()
        if refers_back(progress.said):
            kept.update(filter(self._project.names_thing, form.required_slots))
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
            elif isinstance(move, TaskResumed) and move.task != progress.task.name:
                kept.update(move.slots)
