"""Two versions of the task model on what both were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cs_bot.stages.task.trials import Judged, accuracy, entity_f1, judged_from_json

MARGIN = 0.02
"""By how much a share may fall before a version counts as worse; one case alone never counts."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One score of two versions on the same cases."""

    name: str
    cases: int
    before: float
    after: float
    errors: int
    """How many more mistakes the later version makes."""

    @property
    def is_worse(self) -> bool:
        """Whether the later version is worse by more than the margin."""
        return self.before - self.after > MARGIN and self.errors > 1

    def __str__(self) -> str:
        return f"{self.name} {self.before:.4g} -> {self.after:.4g} on {self.cases} in common"


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Return the scores of two versions on the examples and stories that both were judged on.

    Both as `judged_as_json` made them; a score of which both have no case is left out.
    """
    (old, old_stories), (new, new_stories) = judged_from_json(before), judged_from_json(after)
    earlier, later = ({(one.text, one.told): one for one in judged} for judged in (old, new))
    common = [(earlier[key], one) for key, one in later.items() if key in earlier]
    return tuple(_measures(common, old_stories, new_stories))


def _measures(
    common: list[tuple[Judged, Judged]], old: Mapping[str, bool], new: Mapping[str, bool]
) -> Iterator[Measure]:
    if common:
        one, other = [before for before, _ in common], [after for _, after in common]
        errors = sum(j.told != j.got for j in other) - sum(j.told != j.got for j in one)
        yield Measure("intent accuracy", len(common), accuracy(one), accuracy(other), errors)
    marked = [(b, a) for b, a in common if _has_entities(b) or _has_entities(a)]
    if marked:
        one, other = [before for before, _ in marked], [after for _, after in marked]
        more = sum(map(_mistakes, other)) - sum(map(_mistakes, one))
        yield Measure("entity F1", len(marked), entity_f1(one), entity_f1(other), more)
    names = [name for name in new if name in old]
    if names:
        before, after = sum(old[name] for name in names), sum(new[name] for name in names)
        shares = round(before / len(names), 4), round(after / len(names), 4)
        yield Measure("test stories passed", len(names), *shares, before - after)


def _has_entities(judged: Judged) -> bool:
    return bool(judged.hits or judged.wrong or judged.missed)


def _mistakes(judged: Judged) -> int:
    return judged.wrong + judged.missed
