"""What a task is called when the bot speaks of it: in the words of the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_bot.blocks import plain_text
from cs_bot.stages.task.project import Example, Project, Task
from cs_bot.stages.task.words import Words
from cs_bot.text.language import language_of

_LONGEST = {"zh": 16, "en": 40}
"""Characters of an example that still is a title."""


def title_of(
    project: Project, words: Words, task: Task, slots: Mapping[str, Any], intent: str | None = None
) -> str:
    """Return the title of a task in the language of the turn (`slots["locale"]`).

    It is the response `utter_title_<task>`, else `title` in the metadata of an intent of the task,
    else the first example of the intent that is short, in this language and without values, else
    the name of the task in words. `intent` is the one that was meant, where that is known.
    """
    named = plain_text(words.title(task.name, slots))
    if named:
        return named
    locale = str(slots.get("locale") or "zh")
    intents = (intent, *task.intents) if intent in task.intents else task.intents
    written = (_written(project, one, locale) for one in intents if one)
    said = (_said(project, one, locale) for one in intents if one)
    return next(filter(None, (*written, *said)), None) or readable(task.name)


def names_of(title: str, task: Task) -> tuple[str, ...]:
    """Return by which words a customer may call a task."""
    return (title, *(readable(name) for name in dict.fromkeys((task.name, *task.intents))))


def readable(name: str) -> str:
    """Return a name of the domain as words: `check-order_status` is `check order status`."""
    return name.replace("_", " ").replace("-", " ").replace("/", " ").replace("+", ", ").strip()


def _written(project: Project, intent: str, locale: str) -> str | None:
    metadata = project.metadata.get((intent, ""))
    title = metadata.get("title") if isinstance(metadata, Mapping) else None
    if isinstance(title, Mapping):
        title = title.get(locale) or next(iter(title.values()), None)
    return title if isinstance(title, str) and title else None


def _said(project: Project, intent: str, locale: str) -> str | None:
    own = (one for one in project.examples if one.intent.partition("/")[0] == intent)
    return next((one.text for one in own if _is_title(one, locale)), None)


def _is_title(example: Example, locale: str) -> bool:
    longest = _LONGEST.get(locale, _LONGEST["en"])
    short = 2 <= len(example.text) <= longest and "\n" not in example.text
    return short and not example.entities and language_of(example.text) == locale
