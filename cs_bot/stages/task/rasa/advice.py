"""Says what looks wrong in a project though it can be read, for `cs-bot doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cs_bot.stages.task.project import Project, Remark
from cs_bot.stages.task.rasa import (
    check_actions,
    check_intents,
    check_responses,
    check_slots,
    check_stories,
)
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.view import Told, View

_CHECKS: tuple[Callable[[View], Iterator[Told]], ...] = (
    check_intents.unread_intents,
    check_intents.idle_intents,
    check_intents.examples_of_two,
    check_stories.messages_without_intent,
    check_stories.loose_checkpoints,
    check_stories.circular_forms,
    check_responses.idle_responses,
    check_responses.empty_places,
    check_responses.unread_payloads,
    check_slots.unasked_slots,
    check_slots.unfilled_slots,
    check_slots.idle_slots,
    check_slots.unfound_entities,
    check_slots.patterns_of_no_entity,
    check_slots.idle_forms,
    check_slots.empty_forms,
    check_actions.actions_without_code,
    check_actions.unsaid_actions,
    check_actions.validated_forms,
)


def advise(project: Project, draft: Draft) -> Project:
    """Return the project with all its remarks, in the order of files and lines.

    Where training data was skipped, what the rest lacks may stand there: only that is told.
    """
    view = View(project, draft)
    found = [
        Remark(place.where, what, effect, remedy)
        for check in (() if draft.has_unread_files else _CHECKS)
        for place, what, effect, remedy in check(view)
    ]
    remarks = sorted((*draft.remarks, *found), key=_place)
    return replace(project, remarks=tuple(remarks))


def _place(remark: Remark) -> tuple[str, int]:
    file, _, line = remark.where.partition(":")
    number = line.partition(":")[0]
    return file, int(number) if number.isdigit() else 0
