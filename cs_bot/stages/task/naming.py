"""Names the values an action will use, when it is to be confirmed: none may slip in unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cs_bot.blocks import Block, Buttons, Text, plain_text
from cs_bot.events import DialogueState
from cs_bot.stages.task.api import Api
from cs_bot.stages.task.project import Project, Task
from cs_bot.stages.task.templates import places_of
from cs_bot.stages.task.titles import readable
from cs_bot.stages.task.tracker import slots_of
from cs_bot.stages.task.words import Words, shown

_BETWEEN = {"zh": "；", "en": "; "}
_COLON = {"zh": "：", "en": ": "}


def confirmation(
    project: Project,
    words: Words,
    task: Task,
    action: str,
    state: DialogueState,
    locale: str,
    channel: str = "",
    seed: str = "",
) -> tuple[Block, ...]:
    """Return what asks before an action, which names the values that the customer may not expect.

    These are values from before this task (`utter_carried`), and all values where the project has
    no words of its own for the question.
    """
    slots = slots_of(project, state, locale)
    said = words.confirmation(action, slots, channel, seed)
    own = words.confirms(action)
    told = plain_text(said)
    values = [
        (name, shown(state.slots[name]))
        for name in _used(project, task, action)
        if state.slots.get(name) is not None and not (own and name in state.collected)
    ]
    missing = [(name, value) for name, value in values if value and value not in told]
    if not missing:
        return said
    listed = _BETWEEN.get(locale, "; ").join(
        f"{_label(words, name, slots)}{_COLON.get(locale, ': ')}{value}" for name, value in missing
    )
    named = words.say("utter_carried", {**slots, "carried": listed}) if own else (Text(listed),)
    at = next((n for n, block in enumerate(said) if isinstance(block, Buttons)), len(said))
    return (*said[:at], *named, *said[at:])


def _used(project: Project, task: Task, action: str) -> Iterator[str]:
    """Yield the slots an action works with: those of the form, else those its request names."""
    if task.form is not None:
        yield from task.form.required_slots
    elif action in project.apis:
        yield from dict.fromkeys(_places(project.apis[action]))


def _places(api: Api) -> Iterator[str]:
    for part in (api.url.text, api.query, api.json):
        yield from places_of(part)


def _label(words: Words, slot: str, slots: Mapping[str, Any]) -> str:
    """Return what a slot is called: the response `utter_title_<slot>`, else its name in words."""
    return plain_text(words.title(slot, slots)) or readable(slot)
