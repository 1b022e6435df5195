"""Which labels a message has, from its vector and its wording: one of many, or several at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cs_bot.stages.task.understanding.sparse import (
    Array,
    Keys,
    Numbers,
    SparseRows,
    Vocabulary,
    keys_of,
    vocabulary,
)
from cs_bot.stages.task.understanding.tokens import tokens

Kind = Literal["one", "several"]

_VECTOR_WEIGHT = 3.0
_BATCH = 64
_EPOCHS = 12
_LONGEST_GRAM = 5
_FEW = 100
_LEXICAL_WEIGHT = 1.5
_UNSEEN = 0.05


Grams = tuple[list[str], ...]
"""The n-grams of a text by kind; each kind weighs the same, however many there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Turns n-grams of each kind into weights; rare ones weigh more (TF-IDF)."""

    known: tuple[Vocabulary, ...]
    rarity: tuple[Array, ...]
    weight: float = 1.0
    """Length of a row in each kind."""

    def __len__(self) -> int:
        """Return the number of n-grams of all kinds."""
        return sum(map(len, self.known))

    def rows(self, texts: Sequence[Grams]) -> SparseRows:
        """Return one row for each text, of length 1 in each kind."""
        keyed = [[keys_of(kind) for kind in text] for text in texts]
        return self._rows([[row[at] for row in keyed] for at in range(len(self.known))])

    def telling(self, texts: Sequence[Grams], labels: Numbers) -> Wording:
        """Return weights that are larger for n-grams which few of the labels have."""
        rarity = []
        for at, (known, weights) in enumerate(zip(self.known, self.rarity, strict=True)):
            rows = known.known([keys_of(text[at]) for text in texts])
            row = np.repeat(labels, rows.starts[1:] - rows.starts[:-1])
            rarity.append((weights * (1.1 - _spread(rows.columns, row, len(known)))).astype("f4"))
        return Wording(self.known, tuple(rarity), _LEXICAL_WEIGHT)

    def _rows(self, keyed: Sequence[Sequence[Keys]]) -> SparseRows:
        rows, offset = None, 0
        for known, rarity, keys in zip(self.known, self.rarity, keyed, strict=True):
            block = _weighted(known.known(keys), rarity, self.weight)
            rows = block if rows is None else rows.beside(block, offset)
            offset += len(known)
        assert rows is not None  # noqa: S101 - there is at least one kind
        return rows


def _weighted(rows: SparseRows, rarity: Array, weight: float) -> SparseRows:
    values = rows.values * rarity[rows.columns]
    row = np.repeat(np.arange(len(rows)), rows.starts[1:] - rows.starts[:-1])
    lengths = np.sqrt(np.maximum(np.bincount(row, values**2, minlength=len(rows)), 1e-12))
    return SparseRows(
        rows.starts, rows.columns, (weight * values / lengths[row]).astype(np.float32)
    )


def _spread(columns: Numbers, labels: Numbers, width: int) -> Array:
    """Return the entropy of the labels of each column, as a share of the largest there can be."""
    classes = int(labels.max(initial=0)) + 1
    counts = np.bincount(columns * classes + labels, minlength=width * classes)
    shares = counts.reshape(width, classes) + np.float32(_UNSEEN)
    shares /= shares.sum(axis=1, keepdims=True)
    spread: Array = -(shares * np.log(shares)).sum(axis=1) / np.log(max(classes, 2))
    return spread


def wording_of(texts: Sequence[Grams]) -> tuple[Wording, SparseRows]:
    """Return the n-grams that at least two texts have, and the rows of these texts."""
    keyed = [[keys_of(text[at]) for text in texts] for at in range(len(texts[0]))]
    least = 2 if len(texts) > _FEW else 1
    known = tuple(vocabulary(keys, least) for keys in keyed)
    rarity = []
    for words, keys in zip(known, keyed, strict=True):
        counts = np.bincount(words.known(keys).columns, minlength=len(words))
        rarity.append((np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32))
    wording = Wording(known, tuple(rarity))
    return wording, wording._rows(keyed)


def grams(text: str) -> Grams:
    """Return n-grams of words (1 to 3, edges marked), and of characters in words (2 to 5)."""
    pieces = [piece for piece, _, _ in tokens(text.lower())]
    edged = ["^", *pieces, "$"]
    words = [
        " ".join(edged[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(edged) - size + 1)
    ]
    return words, [gram for piece in pieces for gram in _characters(f"_{piece}_")]


def _characters(word: str) -> Iterator[str]:
    for size in range(2, _LONGEST_GRAM + 1):
        for start in range(len(word) - size + 1):
            yield word[start : start + size]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Weights of the vector (dimensions, labels), of the wording (n-grams, labels), and bias."""

    dense: Array
    sparse: Array
    bias: Array

    def scores(self, vectors: Array, rows: SparseRows) -> Array:
        """Return an array of shape (rows, labels)."""
        product: Array = vectors @ self.dense * _VECTOR_WEIGHT
        product += rows.times(self.sparse)
        product += self.bias
        return product


