"""What has been read so far, with the places needed to check one file against another."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cs_bot.stages.task.api import Api
from cs_bot.stages.task.project import (
    EntityKind,
    Example,
    Pattern,
    Remark,
    Session,
    Slot,
    SlotMapping,
    TaskForm,
    Thresholds,
    Variation,
)
from cs_bot.stages.task.rasa.nodes import Node
from cs_bot.stages.task.story import Story


@dataclass(slots=True)
class Draft:
    """The project while its files are being read."""

    directory: Path | None = None
    files: dict[str, Path] = field(default_factory=dict)
    """The folder of each file, by the name it is shown under."""
    intents: dict[str, Node] = field(default_factory=dict)
    uses: dict[str, tuple[tuple[str, ...] | None, tuple[str, ...]]] = field(default_factory=dict)
    """For intents with options: the entities used (None: all), and those ignored."""
    entities: dict[str, Node] = field(default_factory=dict)
    kinds: dict[str, EntityKind] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    filled_by_name: set[str] = field(default_factory=set)
    """Slots of Rasa 2, which an entity of the same name fills."""
    fills_by_name: bool = True
    form_mappings: dict[str, list[SlotMapping]] = field(default_factory=dict)
    """Mappings written in a form, as Rasa 2 had them."""
    forms: dict[str, TaskForm] = field(default_factory=dict)
    responses: dict[str, tuple[Variation, ...]] = field(default_factory=dict)
    actions: dict[str, Node] = field(default_factory=dict)
    apis: dict[str, Api] = field(default_factory=dict)
    session: Session = field(default_factory=Session)
    examples: list[tuple[Example, Node]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    synonyms: dict[str, str] = field(default_factory=dict)
    metadata: dict[tuple[str, str], Any] = field(default_factory=dict)
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
    placed: dict[tuple[str, str], Node] = field(default_factory=dict)
    """Where each name (kind, name) is declared."""
    has_config: bool = False
    """Whether there is a `config.yml`, as in every project made for Rasa."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    dimensions: tuple[str, ...] = ()
    joins: str = "+"
    """What stands between the names of an intent that is several at once."""
    has_action_server: bool = False
    has_unread_files: bool = False
    """Whether training data was skipped, so that nobody knows what it would have named."""
    remarks: list[Remark] = field(default_factory=list)

    def leave_out(self, node: Node, what: str, effect: str, remedy: str = "") -> None:
        """Note something this version does not act on."""
        self.remark(node, f"{what} is not supported in this version", effect, remedy)

    def remark(self, node: Node, what: str, effect: str, remedy: str = "") -> None:
        """Note something to know about."""
        self.remarks.append(Remark(node.where, what, effect, remedy))

    def place(self, kind: str, name: str, node: Node) -> None:
        """Note where a name is declared; the second place of the same name gets a remark."""
        first = self.placed.setdefault((kind, name), node)
        if first is not node and name not in self.apis:
            once = kind in ("intent", "entity", "action")
            self.remark(
                node,
                f"the {kind} {name!r} stands at {first.where} already",
                "it counts once" if once else "what is written last counts",
                "keep one of the two",
            )

    def note_stray(self, examples: Node) -> None:
        """Note the lines of a block of examples that are none."""
        for line in examples.stray_lines():
            what = f"{line.value!r} is not an example"
            self.remark(line, what, "it is skipped", "begin it with `- `")
