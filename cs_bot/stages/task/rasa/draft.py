"""What has been read so far, with the places needed to check one file against another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cs_bot.stages.task.project import (
    Example,
    Pattern,
    Remark,
    Slot,
    SlotMapping,
    TaskForm,
    Variation,
)
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.story import Story


@dataclass(slots=True)
class Draft:
    """The project while its files are being read."""

    intents: dict[str, Node] = field(default_factory=dict)
    entities: dict[str, Node] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    form_mappings: dict[str, list[SlotMapping]] = field(default_factory=dict)
    """Mappings written in a form, as Rasa 2 had them."""
    forms: dict[str, TaskForm] = field(default_factory=dict)
    responses: dict[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: dict[str, Node] = field(default_factory=dict)
    session: dict[str, Any] = field(default_factory=dict)
    examples: list[tuple[Example, Node]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    synonyms: dict[str, str] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    """Stories and rules in the order in which they are written."""
    domain: dict[str, Any] = field(default_factory=dict)
    required: list[tuple[str, str, Node]] = field(default_factory=list)
    """Slots that forms need: form, slot, place."""
    annotated: dict[str, Node] = field(default_factory=dict)
    """Entities marked in examples, with the first place."""
    named: list[tuple[str, str, Node]] = field(default_factory=list)
    """Names that must exist (kind, name, place), checked when all files are read."""
    mentioned: list[tuple[str, str, Node]] = field(default_factory=list)
    """Names that Rasa itself lets pass undeclared; each that is gets a remark."""
    remarks: list[Remark] = field(default_factory=list)

    def leave_out(self, node: Node, what: str, effect: str) -> None:
        """Note something this version does not act on."""
        self.remarks.append(Remark(node.where, f"{what} is not supported in this version", effect))
