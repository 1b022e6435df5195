"""Finds several wishes in one message: which tasks it begins, one after the other; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cs_bot.stages.task.clauses import is_answer
from cs_bot.stages.task.project import Project, Task
from cs_bot.stages.task.ranking import does_something, ranked_tasks
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.told import Told, told_of
from cs_bot.types import Intent, Part, Reading

_MARGIN = 0.4
"""How far the best task of a part must lie above the next one: a single wish is never split."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A task that a part of a message begins."""

    task: Task
    intent: str
    text: str
    """The words of the part, "" where all of the message speaks of it."""
    reading: Reading

    @property
    def told(self) -> Told:
        """What the part says of the task, as events keep it."""
        return told_of(self.reading.entities)


def wishes_of(project: Project, reading: Reading, settings: TaskSettings) -> tuple[Wish, ...]:
    """Return the wishes of a message where it surely has several, else none.

    Either its intent was learnt as several (`a+b`), or each of its parts is surely a task of its
    own.
    """
    joint = _joint(project, reading, settings)
    if joint:
        return joint
    parts = [part for part in reading.parts if not is_answer(part.text)]
    found = [_wish(project, part, settings) for part in parts]
    wishes = [wish for wish in found if wish is not None]
    distinct = {wish.task.name for wish in wishes}
    surely = len(wishes) == len(found) and 1 < len(distinct) == len(wishes)
    return tuple(wishes) if surely else ()


def with_answer(
    project: Project, reading: Reading, running: Task, settings: TaskSettings
) -> tuple[Part, Wish] | None:
    """Return an answer and the wish that follows it in one message, None where it is not both."""
    if len(reading.parts) != 2:
        return None
    answer, rest = reading.parts
    wish, first = _wish(project, rest, settings), _wish(project, answer, settings)
    if wish is None or wish.task.name == running.name:
        return None
    return None if first is not None and first.task.name != running.name else (answer, wish)


def _joint(project: Project, reading: Reading, settings: TaskSettings) -> tuple[Wish, ...]:
    best = reading.intents[0] if reading.intents else None
    if best is None or best.probability < settings.threshold or project.task_of(best.name):
        return ()
    parts = project.parts_of(best.name)
    tasks = [(task, name) for name in parts if (task := project.task_of(name)) is not None]
    return tuple(Wish(task, name, "", _stated(name, reading)) for task, name in tasks)


def _stated(intent: str, reading: Reading) -> Reading:
    return replace(reading, intents=(Intent(intent, 1.0),), background=0.0, parts=())


def _wish(project: Project, part: Part, settings: TaskSettings) -> Wish | None:
    ranked = ranked_tasks(project, part.reading)
    if not ranked or ranked[0][1] < settings.wish or not does_something(ranked[0][0]):
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _MARGIN:
        return None
    task = ranked[0][0]
    return Wish(task, max(task.intents, key=part.reading.probability), part.text, part.reading)
