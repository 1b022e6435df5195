"""Names the pairs for which more similar questions would make direct answers safe."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.types import QAPair

_MOST = 200


@dataclass(frozen=True, slots=True)
class PairAdvice:
    """What the labelled questions of one pair show."""

    pair_id: str
    labelled: int
    direct: int
    """Of them, answered directly and rightly at the chosen cut."""
    listed: int
    """Of the others, those whose list holds the pair."""
    wordings: int
    """Questions the pair knows: its canonical and its similar ones, in all languages."""
    confused_with: str | None
    """The pair that most often stands above it."""


def advice(
    rows: Sequence[LabelledRow], cut: float, pairs: Mapping[str, QAPair]
) -> tuple[PairAdvice, ...]:
    """Return the pairs whose questions miss a direct answer most often, the worst first."""
    asked: dict[str, list[LabelledRow]] = defaultdict(list)
    for row in rows:
        if row.gold is not None and row.gold in pairs:
            asked[row.gold].append(row)
    found = [_advice(pairs[pair_id], own, cut) for pair_id, own in asked.items()]
    lacking = [one for one in found if one.direct < one.labelled]
    lacking.sort(key=lambda one: (one.direct - one.labelled, one.wordings, one.pair_id))
    return tuple(lacking[:_MOST])


def _advice(pair: QAPair, rows: Sequence[LabelledRow], cut: float) -> PairAdvice:
    direct = [row for row in rows if row.right and row.score >= cut and not row.held]
    others = Counter(row.best for row in rows if not row.right and row.best is not None)
    return PairAdvice(
        pair_id=pair.id,
        labelled=len(rows),
        direct=len(direct),
        listed=sum(row.holds for row in rows) - len(direct),
        wordings=len(pair.questions()),
        confused_with=min(others, key=lambda pair_id: (-others[pair_id], pair_id), default=None),
    )
