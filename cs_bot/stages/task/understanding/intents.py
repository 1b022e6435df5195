"""Which of many intents a message has, with a calibrated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
_UNSEEN_EPOCHS = 6
_ROUNDS = 30
_TEMPERATURES = np.linspace(0.2, 2.0, 37)


@dataclass(frozen=True, slots=True, eq=False)
class Intents:
    """A linear classifier over vector and wording; the name "" is out of scope."""

    names: tuple[str, ...]
    wording: Wording
    linear: Linear
    temperature: float
    certainty: tuple[float, float] = (1.0, 0.0)
    """Slope and offset that turn the log-odds of the best name into a probability of its being
    right; scores as trained tell what is out of scope better than flattened ones."""

    def shares(self, queries: Sequence[str], vectors: Array) -> Array:
        """Return probabilities of shape (queries, names)."""
        scores = self.linear.scores(vectors, self.wording.rows([grams(query) for query in queries]))
        return softmax(scores / np.float32(self.temperature))

    def best(self, query: str, vector: Array) -> tuple[str | None, float]:
        """Return the likeliest intent and its probability; None where it is out of scope."""
        scores = self.linear.scores(vector[None], self.wording.rows([grams(query)]))
        shares = softmax(scores)[0]
        at = int(shares.argmax())
        inside = max((s for s, name in zip(shares, self.names, strict=True) if name), default=0.0)
        return self.names[at] or None, _certain(np.array([inside]), self.certainty)[0]


def trained_intents(
    queries: Sequence[str], vectors: Array, told: Sequence[str], *, guess: bool = False
) -> tuple[Intents, list[str]]:
    """Return the classifier, and for each message what models that had not seen it said.

    Without `guess` one part of the messages alone is held out, and the others keep what they are.
    """
    names = tuple(sorted(set(told)))
    labels = np.searchsorted(np.array(names), np.array(told))
    targets = np.eye(len(names), dtype=np.float32)[labels]
    pieces = [grams(query) for query in queries]
    wording = wording_of(pieces)[0].telling(pieces, labels)
    rows = wording.rows(pieces)
    linear = fitted(vectors, rows, targets, len(wording), "one")
    unseen, held = _unseen(vectors, rows, targets, len(wording), _FOLDS if guess else 1)
    temperature = _temperature(unseen[held], labels[held])
    guesses = np.where(held, unseen.argmax(axis=1), labels)
    best = softmax(unseen[held]).max(axis=1)
    certainty = _fitted_certainty(best, unseen[held].argmax(axis=1) == labels[held])
    return Intents(names, wording, linear, temperature, certainty), [names[at] for at in guesses]


def _unseen(
    vectors: Array, rows: SparseRows, targets: Array, columns: int, folds: int
) -> tuple[Array, NDArray[np.bool_]]:
    """Return scores of messages by models trained on the other folds, and which were held out."""
    scores = np.zeros_like(targets)
    fold = np.random.default_rng(6).permutation(len(targets)) % _FOLDS
    held = fold < folds
    for number in range(folds):
        out, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if len(rest) and len(out):
            known, kept = vectors[rest], rows.part(rest)
            linear = fitted(known, kept, targets[rest], columns, "one", epochs=_UNSEEN_EPOCHS)
            scores[out] = linear.scores(vectors[out], rows.part(out))
    return scores, held


def _fitted_certainty(best: Array, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset of a logistic regression on log-odds (Platt 1999), by Newton."""
    odds = np.stack([_log_odds(best), np.ones(len(best))], axis=1)
    share = (right.sum() + 1) / (len(right) + 2)
    weights = np.array([1.0, 0.0])
    for _ in range(_ROUNDS):
        guess = 1 / (1 + np.exp(-odds @ weights))
        aim = np.where(right, 1 - 1 / (len(right) + 2), 1 / (len(right) + 2))
        slope = odds.T @ (guess - aim) + 1e-2 * (weights - [1.0, 0.0])
        curve = (odds * (guess * (1 - guess))[:, None]).T @ odds + 1e-2 * np.eye(2)
        weights = weights - np.clip(np.linalg.solve(curve, slope), -1, 1)
    if not np.isfinite(weights).all() or weights[0] <= 0:
        return 1.0, float(np.log(share / (1 - share)))
    return float(weights[0]), float(weights[1])


def _log_odds(shares: Array) -> NDArray[np.float64]:
    bounded = np.clip(shares.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return odds


def _certain(shares: Array, certainty: tuple[float, float]) -> list[float]:
    slope, offset = certainty
    return [float(p) for p in 1 / (1 + np.exp(-(slope * _log_odds(shares) + offset)))]


def _temperature(scores: Array, labels: np.ndarray) -> float:
    """Return what the scores are divided by so that stated and observed probability agree."""
    at = np.arange(len(labels))
    losses = [-np.log(softmax(scores / t)[at, labels] + 1e-9).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])
