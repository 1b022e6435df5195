"""Recalls wordings by all legs, then ranks the pairs they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.indexes import Rows
from cs_bot.retrieval import calibration
from cs_bot.retrieval.calibration import Evidence, Numbers, Weights
from cs_bot.retrieval.legs import LexicalLegs, LexicalView
from cs_bot.retrieval.spaces import View
from cs_bot.retrieval.wordings import Wordings

_FINDING = ("dense", "bm25", "tfidf")
"""The legs that find wordings."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The best pairs, best first, each by its best wording."""

    pairs: tuple[int, ...]
    rows: tuple[int, ...]
    """The best wording of each pair."""
    evidence: Evidence
    weights: Weights
    certain: int
    """How many of the pairs hold the query word for word."""
    _compared: Rows
    _legs: dict[str, Numbers]
    """What each leg says of the compared wordings."""

    def probabilities(self) -> Numbers:
        """Return the probability of each pair."""
        if not self.certain:
            return calibration.probabilities(self.evidence, self.weights)
        shared = np.full(len(self.pairs), (1 - calibration.CERTAIN) / max(1, len(self.pairs)))
        shared[: self.certain] = calibration.CERTAIN / self.certain
        return shared.astype(np.float32)

    def traced(self, most: int, canonical: NDArray[np.bool_]) -> list[tuple[str, dict[str, float]]]:
        """Return for each of the best pairs the leg that ranks it highest, and what all say of it.

        `canonical` tells of each row of the base whether it holds a canonical question.
        """
        rows = self.rows[:most]
        places = np.searchsorted(self._compared, rows)
        said = {leg: scores[places].tolist() for leg, scores in self._legs.items()}
        ranks = {leg: self._ranks(leg, places) for leg in _FINDING if leg in self._legs}
        traced = []
        for at, row in enumerate(rows):
            told = {leg: round(said[leg][at], 4) for leg in said if leg != "exact"}
            exact = bool(said["exact"][at])
            if exact and canonical[row]:
                told["canonical"] = 1.0
            via = "exact" if exact else min(ranks, key=lambda leg: ranks[leg][at])
            traced.append((via, told))
        return traced

    def _ranks(self, leg: str, places: NDArray[np.intp]) -> list[int]:
        """Return how many of the compared wordings each of these stands behind."""
        scores = self._legs[leg]
        behind: list[int] = np.count_nonzero(scores > scores[places, None], axis=1).tolist()
        return behind


def ranked(
    query: str,
    view: View | None,
    lexical: LexicalLegs,
    wordings: Wordings,
    weights: Weights,
) -> Ranking | None:
    """Return the pairs of the recalled wordings as ranked; None where nothing was recalled.

    `view` is the query as the encoders see it, None where no encoder answers.
    """
    told = lexical.asked(query)
    equal = wordings.equal(query)
    near = () if view is None else view.near()
    rows = np.unique(np.concatenate([equal, told.near(), near])).astype(np.int64)
    if not len(rows):
        return None
    exact = np.isin(rows, equal)
    legs = _legs(told, view, rows) | {"exact": exact.astype(np.float32)}
    similarity = told.similarity(rows, weights) + calibration.EXACT_BONUS * legs["exact"]
    similarity += legs.get("dense", 0)
    pairs, best = _best_wordings(similarity, wordings.owners[rows])
    scores, classified = similarity[best], False
    # Pairs that hold the very same wording are equally right, whatever else they hold.
    if view is not None and not exact.any():
        beside, classified = _of_pairs(view, pairs, weights)
        scores = scores + beside
    order = np.argsort(-scores, kind="stable")[: calibration.COMPARED]
    plain = float(legs["cosine"].max()) if "cosine" in legs else 0.0
    return Ranking(
        pairs=tuple(pairs[order].tolist()),
        rows=tuple(rows[best[order]].tolist()),
        evidence=Evidence(scores[order].astype(np.float32), plain, told.rambling, classified),
        weights=weights,
        certain=int(exact[best[order]].sum()),
        _compared=rows,
        _legs=legs,
    )


def _legs(told: LexicalView, view: View | None, rows: Rows) -> dict[str, Numbers]:
    """Return what each leg says of the recalled wordings."""
    lexical = {"bm25": told.bm25.of(rows), "tfidf": told.tfidf.of(rows)}
    if told.answers is not None:
        lexical["answers"] = told.answers.of(rows)
    if view is None:
        return lexical
    return {"dense": view.similarity(rows), "cosine": view.plain(rows), **lexical}


def _of_pairs(view: View, pairs: Rows, weights: Weights) -> tuple[Numbers, bool]:
    """Return what speaks for whole pairs, and whether the base's own classifier was heard."""
    means = calibration.MEAN_WEIGHT * view.means(pairs)
    classified = view.classified(pairs)
    if classified is None:
        return means, False
    return means + weights.classifier * classified, True


def _best_wordings(scores: Numbers, owners: Rows) -> tuple[Rows, NDArray[np.intp]]:
    """Return the pairs in ascending order and where the best wording of each stands."""
    by_score = np.argsort(-scores, kind="stable")
    pairs, first = np.unique(owners[by_score], return_index=True)
    return pairs, by_score[first]
