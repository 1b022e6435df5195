"""Looks for slots that nothing fills or asks for, entities that nothing finds, forms that idle."""

from __future__ import annotations

from collections.abc import Iterator

from cs_bot.stages.task.rasa.view import Told, View, at
from cs_bot.stages.task.story import Filled


def unasked_slots(view: View) -> Iterator[Told]:
    """Yield required slots without a question."""
    for form, slot, place in view.draft.required:
        if view.project.question_of(form, slot) is None:
            yield (
                place,
                f"there is no response utter_ask_{slot}",
                "the slot is asked for by its name",
                f"add `utter_ask_{form}_{slot}` or `utter_ask_{slot}` to `responses`",
            )


def unfilled_slots(view: View) -> Iterator[Told]:
    """Yield required slots without a mapping."""
    project = view.project
    for form, name, place in view.draft.required:
        slot = project.slots.get(name)
        if slot is None or slot.mappings or f"validate_{form}" in project.actions:
            continue
        yield (
            place,
            f"nothing that customers say fills the slot {name!r}",
            f"the form {form!r} asks for it until it gives up",
            f"give the slot a mapping, such as `- type: from_text`, or write validate_{form}",
        )


def idle_slots(view: View) -> Iterator[Told]:
    """Yield slots that no message, story, API or code fills; where code is away, it may."""
    project = view.project
    if view.is_code_away:
        return
    required = {name for _, name, _ in view.draft.required}
    told = {step.slot for step in view.steps if isinstance(step, Filled)}
    answered = {name for api in project.apis.values() for o in api.outcomes for name in o.slots}
    for name, slot in project.slots.items():
        idle = not slot.mappings and slot.initial is None and name not in view.code
        if idle and name not in required | told | answered | _FILLED_BY_ITSELF:
            yield (
                view.place("slot", name),
                f"nothing fills the slot {name!r}",
                "it stays empty",
                "give it a mapping, such as `- type: from_entity`, or take it out",
            )


_FILLED_BY_ITSELF = frozenset({"locale", "requested_slot", "session_started_metadata"})


def unfound_entities(view: View) -> Iterator[Told]:
    """Yield entities that nothing finds in a message."""
    for name in view.project.entities:
        if name not in view.findable:
            fills = " and so fill slots" if name in view.mapped else ""
            yield (
                view.place("entity", name),
                f"the entity {name!r} is marked in no example and has no regex or lookup",
                f"it is not found in messages; buttons may state it{fills}",
                f"mark it in examples, `[words]({name})`, or give it a `regex` or a `lookup`",
            )


def idle_forms(view: View) -> Iterator[Told]:
    """Yield forms that nothing starts."""
    for name in view.project.forms:
        if name not in view.run and name not in view.code:
            yield (
                view.place("form", name),
                f"no rule or story starts the form {name!r}",
                "it never runs",
                f"write a rule with `- action: {name}` and `- active_loop: {name}`",
            )


def empty_forms(view: View) -> Iterator[Told]:
    """Yield forms that ask for nothing."""
    for name, form in view.project.forms.items():
        if not form.required_slots and form.validation not in view.project.actions:
            yield (
                view.place("form", name),
                f"the form {name!r} requires no slots",
                "it is finished as soon as it starts",
                "list them under `required_slots`",
            )


def patterns_of_no_entity(view: View) -> Iterator[Told]:
    """Yield patterns that find nothing, for no entity has their name."""
    told: set[str] = set()
    for pattern in view.project.patterns:
        if pattern.entity not in view.project.entities and pattern.entity not in told:
            told.add(pattern.entity)
            yield (
                at(pattern.where),
                f"the regex or lookup {pattern.entity!r} is named after no entity of the domain",
                "no entity is found by it",
                "name it after the entity it finds, or add that to `entities`",
            )
