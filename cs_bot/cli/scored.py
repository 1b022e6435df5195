"""How the commands show a version of the task model and its scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cs_bot.stages.task.comparing import Measure
    from cs_bot.stores.protocols import StoredModel


def scores_line(scores: Mapping[str, Any]) -> str:
    """Return scores as one line; says what is missing, and why."""
    if not scores:
        return "not evaluated"
    parts = []
    if scores["intent_accuracy"] is None:
        parts.append("not enough examples to hold any out")
    else:
        parts.append(
            f"intent accuracy {scores['intent_accuracy']:.4g} ({scores['examples']} held out)"
        )
    if scores["entity_f1"] is not None:
        parts.append(f"entity F1 {scores['entity_f1']:.4g} ({scores['annotated']} with entities)")
    if scores["stories"]:
        parts.append(f"{scores['stories_passed']} of {scores['stories']} test stories passed")
    return ", ".join(parts)


def model_row(model: StoredModel) -> dict[str, Any]:
    """Return a version as JSON values."""
    return {
        "id": model.id,
        "active": model.active,
        "trained_at": model.trained_at.isoformat(),
        "trained_by": model.trained_by,
        "files": model.files,
        "digest": model.digest,
        "size": model.size,
        "about": dict(model.about),
        "scores": dict(model.scores),
    }


def measure_row(measure: Measure) -> dict[str, Any]:
    """Return a score of two versions as JSON values."""
    return {
        "name": measure.name,
        "cases": measure.cases,
        "before": measure.before,
        "after": measure.after,
        "worse": measure.is_worse,
    }
