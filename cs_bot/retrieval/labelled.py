"""What is known of one labelled question after it was asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A labelled question: what the best candidate's probability was, and the truth."""

    score: float
    right: bool
    """Whether the best candidate is the right pair."""
    answerable: bool
    likely: float = 0.0
    """How probably a list would hold the right pair: the sum of the listed probabilities."""
    holds: bool = False
    """Whether a list would hold the right pair."""
    held: bool = False
    """Whether the contrast guard keeps it from a direct answer, whatever the cut."""
    gold: str | None = None
    """Id of the right pair."""
    best: str | None = None
    """Id of the best candidate."""
