"""Which of many intents a message has, with a calibrated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_bot.stages.task.understanding.sentence import (
    Linear,
    Wording,
    fitted,
    grams,
    softmax,
    wording_of,
)
from cs_bot.stages.task.understanding.sparse import Array, SparseRows

_FOLDS = 3
_TEMPERATURES = np.linspace(0.2, 2.0, 37)


@dataclass(frozen=True, slots=True, eq=False)
class Intents:
    """A linear classifier over vector and wording; the name "" is out of scope."""

    names: tuple[str, ...]
    wording: Wording
    linear: Linear
    temperature: float

    def shares(self, queries: Sequence[str], vectors: Array) -> Array:
        """Return probabilities of shape (queries, names)."""
        scores = self.linear.scores(vectors, self.wording.rows([grams(query) for query in queries]))
        return softmax(scores / np.float32(self.temperature))

    def best(self, query: str, vector: Array) -> tuple[str | None, float]:
        """Return the likeliest intent and its probability; None where it is out of scope."""
        shares = self.shares([query], vector[None])[0]
        at = int(shares.argmax())
        if self.names[at]:
            return self.names[at], float(shares[at])
        inside = np.delete(shares, at)
        return None, float(inside.max()) if len(inside) else 0.0


def trained_intents(
    queries: Sequence[str], vectors: Array, told: Sequence[str]
) -> tuple[Intents, list[str]]:
    """Return the classifier, and for each message what models that had not seen it said."""
    names = tuple(sorted(set(told)))
    labels = np.searchsorted(np.array(names), np.array(told))
    targets = np.eye(len(names), dtype=np.float32)[labels]
    wording, rows = wording_of([grams(query) for query in queries])
    linear = fitted(vectors, rows, targets, len(wording), "one")
    unseen = _unseen(vectors, rows, targets, len(wording))
    temperature = _temperature(unseen, labels)
    guesses = [names[at] for at in unseen.argmax(axis=1)]
    return Intents(names, wording, linear, temperature), guesses


def _unseen(vectors: Array, rows: SparseRows, targets: Array, columns: int) -> Array:
    """Return scores of each message by a model that was trained on the other folds."""
    scores = np.zeros_like(targets)
    fold = np.random.default_rng(6).permutation(len(targets)) % _FOLDS
    for number in range(min(_FOLDS, len(targets))):
        out, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if not len(rest):
            continue
        linear = fitted(vectors[rest], rows.part(rest), targets[rest], columns, "one", epochs=6)
        scores[out] = linear.scores(vectors[out], rows.part(out))
    return scores


def _temperature(scores: Array, labels: np.ndarray) -> float:
    """Return what the scores are divided by so that stated and observed probability agree."""
    at = np.arange(len(labels))
    losses = [-np.log(softmax(scores / t)[at, labels] + 1e-9).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])
