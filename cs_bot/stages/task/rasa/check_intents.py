"""Looks for intents that no message has, that lead nowhere, or that share an example."""

from __future__ import annotations

from collections.abc import Iterator

from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.rasa.view import Told, View
from cs_bot.stages.task.text import bare


def unread_intents(view: View) -> Iterator[Told]:
    """Yield intents that something follows, but that no example teaches."""
    for name in view.project.intents:
        if name not in view.learnt and name in view.followed:
            yield (
                view.place("intent", name),
                f"the intent {name!r} has no examples",
                f"no message is read as it; buttons and `/{name}` state it",
                "add examples under `nlu`, unless that is meant",
            )


def idle_intents(view: View) -> Iterator[Told]:
    """Yield intents that lead nowhere in a Rasa project.

    Elsewhere such an intent has its use: it keeps messages from a task, for the knowledge base.
    """
    for name in view.project.intents:
        meant = name in view.learnt and not view.draft.has_config
        if name not in view.followed and not meant:
            also = "" if name in view.learnt else ", and it has no examples"
            yield (
                view.place("intent", name),
                f"no rule, story or slot names the intent {name!r}{also}",
                "nothing follows from it",
                f"write a rule with `- intent: {name}`, or take it out",
            )


def examples_of_two(view: View) -> Iterator[Told]:
    """Yield examples that another intent has too, apart from capitals and marks."""
    first: dict[str, tuple[str, Node]] = {}
    for example, place in view.draft.examples:
        intent, known = first.setdefault(
            bare(example.text) or example.text, (example.intent, place)
        )
        if intent != example.intent:
            yield (
                place,
                f"{example.text!r} is an example of {example.intent!r} here and of {intent!r} at "
                f"{known.where}",
                "messages like it are read as either",
                "keep it in one of the two",
            )
