"""Looks for stories that break off, and for forms that start each other without end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cs_bot.stages.task.rasa.view import Told, View, at
from cs_bot.stages.task.story import Checkpoint, Looped, Spoke, Story, steps_of


def messages_without_intent(view: View) -> Iterator[Told]:
    """Yield messages of stories that are words alone."""
    for step in view.steps:
        if isinstance(step, Spoke) and step.intent is None:
            yield (
                at(step.where),
                f"the story has words without an intent: {step.text!r}",
                "it is followed up to here",
                "name the intent beside them: `intent: NAME`",
            )


def loose_checkpoints(view: View) -> Iterator[Told]:
    """Yield checkpoints at which stories only begin, or only end."""
    begins, ends = _checkpoints(view.project.stories)
    for name in begins.keys() - ends.keys():
        yield (
            at(begins[name].where),
            f"no story ends at the checkpoint {name!r}",
            "the story that begins there may follow anything",
            f"end a story with `- checkpoint: {name}`, or take it out",
        )
    for name in ends.keys() - begins.keys():
        yield (
            at(ends[name].where),
            f"no story begins at the checkpoint {name!r}",
            "nothing follows what leads there",
            f"begin a story with `- checkpoint: {name}`, or take it out",
        )


def _checkpoints(
    stories: Iterable[Story],
) -> tuple[Mapping[str, Checkpoint], Mapping[str, Checkpoint]]:
    """Return where stories begin and where they end; one in the middle is both."""
    begins: dict[str, Checkpoint] = {}
    ends: dict[str, Checkpoint] = {}
    for story in stories:
        for number, step in enumerate(story.steps):
            if isinstance(step, Checkpoint):
                before = any(not isinstance(s, Checkpoint) for s in story.steps[:number])
                if number < len(story.steps) - 1:
                    begins.setdefault(step.name, step)
                if before:
                    ends.setdefault(step.name, step)
    return begins, ends


def circular_forms(view: View) -> Iterator[Told]:
    """Yield forms that, once filled, start each other in turn with nothing said in between."""
    follows = {
        name: next_form for story in view.project.stories for name, next_form in _handovers(story)
    }
    told: set[str] = set()
    for form in follows:
        circle = _circle(form, {name: to for name, (to, _) in follows.items()})
        if circle and not told.intersection(circle):
            told.update(circle)
            yield (
                at(follows[form][1]),
                f"the forms {', '.join(map(repr, circle))} start each other when they end",
                "they go round until the bot stops them and says that it failed",
                "let the customer say something in between, or end with another action",
            )


def _handovers(story: Story) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the form of a rule with the form that runs as soon as it ends, and where that stands.

    A story tells one conversation, and a rule with slots in its condition holds now and then only.
    """
    if not story.is_rule or not all(isinstance(held, Looped) for held in story.condition):
        return
    active = next((held.loop for held in story.condition if isinstance(held, Looped)), None)
    ended: str | None = None
    for step in steps_of(story):
        if isinstance(step, Spoke):
            return
        if isinstance(step, Looped) and step.loop is None:
            ended = active
        elif isinstance(step, Looped) and step.loop is not None and ended is not None:
            yield ended, (step.loop, step.where)
            return


def _circle(form: str, follows: Mapping[str, str]) -> tuple[str, ...]:
    """Return the forms of the circle that a form is in, none where it is in none."""
    found = [form]
    while (following := follows.get(found[-1])) is not None:
        if following == form:
            return tuple(found)
        if following in found:
            return ()
        found.append(following)
    return ()
