"""Trains the packaged adapter: `python -m cs_bot.models.adapter_training FOLDER FILE`.

FOLDER holds `.jsonl` files of groups of questions that mean the same, FILE is written. A group
is one line, `{"wordings": [...]}`. Half a minute on one core, most of it encoding.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.adapter import Adapter
from cs_bot.models.e5 import E5Encoder
from cs_bot.models.encoders import UniversalSentenceEncoder, Vectors
from cs_bot.text.normalize import normalized

Labels = NDArray[np.intp]

RANK = 64
_STEPS = 500
_BATCH = 128
_TEMPERATURE = 0.2
_TOWARDS_IDENTITY = 0.02
_RATE = 1e-3
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Groups:
    """Questions, and which of them mean the same."""

    texts: tuple[str, ...]
    labels: Labels


def read_groups(folder: Path) -> Groups:
    """Return the groups of all files in the folder, in the order of their names."""
    lines = [
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    groups = [dict.fromkeys(map(normalized, json.loads(line)["wordings"])) for line in lines]
    labels = [number for number, group in enumerate(groups) for _ in group]
    return Groups(tuple(text for group in groups for text in group), np.array(labels))


def trained(joint: Vectors, labels: Labels, *, seed: int = 0, steps: int = _STEPS) -> Vectors:
    """Return a square map under which rows of one label lie near each other.

    Contrastive (InfoNCE, van den Oord et al. 2018) over batches of pairs, both ways, with Adam
    (Kingma and Ba 2015), held near the identity.
    """
    random = np.random.default_rng(seed)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    members = [rows for rows in members if len(rows) > 1]
    identity = np.eye(joint.shape[1], dtype=np.float32)
    weights, first, second = identity.copy(), 0 * identity, 0 * identity
    for step in range(1, steps + 1):
        chosen = random.integers(len(members), size=_BATCH)
        pairs = np.array([random.choice(members[group], 2, replace=False) for group in chosen])
        gradient = _gradient(weights, joint[pairs[:, 0]], joint[pairs[:, 1]], chosen)
        gradient += _TOWARDS_IDENTITY * (weights - identity)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = _RATE * min(1.0, step / _WARM_UP) * (1 - 0.9 * step / steps)
        mean, spread = first / (1 - 0.9**step), second / (1 - 0.999**step)
        weights = (weights - rate * mean / (np.sqrt(spread) + 1e-8)).astype(np.float32)
    return weights


def _gradient(weights: Vectors, ask: Vectors, same: Vectors, groups: Labels) -> Vectors:
    """Return the gradient of the loss; pairs of one group are no counterexamples of each other."""
    scores: Vectors = (ask @ weights.T) @ (same @ weights.T).T
    scores /= np.float32(_TEMPERATURE)
    no_counterexample = (groups[:, None] == groups[None, :]) & ~np.eye(len(groups), dtype=bool)
    scores[no_counterexample] = -1e9
    wrong = _softmax(scores, 1) + _softmax(scores, 0) - 2 * np.eye(len(groups))
    wrong = (wrong / (2 * len(groups) * _TEMPERATURE)).astype(np.float32)
    return np.asarray(weights @ (ask.T @ (wrong @ same) + same.T @ (wrong.T @ ask)))


def _softmax(scores: Vectors, axis: int) -> Vectors:
    raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True))


def thinned(weights: Vectors, second_mean: Vectors, rank: int = RANK) -> Adapter:
    """Return the map as identity plus two thin matrices, its strongest directions only."""
    left, strengths, right = np.linalg.svd(weights - np.eye(len(weights), dtype=np.float32))
    return Adapter(right[:rank], left[:, :rank] * strengths[:rank], second_mean)


def joint_vectors(texts: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Return the vectors of both packaged encoders side by side, and the second one's mean."""
    first = UniversalSentenceEncoder().encode(texts)
    second = E5Encoder().encode(texts)
    mean = second.mean(axis=0)
    centred = second - mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    return np.hstack([first, centred]).astype(np.float32), mean


def main(folder: Path, file: Path) -> None:
    """Train on the groups of a folder and write the adapter."""
    groups = read_groups(folder)
    joint, mean = joint_vectors(groups.texts)
    adapter = thinned(trained(joint, groups.labels), mean)
    down, up = adapter.down.astype(np.float16), adapter.up.astype(np.float16)
    np.savez(file, down=down, up=up, second_mean=adapter.second_mean)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
