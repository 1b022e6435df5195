"""Puts away what an older version of a project left in a conversation; pure."""

from __future__ import annotations

from collections.abc import Iterable

from cs_bot.errors import UnknownName
from cs_bot.events import DialogueState, Event, LoopEnded, LoopStarted, SlotRequested, TaskEnded
from cs_bot.stages.task.confirming import to_confirm
from cs_bot.stages.task.project import Project, Task
from cs_bot.stages.task.two_stage import LOOPS, is_waiting


def outdated(project: Project, code: Iterable[str], state: DialogueState) -> tuple[Event, ...]:
    """Return events after which the project can go on, none where it can already.

    A task, form or action that is gone ends the task. A form that lost the slot it waits for asks
    for another one.
    """
    if state.task is None and state.requested_slot is None:
        return ()
    task, loop = _task(project, state.task), _loop(state)
    lost_loop = loop is not None and loop not in project.forms and loop not in LOOPS
    action = to_confirm(state)
    lost_action = action is not None and action not in {*code, *project.actions, *project.apis}
    if lost_loop or lost_action or (state.task is not None and task is None):
        left = () if loop is None else (LoopEnded(loop),)
        return (*left, *(() if state.task is None else (TaskEnded(state.task, "cancelled"),)))
    return (SlotRequested(None),) if _lost_slot(project, code, task, state) else ()


def _lost_slot(
    project: Project, code: Iterable[str], task: Task | None, state: DialogueState
) -> bool:
    """Tell whether a form waits for a slot that neither its domain nor its code can want."""
    slot = state.requested_slot
    if task is None or task.form is None or slot is None:
        return False
    of_form = to_confirm(state) is None and not is_waiting(state)
    by_code = slot in project.slots and task.form.validation in code
    return of_form and slot not in task.form.required_slots and not by_code


def _task(project: Project, name: str | None) -> Task | None:
    if name is None:
        return None
    try:
        return project.task(name)
    except UnknownName:
        return None


def _loop(state: DialogueState) -> str | None:
    for move in reversed(state.moves):
        if isinstance(move, LoopStarted | LoopEnded):
            return move.loop if isinstance(move, LoopStarted) else None
    return None
