"""Decides where no rule and no story does, by what stories do in situations that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.stages.task.classifier import Softmax, trained
from cs_bot.stages.task.dialogue.decision import Decision
from cs_bot.stages.task.dialogue.features import Features
from cs_bot.stages.task.dialogue.memory import told
from cs_bot.stages.task.dialogue.situation import Dialogue, Situation
from cs_bot.stages.task.story import Path

POLICY = "learned"
Row = NDArray[np.float32]

_BACK = 4
"""Situations that are looked at, the latest weighing most."""
_WEIGHTS = (1.0, 0.6, 0.35, 0.2)
_LEAST_ACTIONS = 2


@dataclass(frozen=True, slots=True)
class Learned:
    """A linear classifier of the latest situations."""

    softmax: Softmax
    columns: dict[str, int]
    actions: tuple[str, ...]

    @classmethod
    def of(cls, paths: Iterable[Path], features: Features) -> Learned | None:
        """Learn from stories and rules; None where there is nothing to choose from."""
        decisions = dict.fromkeys(
            (one.situations[-_BACK:], one.action) for one in told(paths, features)
        )
        actions = tuple(sorted({action for _, action in decisions}))
        if len(actions) < _LEAST_ACTIONS:
            return None
        seen = [dict(_seen(situations)) for situations, _ in decisions]
        columns = {name: at for at, name in enumerate(sorted({n for one in seen for n in one}))}
        rows = np.stack([_row(one, columns) for one in seen])
        labels = np.array([actions.index(action) for _, action in decisions], dtype=np.intp)
        return cls(trained(rows, labels, len(actions)), columns, actions)

    def decide(self, dialogue: Dialogue) -> Decision:
        """Return the most probable action."""
        row = _row(dict(_seen(dialogue.situations)), self.columns)
        shares = self.softmax.probabilities(row[None])[0]
        best = int(np.argmax(shares))
        return Decision(self.actions[best], POLICY, float(shares[best]))


def _row(seen: dict[str, float], columns: dict[str, int]) -> Row:
    row = np.zeros(len(columns), dtype=np.float32)
    for name, weight in seen.items():
        if name in columns:
            row[columns[name]] = weight
    return row


def _seen(situations: Sequence[Situation]) -> Iterator[tuple[str, float]]:
    """Yield what is seen of the latest situations, single things and the telling pairs."""
    for back, situation in enumerate(reversed(situations[-_BACK:])):
        weight = _WEIGHTS[back]
        for name in _things(situation):
            yield f"{back} {name}", weight
        yield f"{back} after {situation.action} {situation.intent}", 1.5 * weight


def _things(situation: Situation) -> Iterator[str]:
    yield f"action {situation.action}"
    if situation.intent is not None:
        yield f"intent {situation.intent}"
    if situation.loop is not None:
        yield f"loop {situation.loop}"
        yield f"loop {situation.loop} {situation.action} {situation.intent}"
    for entity in sorted(situation.entities):
        yield f"entity {entity}"
    for slot, value in sorted(situation.slots):
        yield f"slot {slot} {value}"
        yield f"slot {slot} {value} {situation.action}"
