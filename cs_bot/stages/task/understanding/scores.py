"""How well messages were understood: accuracy, out-of-scope, spans, acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from math import ceil, floor

import numpy as np

from cs_bot.stages.task.understanding.labelled import Labelled, Understood

_RECALL = 0.9


def scored(told: Sequence[Labelled], read: Sequence[Understood]) -> dict[str, float | int]:
    """Return what the labels allow to be said; a side that a row lacks is left out."""
    pairs = list(zip(told, read, strict=True))
    scores: dict[str, float | int] = {"messages": len(pairs)}
    if pairs and all(row.intents is not None for row in told):
        single = [(row, made) for row, made in pairs if not row.several]
        scores |= _several([(row, made) for row, made in pairs if row.several])
        scores |= _single(single)
    if pairs and all(row.spans is not None for row in told):
        gold = [{(s.start, s.end, s.entity) for s in row.spans or ()} for row in told]
        made = [{(s.start, s.end, s.entity) for s in one.spans} for one in read]
        if any(gold):
            scores["slot_f1"] = f1(gold, made)
    if pairs and all(row.acts is not None for row in told):
        acts = [set(row.acts or ()) for row in told]
        if any(acts):
            scores["act_f1"] = f1(acts, [set(one.acts) for one in read])
    return scores


def f1(gold: Iterable[Set[object]], made: Iterable[Set[object]]) -> float:
    """Return the micro-averaged F1 of sets that belong together."""
    hits = total = 0
    for right, found in zip(gold, made, strict=True):
        hits += len(right & found)
        total += len(right) + len(found)
    return round(2 * hits / total, 4) if total else 0.0


def _several(pairs: Sequence[tuple[Labelled, Understood]]) -> dict[str, float | int]:
    if not pairs:
        return {}
    gold = [set(row.intents or ()) for row, _ in pairs]
    made = [set(one.intents) for _, one in pairs]
    exact = sum(right == found for right, found in zip(gold, made, strict=True)) / len(pairs)
    return {"intents_f1": f1(gold, made), "intents_exact": round(exact, 4)}


def _single(pairs: Sequence[tuple[Labelled, Understood]]) -> dict[str, float | int]:
    inside = [(row, made) for row, made in pairs if row.intents]
    outside = [made for row, made in pairs if not row.intents]
    if not inside:
        return {}
    right = np.array([made.intent == (row.intents or ("",))[0] for row, made in inside])
    scores: dict[str, float | int] = {"intent_accuracy": round(float(right.mean()), 4)}
    if outside:
        sure = np.array([made.confidence for _, made in inside])
        unsure = np.array([made.confidence for made in outside])
        scores["oos"] = len(outside)
        scores["oos_auroc"] = round(auroc(sure, unsure), 4)
        cut = np.sort(unsure)[ceil(_RECALL * len(unsure)) - 1]
        scores["accuracy_at_90_oos_recall"] = round(float((right & (sure > cut)).mean()), 4)
    return scores


def auroc(sure: np.ndarray, unsure: np.ndarray) -> float:
    """Return the chance that one in scope is surer than one out of scope; ties count half."""
    ordered = np.sort(unsure)
    below = np.searchsorted(ordered, sure, side="left")
    level = np.searchsorted(ordered, sure, side="right") - below
    return float((below + level / 2).sum() / (len(sure) * len(unsure)))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, floor(len(ranked) * share))]
