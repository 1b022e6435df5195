"""Which labels a message has where it may have several: intents, and acts without a value in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cs_bot.stages.task.text import folded
from cs_bot.stages.task.understanding.network import Network, fitted_network
from cs_bot.stages.task.understanding.sentence import Grams, Wording, sigmoid, wording_of
from cs_bot.stages.task.understanding.sparse import Array
from cs_bot.stages.task.understanding.tokens import tokens

_FOLDS = 2
_CUTS = np.linspace(0.2, 0.7, 26)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A network over vector, wording and what the bot said before."""

    names: tuple[str, ...]
    wording: Wording
    network: Network
    cut: float

    def told(self, text: str, before: str, vector: Array) -> list[tuple[int, float]]:
        """Return the labels above the cut with their probabilities, likeliest first."""
        rows = self.wording.rows([seen(text, before)])
        shares = sigmoid(self.network.scores(vector[None], rows))[0]
        order = np.argsort(-shares, kind="stable")
        return [(int(at), float(shares[at])) for at in order if shares[at] >= self.cut]


def seen(text: str, before: str) -> Grams:
    """Return the n-grams of a message as it is written, and of what was said before it."""
    return list(_grams(f"^{_plain(text)}$", 4)), list(_grams(_plain(before), 3))


def _plain(text: str) -> str:
    """Return the text in small letters."""
    return folded(text).lower()


def _grams(text: str, longest: int) -> Iterator[str]:
    pieces = [piece for piece, _, _ in tokens(text)]
    for size in range(1, longest + 1):
        for start in range(len(pieces) - size + 1):
            yield " ".join(pieces[start : start + size])


def trained_labels(
    texts: Sequence[str],
    before: Sequence[str],
    vectors: Array,
    targets: Array,
    names: tuple[str, ...],
) -> tuple[Labels, list[tuple[str, ...]]]:
    """Return the model, and for each message what models that had not seen it said."""
    wording, rows = wording_of([seen(*one) for one in zip(texts, before, strict=True)])
    columns = len(wording)
    network = fitted_network(vectors, rows, targets, columns)
    shares = np.zeros_like(targets)
    fold = np.random.default_rng(6).permutation(len(targets)) % _FOLDS
    for number in range(_FOLDS):
        out, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if len(rest) and len(out):
            part = fitted_network(vectors[rest], rows.part(rest), targets[rest], columns)
            shares[out] = sigmoid(part.scores(vectors[out], rows.part(out)))
    cut = _best_cut(shares, targets)
    told = [tuple(names[at] for at in np.flatnonzero(row >= cut)) for row in shares]
    return Labels(names, wording, network, cut), told


def _best_cut(shares: Array, targets: Array) -> float:
    """Return the cut with the best micro-averaged F1."""
    scores = []
    for cut in _CUTS:
        found = shares >= cut
        scores.append(2 * (found * targets).sum() / (found.sum() + targets.sum() + 1e-9))
    return float(_CUTS[int(np.argmax(scores))])
