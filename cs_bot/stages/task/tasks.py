"""Which tasks a project has, by its rules and stories: what may start, and by which intents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cs_bot.stages.task.dialogue.rules import OF_INTENTS
from cs_bot.stages.task.project import Task, TaskForm
from cs_bot.stages.task.story import Acted, Either, Looped, Spoke, Story, Written

_NEVER_MEANT = frozenset({"nlu_fallback"})
"""Intents that no customer has."""


def tasks_of(
    stories: Iterable[Story], forms: Mapping[str, TaskForm], intents: Iterable[str] = ()
) -> tuple[Task, ...]:
    """Return the forms, then the intents that begin a rule or story of their own.

    `intents` are those that the project declares: some of them the bot understands by itself.
    """
    told = tuple(stories)
    opening = {name: tuple(_opening(name, told)) for name in forms}
    taken = {intent for intents in opening.values() for intent in intents}
    plain = dict.fromkeys(
        intent
        for story in told
        if not any(isinstance(held, Looped) and held.loop for held in story.condition)
        for intent in _intents(story.steps[:1])
        if len(story.steps) > 1 and intent not in taken | _NEVER_MEANT
    )
    return (
        *(
            Task(name.removesuffix("_form"), opening[name], form, _actions_after(name, told))
            for name, form in forms.items()
        ),
        *(Task(intent, (intent,), None, _actions_of(intent, told)) for intent in plain),
        *(
            Task(intent, (intent,), None, (OF_INTENTS[intent],))
            for intent in intents
            if intent in OF_INTENTS and intent not in {*plain, *taken}
        ),
    )


def stories_of(tasks: Iterable[Task]) -> tuple[Story, ...]:
    """Return rules that say what the tasks say."""
    return tuple(story for task in tasks for story in _stories_of(task))


def _stories_of(task: Task) -> Iterable[Story]:
    done: tuple[Written, ...] = tuple(Acted(name) for name in task.actions)
    if task.form is None:
        for intent in task.intents:
            yield Story(task.name, (Spoke(intent), *done), task.name, is_rule=True)
        return
    form = task.form.name
    for intent in task.intents:
        steps: tuple[Written, ...] = (Spoke(intent), Acted(form), Looped(form))
        yield Story(task.name, steps, task.name, is_rule=True)
    ending = (Acted(form), Looped(None), *done)
    yield Story(task.name, ending, task.name, is_rule=True, condition=(Looped(form),))


def _opening(form: str, stories: Iterable[Story]) -> Iterable[str]:
    """Return the intents right after which a rule or story runs the form for the first time."""
    found: dict[str, None] = {}
    for story in stories:
        if any(isinstance(held, Looped) and held.loop == form for held in story.condition):
            continue
        for at, step in enumerate(story.steps):
            if isinstance(step, Acted) and step.action == form:
                found.update(dict.fromkeys(_intents(story.steps[max(at - 1, 0) : at])))
                break
    return found


def _intents(steps: Sequence[Written]) -> Iterable[str]:
    for step in steps:
        ways = step.ways if isinstance(step, Either) else ((step,),)
        for way in ways:
            for one in way[:1]:
                if isinstance(one, Spoke) and one.intent is not None:
                    yield one.intent.partition("/")[0]


def _actions_after(form: str, stories: Iterable[Story]) -> tuple[str, ...]:
    """Return what the first rule or story does once the form is full."""
    for story in stories:
        for at, step in enumerate(story.steps):
            if isinstance(step, Looped) and step.loop is None and _left(story, at, form):
                return tuple(_actions(story.steps[at + 1 :]))
    return ()


def _left(story: Story, at: int, form: str) -> bool:
    before = [step for step in story.steps[:at] if isinstance(step, Acted)]
    return bool(before) and before[-1].action == form


def _actions_of(intent: str, stories: Iterable[Story]) -> tuple[str, ...]:
    """Return what the first rule or story that begins with the intent does then."""
    first = (story for story in stories if intent in _intents(story.steps[:1]))
    return tuple(_actions(next(first).steps[1:]))


def _actions(steps: Iterable[Written]) -> Iterable[str]:
    """Yield actions up to the next message."""
    for step in steps:
        if isinstance(step, Spoke | Either):
            return
        if isinstance(step, Acted) and step.action is not None:
            yield step.action