@dataclass(slots=True)
class Adaptive:
    """Weights with AdaGrad's memory of past gradients (Duchi et al. 2011)."""

    weights: Array
    squares: Array

    @classmethod
    def zeros(cls, *shape: int, memory: float = 1e-8) -> Adaptive:
        """Return weights of this shape at 0; a larger `memory` makes first steps smaller."""
        return cls(np.zeros(shape, dtype=np.float32), np.full(shape, memory, dtype=np.float32))

    @classmethod
    def drawn(cls, chance: np.random.Generator, *shape: int) -> Adaptive:
        """Return small weights by chance, as a layer before another one needs them."""
        weights = chance.normal(size=shape, scale=0.05).astype(np.float32)
        return cls(weights, np.full(shape, 1e-4, dtype=np.float32))

    def step(self, gradient: Array, rate: float, at: Numbers | slice = slice(None)) -> None:
        """Move against the gradient, of all weights or of the rows `at`."""
        squares = self.squares[at] + gradient * gradient
        self.squares[at] = squares
        self.weights[at] -= rate * gradient / np.sqrt(squares)


def fitted(
    vectors: Array,
    rows: SparseRows,
    targets: Array,
    columns: int,
    kind: Kind,
    *,
    rate: float = 0.05,
    penalty: float = 1e-5,
    smoothing: float = 0.1,
    epochs: int = _EPOCHS,
) -> Linear:
    """Return weights under which the targets (rows, labels) are likely; the order is seeded."""
    labels = targets.shape[1]
    dense, sparse = Adaptive.zeros(vectors.shape[1], labels), Adaptive.zeros(columns, labels)
    bias = Adaptive.zeros(labels)
    chance = np.random.default_rng(5)
    smooth = smoothing / labels if kind == "one" else 0.0
    keep = 1 - smoothing if kind == "one" else 1.0
    batches = max(1, len(targets) // _BATCH)
    for epoch in range(epochs):
        shuffled = chance.permutation(len(targets))
        for number, batch in enumerate(np.array_split(shuffled, batches)):
            pace = rate * (1 - (epoch + number / batches) / epochs)
            used, local = rows.part(batch).local()
            x = vectors[batch] * np.float32(_VECTOR_WEIGHT)
            scores = x @ dense.weights + local @ sparse.weights[used] + bias.weights
            guess = softmax(scores) if kind == "one" else sigmoid(scores)
            error = (guess - (targets[batch] * keep + smooth)) / len(batch)
            dense.step(x.T @ error + penalty * dense.weights, pace)
            sparse.step(local.T @ error + penalty * sparse.weights[used], pace, used)
            bias.step(error.sum(axis=0), pace)
    return Linear(dense.weights, sparse.weights, bias.weights)


def softmax(scores: Array) -> Array:
    """Return shares of one along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares


def sigmoid(scores: Array) -> Array:
    """Return probabilities."""
    probabilities: Array = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
    return probabilities
