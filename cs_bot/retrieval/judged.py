"""What labelled questions came to for a release, as it is kept and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cs_bot.retrieval.advice import PairAdvice, advice
from cs_bot.retrieval.contract import EXACT_ONLY, Terms, terms
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.recalibration import Recalibration
from cs_bot.retrieval.risk import Choice, Contract, CurvePoint, thinned
from cs_bot.types import QAPair


@dataclass(frozen=True, slots=True)
class Judged:
    """The terms of a release, and how they came about."""

    terms: Terms
    risk: float
    """Share of direct answers that may be wrong, as the operator stated it."""
    right_first: int
    """Answerable labelled questions whose right pair stands first."""
    right_listed: int
    """Answerable labelled questions whose list would hold the right pair."""
    answerable: int
    stale: int
    """Labels that name a pair the release does not hold; not counted otherwise."""
    exact: int
    """Labelled questions that equal a wording; not counted otherwise."""
    advice: tuple[PairAdvice, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Judged:
        """Read them back."""
        kept = dict(stored["terms"])
        choice = dict(kept["choice"])
        choice["curve"] = tuple(CurvePoint(**point) for point in choice["curve"])
        kept |= {
            "choice": Choice(**choice),
            "recalibration": Recalibration(**kept["recalibration"]),
        }
        told = tuple(PairAdvice(**one) for one in stored["advice"])
        return cls(**{**stored, "terms": Terms(**kept), "advice": told})


def judged(
    rows: Sequence[LabelledRow],
    contract: Contract,
    pairs: Mapping[str, QAPair],
    *,
    stale: int = 0,
    exact: int = 0,
    unproven_cut: float = EXACT_ONLY,
) -> Judged:
    """Return what the labelled questions of a release come to.

    `unproven_cut` holds while no cut is proven.
    """
    found = terms(rows, contract)
    choice = found.choice
    cut = unproven_cut if choice.cut is None else choice.cut
    curve = tuple(thinned(choice.curve, cut=choice.cut))
    thin = Choice(choice.cut, choice.labelled, choice.needed, curve)
    return Judged(
        terms=Terms(thin, found.recalibration, found.list_cut),
        risk=contract.risk,
        right_first=sum(row.right for row in rows),
        right_listed=sum(row.holds for row in rows),
        answerable=sum(row.answerable for row in rows),
        stale=stale,
        exact=exact,
        advice=advice(rows, cut, pairs),
    )
