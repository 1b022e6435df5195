"""What of messages and slots influences decisions, as the domain says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cs_bot.stages.task.story import FILLED, Named

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
    retrieval_intents: frozenset[str] = frozenset()

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


def features_of(domain: Mapping[str, Any], mentioned: Iterable[str] = ()) -> Features:
    """Return what decisions look at by a domain as written.

    `mentioned` are slots that rules or stories give a value: `requested_slot` counts where they do.
    """
    slots = dict(_slots(domain.get("slots") or {}))
    if "requested_slot" in mentioned and "requested_slot" not in slots:
        slots["requested_slot"] = SlotFeature("categorical")
    features = Features(
        slots=slots,
        used_entities=dict(_used(domain.get("intents") or [], _entity_names(domain))),
        silent_entities=frozenset(_silent(domain.get("entities") or [])),
    )
    written = domain.get("slots") or {}
    values = {n: v.get("initial_value") for n, v in written.items() if isinstance(v, dict)}
    seen = [features.slot(name, value) for name, value in values.items() if value is not None]
    return Features(
        features.slots,
        frozenset().union(*seen),
        features.used_entities,
        features.silent_entities,
    )


def _slots(written: Mapping[str, Any]) -> Iterable[tuple[str, SlotFeature]]:
    for name, slot in written.items():
        told = slot if isinstance(slot, dict) else {}
        kind = str(told.get("type") or "any")
        if kind in _FEATURED and told.get("influence_conversation", True):
            values = tuple(str(value).casefold() for value in told.get("values") or ())
            lowest, highest = told.get("min_value", 0.0), told.get("max_value", 1.0)
            yield name, SlotFeature(kind, values, float(lowest), float(highest))


def _entity_names(domain: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, _ in _named(domain.get("entities") or []))


def _named(written: Iterable[Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Yield names and their options of a list of names and `name: {options}`."""
    for item in written:
        if isinstance(item, dict):
            for name, options in item.items():
                yield str(name), options if isinstance(options, dict) else {}
        else:
            yield str(item), {}


def _used(intents: Iterable[Any], entities: frozenset[str]) -> Iterable[tuple[str, frozenset[str]]]:
    for name, options in _named(intents):
        use, ignored = options.get("use_entities", True), options.get("ignore_entities") or ()
        if use is True and ignored:
            yield name, entities - frozenset(map(str, ignored))
        elif use is not True:
            yield name, frozenset(map(str, use or ())) - frozenset(map(str, ignored))


def _silent(entities: Iterable[Any]) -> Iterable[str]:
    for name, options in _named(entities):
        if options.get("influence_conversation") is False:
            yield name
