"""Turns scores of the legs into probabilities; numbers in, numbers out.

A probability of being right has two parts that need different evidence. *Is the answer here at
all* shows in the best plain cosine (scaling or centring it spoils that signal). *Which one is it*
shows in how far the fused scores lie apart.

How the constants were made: weights by macro R@1, the scale by likelihood of the right pair
and the scope by logistic regression at equal weight of answerable and unanswerable questions, on
up to 600 questions each of the public development sets zh-faq-banking, zh-faq-product,
en-faq-clinc150 (these three with unanswerable questions), zh-faq-medical, zh- and
en-chitchat-qna, for vectors of the multilingual Universal Sentence Encoder. The shop's own
questions (zh-faq-ecommerce), zh-faq-mssupport and en-faq-banking77 were not used, so that they
can judge.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

BM25_WEIGHT = 0.2
TFIDF_WEIGHT = 0.2
MEAN_WEIGHT = 0.5
"""How much the mean over all wordings of a pair counts beside its best wording."""

EXACT_BONUS = 0.7
"""Lifts an equal wording above every other by about 9 scales: a probability of 0.9999."""

_SCALE = 0.0745
_SCOPE_SLOPE = 19.86
_SCOPE_OFFSET = -11.79

Numbers = NDArray[np.float32]


def fused(cosines: Numbers, bm25: Numbers, tfidf: Numbers) -> Numbers:
    """Return one ranking score per row: the cosine with a little of the lexical legs."""
    scores: Numbers = cosines + BM25_WEIGHT * bm25 + TFIDF_WEIGHT * tfidf
    return scores


def scope(best_cosine: float) -> float:
    """Return the probability that the question has an answer here."""
    return 1 / (1 + math.exp(-(_SCOPE_SLOPE * best_cosine + _SCOPE_OFFSET)))


def shares(ranked: Numbers) -> Numbers:
    """Return how probable each pair is, given that one of them is right; they sum to 1."""
    weights = np.exp((ranked - ranked.max()) / _SCALE)
    return np.asarray(weights / weights.sum(), dtype=np.float32)
