"""Asks minimal pairs and counts how many would have got the answer of the pair they deny."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_bot.retrieval.evaluation import Ask, EvaluationQuery, Prediction
from cs_bot.retrieval.minimal_pairs.variants import Variant

Guarded = Callable[[str, Sequence[str]], bool]
"""Whether the guard keeps the first pair from answering the question; ids, the best first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question asked: what would have been answered without the guard, and with it."""

    right: bool
    """Whether the pair in question came first and would have been answered directly."""
    guarded: bool
    prediction: Prediction

    @property
    def direct(self) -> bool:
        """Whether some pair would have been answered directly."""
        return self.guarded or self.prediction.zone == "answer"

    @property
    def answered(self) -> bool:
        """Whether the answer of the pair in question was given all the same."""
        return self.right and not self.guarded


@dataclass(frozen=True, slots=True)
class Count:
    """How many minimal pairs were asked, and how many got the opposite answer."""

    asked: int = 0
    opposite: int = 0
    unguarded: int = 0

    def with_(self, one: Asked) -> Count:
        """Return the count with one more."""
        return Count(self.asked + 1, self.opposite + one.answered, self.unguarded + one.right)

    def as_dict(self) -> dict[str, Any]:
        """Return counts and shares."""
        share, unguarded = (_share(n, self.asked) for n in (self.opposite, self.unguarded))
        return {"asked": self.asked, "opposite": share, "unguarded": unguarded}


def ask_all(
    questions: Iterable[tuple[str, str, str | None]],
    ask: Ask,
    guarded: Guarded,
    *,
    clock: Callable[[], float] = time.perf_counter,
    progress: Callable[[int], None] | None = None,
) -> list[Asked]:
    """Ask `(qid, question, pair id)` one by one; `ask` decides without the guard."""
    made = []
    for number, (qid, question, pair_id) in enumerate(questions, 1):
        started = clock()
        zone, candidates = ask(question)
        direct = zone == "answer"
        exact = bool(candidates) and candidates[0].via == "exact"
        stopped = direct and not exact and guarded(question, [one.id for one in candidates])
        ms = (clock() - started) * 1000
        prediction = Prediction(qid, "suggest" if stopped else zone, candidates, ms)
        right = direct and candidates[0].id == pair_id
        made.append(Asked(right, stopped, prediction))
        if progress is not None:
            progress(number)
    return made


def opposite_answers(
    variants: Sequence[Variant], asked: Sequence[Asked]
) -> Mapping[str, Mapping[str, Count]]:
    """Return the counts by half of the lists and kind of change, `all` among the kinds."""
    counts: dict[str, dict[str, Count]] = {}
    for variant, one in zip(variants, asked, strict=True):
        of_half = counts.setdefault(variant.half, {"all": Count()})
        for kind in ("all", variant.kind):
            of_half[kind] = of_half.get(kind, Count()).with_(one)
    return counts


def loss(queries: Sequence[EvaluationQuery], asked: Sequence[Asked]) -> dict[str, Any]:
    """Return how many right and wrong direct answers to ordinary questions the guard took away."""
    direct = [(query, one) for query, one in zip(queries, asked, strict=True) if one.direct]
    right = [one for query, one in direct if query.gold and one.right]
    wrong = [one for query, one in direct if query.labelled and not one.right]
    lost, caught = (sum(one.guarded for one in ones) for ones in (right, wrong))
    return {
        "queries": len(queries),
        "right": len(right),
        "lost": lost,
        "loss": _share(lost, len(right)),
        "wrong": len(wrong),
        "caught": _share(caught, len(wrong)),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
