"""A linear-chain conditional random field (Lafferty et al. 2001), trained in batches, in numpy.

Sequences of a batch have one length each, shorter ones are masked. Emissions come from sparse
features; transitions are one matrix; the first and the last label have weights of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.stages.task.understanding.sentence import Adaptive
from cs_bot.stages.task.understanding.sparse import Array, Numbers, SparseRows

_BATCH, _FEW_BATCH = 32, 8
_FEW = 1_000
_FEWEST_STEPS = 240


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Weights of features (features, labels), of steps between labels, of the first and last."""

    emissions: Array
    steps: Array
    first: Array
    last: Array

    def best(self, rows: SparseRows) -> list[int]:
        """Return the likeliest labels of one sequence (Viterbi)."""
        scores = rows.times(self.emissions)
        if not len(scores):
            return []
        total = scores[0] + self.first
        back = np.zeros(scores.shape, dtype=np.intp)
        for at in range(1, len(scores)):
            paths = total[:, None] + self.steps
            back[at] = paths.argmax(axis=0)
            total = paths.max(axis=0) + scores[at]
        labels = [int((total + self.last).argmax())]
        for at in range(len(scores) - 1, 0, -1):
            labels.append(int(back[at, labels[-1]]))
        return labels[::-1]


def trained_chain(
    rows: SparseRows,
    lengths: Sequence[int],
    labels: Numbers,
    columns: int,
    follows: NDArray[np.bool_],
    *,
    epochs: int = 6,
    rate: float = 0.2,
    penalty: float = 1e-6,
) -> Chain:
    """Return the chain of these sequences, whose rows and labels stand one after the other.

    `follows[a, b]` tells whether label b may follow a; a label that may not follow label 0 may not
    be the first one either.
    """
    classes = len(follows)
    allowed = follows.astype(np.float32)
    emissions = Adaptive.zeros(columns, classes)
    steps, ends = Adaptive.zeros(classes, classes), Adaptive.zeros(2, classes)
    sizes = np.asarray(lengths, dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    chance = np.random.default_rng(5)
    batches = max(1, len(sizes) // (_BATCH if len(sizes) >= _FEW else _FEW_BATCH))
    epochs = max(epochs, -(-_FEWEST_STEPS // batches))
    for epoch in range(epochs):
        groups = _alike(sizes, chance, batches)
        for number, batch in enumerate(groups):
            pace = rate * (1 - (epoch + number / batches) / epochs)
            places = _Places(starts, sizes, batch)
            used, local = rows.part(places.flat).local()
            scores = places.padded(local @ emissions.weights[used])
            error, step_error, end_error = _errors(
                scores, places, labels[places.flat], steps.weights, ends.weights, allowed
            )
            count = np.float32(len(batch))
            emissions.step(local.T @ error / count + penalty * emissions.weights[used], pace, used)
            steps.step(step_error / count + penalty * steps.weights, pace)
            ends.step(end_error / count + penalty * ends.weights, pace)
    never = np.float32(-1e4)
    return Chain(
        emissions.weights,
        np.where(follows, steps.weights, never),
        np.where(follows[0], ends.weights[0], never),
        ends.weights[1],
    )


def _alike(sizes: Numbers, chance: np.random.Generator, batches: int) -> list[Numbers]:
    """Return batches of sequences that are about as long as each other, in chance order."""
    order = np.argsort(sizes + chance.random(len(sizes)) * 3, kind="stable")
    groups = np.array_split(order, batches)
    return [groups[at] for at in chance.permutation(len(groups))]


class _Places:
    """Where the tokens of a batch stand: flat rows, and (sequence, position) in a padded block."""

    def __init__(self, starts: Numbers, sizes: Numbers, batch: Numbers) -> None:
        self.sizes = sizes[batch]
        self.longest = int(self.sizes.max())
        self.sequence = np.repeat(np.arange(len(batch)), self.sizes)
        offsets = np.cumsum(self.sizes) - self.sizes
        self.position = np.arange(self.sizes.sum()) - offsets[self.sequence]
        self.flat: Numbers = starts[batch][self.sequence] + self.position

    def padded(self, flat: Array) -> Array:
        block = np.zeros((len(self.sizes), self.longest, flat.shape[1]), dtype=np.float32)
        block[self.sequence, self.position] = flat
        return block


def _errors(
    scores: Array, places: _Places, labels: Numbers, steps: Array, ends: Array, allowed: Array
) -> tuple[Array, Array, Array]:
    """Return gradients of the loss: by token (flat), by step, by first and last label.

    Forward and backward run on shares that are scaled at every position, which never overflows.
    """
    count, longest, classes = scores.shape
    inside = np.arange(longest)[None, :] < places.sizes[:, None]
    rows = np.arange(count)
    final = places.sizes - 1
    scores[:, 0] += ends[0]
    scores[rows, final] += ends[1]
    local = np.exp(scores - scores.max(axis=2, keepdims=True))
    top = steps.max()
    moves = np.exp(steps - top) * allowed
    forward = np.zeros_like(local)
    scale = np.ones((count, longest, 1), dtype=np.float32)
    forward[:, 0] = local[:, 0] * allowed[0]
    scale[:, 0] = forward[:, 0].sum(axis=1, keepdims=True)
    forward[:, 0] /= scale[:, 0]
    for at in range(1, longest):
        reached = (forward[:, at - 1] @ moves) * local[:, at]
        scale[:, at] = reached.sum(axis=1, keepdims=True) + 1e-30
        forward[:, at] = reached / scale[:, at]
    backward = np.zeros_like(local)
    backward[rows, final] = 1.0
    pairs = np.zeros((classes, classes), dtype=np.float32)
    for at in range(longest - 1, 0, -1):
        coming = backward[:, at] * local[:, at] / scale[:, at]
        going = coming @ moves.T
        on = inside[:, at]
        backward[on, at - 1] = going[on]
        pairs += (forward[on, at - 1].T @ coming[on]) * moves
    shares = forward * backward
    shares /= shares.sum(axis=2, keepdims=True) + 1e-30
    flat = shares[places.sequence, places.position]
    error = flat.copy()
    error[np.arange(len(labels)), labels] -= 1
    follows = np.flatnonzero(places.position > 0)
    np.subtract.at(pairs, (labels[follows - 1], labels[follows]), 1)
    end_error = np.zeros_like(ends)
    is_first = places.position == 0
    is_last = places.position == final[places.sequence]
    end_error[0] = error[is_first].sum(axis=0)
    end_error[1] = error[is_last].sum(axis=0)
    return error, pairs, end_error


def log_likelihood(chain: Chain, rows: SparseRows, labels: NDArray[np.intp]) -> float:
    """Return the log probability of these labels of one sequence."""
    scores = rows.times(chain.emissions).astype(np.float64)
    scores[0] += chain.first
    scores[-1] += chain.last
    told = scores[np.arange(len(labels)), labels].sum()
    told += chain.steps[labels[:-1], labels[1:]].sum()
    total = scores[0]
    for at in range(1, len(scores)):
        paths = total[:, None] + chain.steps
        top = paths.max(axis=0)
        total = top + np.log(np.exp(paths - top).sum(axis=0)) + scores[at]
    return float(told - (total.max() + np.log(np.exp(total - total.max()).sum())))
