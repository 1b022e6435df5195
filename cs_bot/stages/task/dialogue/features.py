"""What of messages and slots influences decisions, as the project says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cs_bot.stages.task.project import Project
from cs_bot.stages.task.story import FILLED, Named

_REQUESTED = "requested_slot"
_FEATURED = frozenset({"text", "bool", "categorical", "float", "list"})
_NO_SLOTS: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class SlotFeature:
    """How a slot's value is seen: its type, and the values or the range it knows."""

    type: str
    values: tuple[str, ...] = ()
    lowest: float = 0.0
    highest: float = 1.0

    def of(self, value: Any) -> str | None:
        """Return what is seen of a value, None where nothing is."""
        match self.type:
            case "bool":
                return "true" if value == FILLED or value is True or value == "true" else "false"
            case "categorical":
                told = str(value).casefold()
                return told if told in self.values or not self.values else "another"
            case "list":
                return "some" if value else None
            case "float":
                return "some" if value == FILLED else self._share(value)
            case _:
                return "some"

    def _share(self, value: Any) -> str:
        try:
            share = (float(value) - self.lowest) / ((self.highest - self.lowest) or 1.0)
        except (TypeError, ValueError):
            return "some"
        return f"{min(max(share, 0.0), 1.0):.2f}"


@dataclass(frozen=True, slots=True)
class Features:
    """What decisions look at."""

    slots: Mapping[str, SlotFeature] = field(default_factory=dict)
    initial: frozenset[tuple[str, str]] = _NO_SLOTS
    """The features of initial values."""
    used_entities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For intents that name them, the entities that count; for others all do."""
    silent_entities: frozenset[str] = frozenset()

    def intent(self, name: str | None) -> str | None:
        """Return the intent as decisions see it: of a retrieval intent what stands before `/`."""
        return name.partition("/")[0] if name else name

    def entities(self, intent: str | None, named: Iterable[Named]) -> frozenset[str]:
        """Return the names of the entities that count under this intent."""
        used = self.used_entities.get(intent or "")
        names = {one.entity for one in named if one.value is not None}
        counted = names if used is None else names & used
        return frozenset(counted - self.silent_entities)

    def slot(self, name: str, value: Any) -> frozenset[tuple[str, str]]:
        """Return what is seen of a slot with this value."""
        feature = self.slots.get(name)
        if feature is None or value is None:
            return _NO_SLOTS
        seen = feature.of(value)
        return frozenset({(name, seen)}) if seen is not None else _NO_SLOTS


def features_of(project: Project, mentioned: Iterable[str] = ()) -> Features:
    """Return what decisions look at by a project.

    `mentioned` are slots that rules or stories give a value: `requested_slot` counts where they do.
    """
    slots = {
        name: SlotFeature(
            slot.type,
            tuple(str(value).casefold() for value in slot.values),
            slot.least,
            slot.most,
        )
        for name, slot in project.slots.items()
        if slot.type in _FEATURED and slot.influences
    }
    if _REQUESTED in mentioned and _REQUESTED not in slots:
        slots[_REQUESTED] = SlotFeature("categorical")
    features = Features(
        slots=slots,
        used_entities=project.used_entities,
        silent_entities=frozenset(n for n, kind in project.kinds.items() if not kind.influences),
    )
    initial = (features.slot(name, slot.initial) for name, slot in project.slots.items())
    return replace(features, initial=frozenset().union(*initial))
