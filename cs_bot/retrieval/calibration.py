"""Turns what the legs say into a ranking and a probability; numbers in, numbers out.

A probability of being right has two parts that need different evidence. *Is the answer here at
all* shows in plain cosines (scaling or centring them spoils that signal) and in the height of the
ranking score. *Which one is it* shows in how far the scores lie apart.

How the constants were made: docs/kbqa.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

COMPARED = 10
"""Pairs among which the probability is shared out; the calibration was made with this many."""

MEAN_WEIGHT = 0.5
"""How much the mean over all wordings of a pair counts beside its best wording."""

EXACT_BONUS = 3.0
"""Lifts an equal wording above every other."""

CERTAIN = 0.9999
"""The probability of an equal wording, shared by the pairs that hold it."""


_LISTED = 5

Signals = tuple[float, float, float, float, float]
"""The best score, the log of its share, the best plain cosine, length, whether classified."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from signals."""

    slopes: Signals
    offset: float

    def probability(self, signals: Signals) -> float:
        """Return the probability."""
        return float(1 / (1 + np.exp(-self.offset - np.dot(self.slopes, signals))))


@dataclass(frozen=True, slots=True)
class Weights:
    """How one set of legs is weighed: the encoders at hand decide which set."""

    bm25: float
    tfidf: float
    clause: float
    """Of the TF-IDF cosine of the best clause, in a long question."""
    relative_bm25: float
    """Of BM25 against the best wording's, in a long question."""
    answers: float
    """Of what the answers say, against the best pair's, in a long question."""
    classifier: float
    temperature: float
    """Of the shares of the probability."""
    first: Logistic
    """Is the best pair right?"""
    listed: Logistic
    """Is one of the best five right?"""


LEXICAL = Weights(
    bm25=1.0,
    tfidf=1.0,
    clause=1.0,
    relative_bm25=0.5,
    answers=1.0,
    classifier=0.0,
    temperature=0.2,
    first=Logistic((2.0, 1.0, 0.0, -1.0, 0.0), -2.0),
    listed=Logistic((3.0, 0.0, 0.0, -1.0, 0.0), -2.0),
)
FIRST = Weights(
    bm25=0.2,
    tfidf=0.2,
    clause=1.0,
    relative_bm25=0.25,
    answers=0.7,
    classifier=0.004,
    temperature=0.12,
    first=Logistic((0.936, 1.0, 4.02, -1.382, -0.726), -2.452),
    listed=Logistic((3.309, 0.0, 2.383, -3.172, -0.563), -3.887),
)
SECOND = Weights(
    bm25=0.2,
    tfidf=0.2,
    clause=1.0,
    relative_bm25=0.25,
    answers=1.0,
    classifier=0.0,
    temperature=0.12,
    first=Logistic((1.38, 2.25, 0.16, 0.0, 0.0), 0.0),
    listed=Logistic((4.07, 0.0, 0.22, 0.0, 0.0), -1.7),
)
"""The second encoder alone, while the first is down."""
JOINT = Weights(
    bm25=0.3,
    tfidf=0.0,
    clause=2.0,
    relative_bm25=0.5,
    answers=2.0,
    classifier=0.004,
    temperature=0.25,
    first=Logistic((1.163, 1.3, 1.485, -1.933, -0.266), -3.405),
    listed=Logistic((2.194, 0.0, 5.273, -3.535, 0.715), -9.717),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ranking says of a question: scores of the best pairs, best first."""

    scores: Numbers
    plain: float
    """The best plain cosine."""
    rambling: float
    """0 for a short question to 1 for a long one."""
    classified: bool


def shares(ranked: Numbers, weights: Weights) -> Numbers:
    """Return how probable each pair is, given that one of them is right; they sum to 1."""
    odds = np.exp((ranked - ranked.max()) / weights.temperature)
    return np.asarray(odds / odds.sum(), dtype=np.float32)


def signals(evidence: Evidence, share: float) -> Signals:
    """Return what the probabilities are made of."""
    best = float(evidence.scores[0])
    return best, math.log(share), evidence.plain, evidence.rambling, float(evidence.classified)


def _ahead(scores: Numbers, weights: Weights) -> float:
    """Return the most that the best pair can have beside the next: half where they are equal."""
    if len(scores) < 2:
        return 1.0
    return float(1 / (1 + np.exp(-2 * (scores[0] - scores[1]) / weights.temperature)))


def probabilities(evidence: Evidence, weights: Weights) -> Numbers:
    """Return the probability of each pair, best first; the best five together at most 1."""
    share = shares(evidence.scores, weights)
    told = signals(evidence, float(share[0]))
    first = min(weights.first.probability(told), _ahead(evidence.scores, weights))
    left = max(0.0, weights.listed.probability(told) - first)
    others = left * share[1:] / max(float(share[1:_LISTED].sum()), 1e-9)
    return np.asarray(np.minimum([first, *others], first), dtype=np.float32)
