"""Which tasks a message may mean, and how surely; pure."""

from __future__ import annotations

from collections.abc import Sequence

from cs_bot.stages.task.project import Project, Task, TaskForm
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.types import Reading

Ranked = Sequence[tuple[Task, float]]
"""Tasks with their probabilities, best first."""


def ranked_tasks(project: Project, reading: Reading) -> list[tuple[Task, float]]:
    """Return tasks and their probabilities, best first; intents of one task count together."""
    shares = [(task, share_of(task, reading)) for task in project.tasks]
    likely = [(task, share) for task, share in shares if share > 0.0]
    return sorted(likely, key=lambda item: -item[1])


def share_of(task: Task, reading: Reading) -> float:
    """Return the probability that a message begins a task."""
    return sum(reading.probability(intent) for intent in task.intents)


def is_clear(ranked: Ranked, settings: TaskSettings) -> bool:
    """Return whether the best task is likely enough and clearly the best."""
    if not ranked or ranked[0][1] < settings.threshold:
        return False
    return len(ranked) < 2 or ranked[0][1] - ranked[1][1] >= settings.margin


def does_something(task: Task) -> bool:
    """Return whether a task does more than say something."""
    return task.form is not None or any(not name.startswith("utter_") for name in task.actions)


def another_task(
    project: Project, form: TaskForm | None, reading: Reading, words: str, settings: TaskSettings
) -> Task | None:
    """Return the task that a message begins without doubt in the middle of a form.

    Only one that does something: what merely says something may as well be an answer in words. A
    number alone begins nothing, whatever it is the number of.
    """
    if _is_value(words, reading):
        return None
    ranked = ranked_tasks(project, reading)
    if not ranked or ranked[0][1] < settings.digression or not is_clear(ranked, settings):
        return None
    task = ranked[0][0]
    other = form is None or task.form is None or task.form.name != form.name
    return task if other and does_something(task) else None


def _is_value(words: str, reading: Reading) -> bool:
    """Return whether the words say nothing but an entity."""
    said = words.strip(" ,，.。!！?？")
    return any(words[one.start : one.end].strip() == said for one in reading.entities)
