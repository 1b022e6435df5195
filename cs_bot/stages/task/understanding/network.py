"""One hidden layer over vector and wording: it learns which features count together only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cs_bot.stages.task.understanding.sentence import Adaptive, sigmoid
from cs_bot.stages.task.understanding.sparse import Array, SparseRows

_HIDDEN = 256
_BATCH = 64
_DROPPED = np.float32(0.3)
_PENALTY = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Weights into the hidden layer (dimensions or n-grams, hidden), and out of it."""

    dense: Array
    sparse: Array
    bias: Array
    out: Array
    out_bias: Array

    def scores(self, vectors: Array, rows: SparseRows) -> Array:
        """Return an array of shape (rows, labels)."""
        hidden = np.maximum(vectors @ self.dense + rows.times(self.sparse) + self.bias, 0)
        scores: Array = hidden @ self.out + self.out_bias
        return scores


def fitted_network(
    vectors: Array,
    rows: SparseRows,
    targets: Array,
    columns: int,
    *,
    epochs: int = 15,
    rate: float = 0.1,
    seed: int = 5,
) -> Network:
    """Return the network under which these labels (rows, labels) are likely; seeded."""
    chance = np.random.default_rng(seed)
    dense = Adaptive.drawn(chance, vectors.shape[1], _HIDDEN)
    sparse = Adaptive.zeros(columns, _HIDDEN, memory=1e-4)
    bias = Adaptive.zeros(_HIDDEN, memory=1e-4)
    out = Adaptive.drawn(chance, _HIDDEN, targets.shape[1])
    out_bias = Adaptive.zeros(targets.shape[1], memory=1e-4)
    batches = max(1, len(targets) // _BATCH)
    for epoch in range(epochs):
        shuffled = chance.permutation(len(targets))
        for number, batch in enumerate(np.array_split(shuffled, batches)):
            pace = rate * (1 - (epoch + number / batches) / epochs)
            used, local = rows.part(batch).local()
            x = vectors[batch]
            raw: Array = x @ dense.weights + local @ sparse.weights[used] + bias.weights
            kept = (chance.random(raw.shape, dtype=np.float32) > _DROPPED) / (1 - _DROPPED)
            gate = (kept * (raw > 0)).astype(np.float32)
            hidden = raw * gate
            error = (
                sigmoid(np.asarray(hidden @ out.weights + out_bias.weights)) - targets[batch]
            ) / np.float32(len(batch))
            back = (error @ out.weights.T) * gate
            out.step(hidden.T @ error + _PENALTY * out.weights, pace)
            out_bias.step(error.sum(axis=0), pace)
            dense.step(x.T @ back + _PENALTY * dense.weights, pace)
            sparse.step(local.T @ back + _PENALTY * sparse.weights[used], pace, used)
            bias.step(back.sum(axis=0), pace)
    return Network(dense.weights, sparse.weights, bias.weights, out.weights, out_bias.weights)
