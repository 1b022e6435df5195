from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cs_bot.retrieval.calibration import (
    FIRST,
    JOINT,
    LEXICAL,
    Evidence,
    Weights,
    probabilities,
    shares,
)


def evidence(*scores: float, plain: float = 0.9) -> Evidence:
    return Evidence(np.array(scores, dtype=np.float32), plain, rambling=0.0, classified=False)


def test_shares_sum_to_one_and_keep_the_order() -> None:
    shared = shares(np.array([1.2, 1.1, 0.7], dtype=np.float32), JOINT)
    assert shared.sum() == pytest.approx(1)
    assert list(shared) == sorted(shared, reverse=True)


def test_equal_scores_share_equally() -> None:
    assert shares(np.array([0.9, 0.9], dtype=np.float32), JOINT)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("weights", [LEXICAL, FIRST, JOINT])
def test_probabilities_fall_and_together_are_no_more_than_one(weights: Weights) -> None:
    for gap in (0.0, 0.05, 0.4, 2.0):
        found = probabilities(evidence(3.0, 3.0 - gap, 1.0, 0.5), weights)
        assert list(found) == sorted(found, reverse=True)
        assert 0 < found.sum() <= 1.0001


def test_the_further_ahead_the_best_pair_is_the_more_probable_it_is() -> None:
    ahead = [probabilities(evidence(3.0, 3.0 - gap), JOINT)[0] for gap in (0.0, 0.2, 0.8)]
    assert ahead == sorted(ahead)
    assert ahead[0] < ahead[-1]


def test_a_question_unlike_everything_is_improbable_however_clear_the_ranking() -> None:
    near = probabilities(evidence(3.5, 1.0, plain=0.95), JOINT)[0]
    far = probabilities(evidence(0.4, 0.1, plain=0.75), JOINT)[0]
    assert far < 0.2 < 0.8 < near


def test_a_sharper_temperature_leaves_less_for_the_others() -> None:
    soft = probabilities(evidence(3.0, 2.8), replace(JOINT, temperature=0.5))
    sharp = probabilities(evidence(3.0, 2.8), replace(JOINT, temperature=0.1))
    assert sharp[1] < soft[1]
