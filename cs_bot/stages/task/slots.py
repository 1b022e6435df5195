"""Which slot values an utterance gives, by the mappings of the project; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cs_bot.events import DialogueState
from cs_bot.stages.task.project import Project, Slot, SlotMapping, TaskForm
from cs_bot.types import Entity, Reading


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was said, and what was being asked for."""

    form: TaskForm
    requested: str | None
    reading: Reading
    intent: str | None
    utterance: str


def candidates(
    project: Project,
    form: TaskForm,
    requested: str | None,
    reading: Reading,
    utterance: str,
) -> dict[str, Any]:
    """Return values for the slots of a form, not yet validated; the first mapping that fits wins.

    `requested` is the slot the customer was asked for, None on the turn that starts the task.
    """
    heard = _Heard(form, requested, reading, told_intent(reading), utterance)
    if heard.intent in form.ignored_intents:
        return {}
    # What is asked for may be what the code of the form wants, not its domain.
    asked = (name for name in (requested,) if name is not None and name in project.slots)
    names = dict.fromkeys((*form.required_slots, *asked))
    slots = [project.slots.get(name, Slot(name)) for name in names]
    found = {slot.name: _value_of(slot, slots, heard) for slot in slots}
    return {name: value for name, value in found.items() if value is not None}


def corrections(
    project: Project, form: TaskForm, state: DialogueState, reading: Reading
) -> dict[str, Any]:
    """Return entities of the message that differ from what slots of the form hold already."""
    return differing(project, form, state.slots, reading)


def differing(
    project: Project, form: TaskForm, held: Mapping[str, Any], reading: Reading
) -> dict[str, Any]:
    """Return entities of the message that differ from these values of the form's slots."""
    found = candidates(project, form, None, reading, "")
    return {n: v for n, v in found.items() if held.get(n) is not None and held[n] != v}


def values_told(project: Project, reading: Reading, form: TaskForm | None) -> dict[str, Any]:
    """Return values of slots that a message fills by itself when it begins a task.

    A task with a form leaves the slots of all forms to them; without one it takes what the message
    says, as in Rasa: "cancel order 2" must not cancel the order that was spoken of before.
    """
    asked = {name for one in project.forms.values() for name in one.required_slots if form}
    nowhere = _Heard(TaskForm("", ()), None, reading, told_intent(reading), "")
    slots = [slot for slot in project.slots.values() if slot.name not in asked]
    found = {slot.name: _outside(slot, nowhere) for slot in slots}
    return {name: value for name, value in found.items() if value is not None}


def _outside(slot: Slot, heard: _Heard) -> Any:
    for mapping in slot.mappings:
        if any(condition.active_loop for condition in mapping.conditions):
            continue
        if _counts(mapping, heard):
            value = _told(mapping, slot, heard)
            if value is not None:
                return value
    return None


def _told(mapping: SlotMapping, slot: Slot, heard: _Heard) -> Any:
    match mapping.type:
        case "from_entity":
            return _entity_value(mapping, slot, heard.reading)
        case "from_intent" if heard.intent is not None:
            return mapping.value
        case _:
            return None


def told_intent(reading: Reading) -> str | None:
    """Return the intent an utterance has, None when it is more likely no job at all."""
    best = reading.intents[0] if reading.intents else None
    return best.name if best and best.probability >= reading.background else None


def _value_of(slot: Slot, slots: list[Slot], heard: _Heard) -> Any:
    for mapping in slot.mappings:
        if _counts(mapping, heard):
            value = _mapped(mapping, slot, slots, heard)
            if value is not None:
                return value
    return None


def _counts(mapping: SlotMapping, heard: _Heard) -> bool:
    """Tell whether intent and conditions let the mapping count."""
    if mapping.intents and heard.intent not in mapping.intents:
        return False
    if heard.intent is not None and heard.intent in mapping.not_intents:
        return False
    return not mapping.conditions or any(
        condition.active_loop in (None, heard.form.name)
        and condition.requested_slot in (None, heard.requested or "")
        for condition in mapping.conditions
    )


def _mapped(mapping: SlotMapping, slot: Slot, slots: list[Slot], heard: _Heard) -> Any:
    awaited = heard.requested == slot.name
    match mapping.type:
        case "from_entity" if slot.name == _taker(mapping, slots, heard.requested):
            return _entity_value(mapping, slot, heard.reading)
        case "from_text" if awaited:
            return heard.utterance.strip() or None
        case "from_intent" if awaited:
            return mapping.value
        case "from_trigger_intent" if heard.requested is None:
            return mapping.value
        case _:
            return None


def _taker(mapping: SlotMapping, slots: list[Slot], requested: str | None) -> str:
    """Return the slot an entity goes to: of several that want it, the one asked for, or the first.

    Otherwise "from Rome" would be origin and destination at once.
    """
    wanted = (mapping.entity, mapping.role, mapping.group)
    takers = [
        slot.name
        for slot in slots
        if any((other.entity, other.role, other.group) == wanted for other in slot.mappings)
    ]
    return requested if requested in takers else takers[0]


def _entity_value(mapping: SlotMapping, slot: Slot, reading: Reading) -> Any:
    values = [entity.value for entity in reading.entities if _is_meant(entity, mapping)]
    if slot.type == "list":
        return values or None
    return values[0] if values else None


def _is_meant(entity: Entity, mapping: SlotMapping) -> bool:
    """Tell whether a mapping takes this entity; a role or group it names must be there."""
    return (
        entity.name == mapping.entity
        and mapping.role in (None, entity.role)
        and mapping.group in (None, entity.group)
    )
