"""Tasks that wait while another one runs: puts one aside and takes it up again.

What waits is in the state: a fold of events, bounded, forgotten after some turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.errors import UnknownName
from cs_bot.events import (
    DialogueState,
    LoopEnded,
    LoopStarted,
    SlotRequested,
    Suspended,
    TaskEnded,
    TaskPostponed,
    TaskResumed,
    TaskSuspended,
)
from cs_bot.stages.task.progress import Progress
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.text import bare
from cs_bot.stages.task.wishes import Wish

_LONGEST = 60
_GO_ON = re.compile(
    r"(?:(?:那|那就|好|好的|我们|我|请|先|还是|麻烦)*(?:继续|接着|回到|回去)(?:刚才|之前|前面|上面)?的?"
    r"(?:办|做|弄|填|说|来|办理)?(?P<zh>.*?)(?:那个|那件事|的事|的事情|的问题|流程|吧|啦|了)*)"
    r"|(?:(?:ok|okay|yes|now|so|well|please|let'?s|let us|can we|i want to|i'?d like to)[\s,]+)*"
    r"(?:go on with|continue(?: with)?|carry on(?: with)?|resume|(?:go |get |come )?back to|go on)"
    r"(?P<en>.*)"
)
_ARTICLE = re.compile(r"^(?:the|my|that|our|it|this)\b\s*|\s*\b(?:please|now|then|again)$")


def suspend(progress: Progress, project: Project, settings: TaskSettings) -> None:
    """Let the running task wait, where tasks may; what it sees of the dialogue ends here."""
    state = progress.state
    if state.task is not None and state.requested_slot is not None and settings.most_suspended:
        progress.note(TaskSuspended(state.task, state.requested_slot, _own_slots(project, state)))
        progress.note(*_too_many(progress.state, settings.most_suspended))


def make_room(progress: Progress) -> None:
    """End what still runs, so that another task may begin."""
    loop = progress.dialogue.now.loop
    if loop is not None:
        progress.note(LoopEnded(loop))
    elif progress.turn.state.requested_slot is not None:
        progress.note(SlotRequested(None))
    if progress.state.task is not None:
        progress.note(TaskEnded(progress.state.task, "cancelled"))


def put_aside(progress: Progress, project: Project, settings: TaskSettings) -> None:
    """Make room for another task: what runs waits, or ends where nothing may wait."""
    suspend(progress, project, settings)
    make_room(progress)


def postpone(progress: Progress, wish: Wish, settings: TaskSettings) -> None:
    """Let a task wait that was asked for together with another one."""
    known = wish.task.name == progress.state.task or progress.state.waiting(wish.task.name)
    if settings.most_suspended and not known:
        progress.note(TaskPostponed(wish.task.name, wish.intent, wish.told))
        progress.note(*_too_many(progress.state, settings.most_suspended))


def take_up(progress: Progress, project: Project, task: str, settings: TaskSettings) -> None:
    """Make a task that waits the active one, with its own values; what runs waits instead."""
    if progress.state.task != task:
        if progress.state.task is not None:
            put_aside(progress, project, settings)
        waiting = progress.state.waiting(task)
        progress.note(TaskResumed(task, waiting.own if waiting is not None else {}))
        loop = progress.dialogue.now.loop
        if loop is not None:
            progress.note(LoopStarted(loop))
    # A yes, a value put right and a follow-up were those of the task before.
    progress.confirmed, progress.corrects = None, False
    progress.followup = progress.requests = None
    progress.task = project.task(task)


def expired(state: DialogueState, project: Project, settings: TaskSettings) -> Iterator[TaskEnded]:
    """Yield the end of tasks that have waited too long, and of those that are gone."""
    for one in state.suspended:
        if one.turns > settings.suspended_turns or not _is_known(project, one.task):
            yield TaskEnded(one.task, "expired")


def next_waiting(state: DialogueState) -> Suspended | None:
    """Return the task that is gone back to unasked, None where none is."""
    latest = state.suspended[-1] if state.suspended else None
    return latest if latest is not None and not latest.asked else None


def wants_on(words: str) -> str | None:
    """Return with what the customer wants to go on, "" where that is not said, None where not."""
    said = bare(words).replace("’", "'")
    found = _GO_ON.fullmatch(said) if len(said) <= _LONGEST else None
    if found is None:
        return None
    name = (found["zh"] or found["en"] or "").strip()
    return _ARTICLE.sub("", _ARTICLE.sub("", name)).strip()


def _too_many(state: DialogueState, most: int) -> Iterator[TaskEnded]:
    for one in state.suspended[: max(len(state.suspended) - most, 0)]:
        yield TaskEnded(one.task, "dropped")


def _is_known(project: Project, task: str) -> bool:
    return any(one.name == task for one in project.tasks)


def _own_slots(project: Project, state: DialogueState) -> tuple[str, ...]:
    """Return the slots of the running form: what another task finds is no answer to its questions.

    Which order to return is not told by asking where some order is.
    """
    try:
        form = project.task(state.task or "").form
    except UnknownName:
        return ()
    return form.required_slots if form is not None else ()
