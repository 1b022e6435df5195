"""Which slot values an utterance gives, by the mappings of the project; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cs_bot.stages.task.project import Project, Slot, SlotMapping, TaskForm
from cs_bot.types import Reading


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
    intent = told_intent(reading)
    if intent in form.ignored_intents:
        return {}
    found: dict[str, Any] = {}
    for name in form.required_slots:
        slot = project.slots.get(name, Slot(name))
        for mapping in slot.mappings:
            if not _applies(mapping, form, name, requested, intent):
                continue
            value = _value(mapping, slot, form, project, requested, reading, utterance)
            if value is not None:
                found[name] = value
                break
    return found


def told_intent(reading: Reading) -> str | None:
    """Return the intent an utterance has, None when it is more likely no job at all."""
    best = reading.intents[0] if reading.intents else None
    return best.name if best and best.probability >= reading.background else None


def _applies(
    mapping: SlotMapping, form: TaskForm, name: str, requested: str | None, intent: str | None
) -> bool:
    if mapping.intents and intent not in mapping.intents and mapping.type == "from_entity":
        return False
    if intent is not None and intent in mapping.not_intents:
        return False
    if mapping.type in ("from_text", "from_intent") and requested != name:
        return False
    if mapping.type == "from_trigger_intent" and requested is not None:
        return False
    return not mapping.conditions or any(
        condition.active_loop in (None, form.name) and condition.requested_slot in (None, requested)
        for condition in mapping.conditions
    )


def _value(
    mapping: SlotMapping,
    slot: Slot,
    form: TaskForm,
    project: Project,
    requested: str | None,
    reading: Reading,
    utterance: str,
) -> Any:
    match mapping.type:
        case "from_entity":
            return _from_entity(mapping, slot, form, project, requested, reading)
        case "from_text":
            fits = not mapping.intents or told_intent(reading) in mapping.intents
            return (utterance.strip() or None) if fits else None
        case "from_intent" | "from_trigger_intent":
            fits = not mapping.intents or told_intent(reading) in mapping.intents
            return mapping.value if fits else None
        case _:
            return None


def _from_entity(
    mapping: SlotMapping,
    slot: Slot,
    form: TaskForm,
    project: Project,
    requested: str | None,
    reading: Reading,
) -> Any:
    """Return the value of the entity; one that several slots want goes to the requested slot."""
    takers = [
        name
        for name in form.required_slots
        if any(m.entity == mapping.entity for m in _mappings(project.slots, name))
    ]
    rightful = requested if requested in takers else takers[0]
    if slot.name != rightful:
        return None
    values = [entity.value for entity in reading.entities if entity.name == mapping.entity]
    if slot.type == "list":
        return values or None
    return values[0] if values else None


def _mappings(slots: Mapping[str, Slot], name: str) -> tuple[SlotMapping, ...]:
    return slots[name].mappings if name in slots else ()
