"""How the word of a reranker is weighed."""

from __future__ import annotations

import numpy as np
import pytest

from cs_bot.models.rerankers import blended


def array(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


def test_weight_zero_changes_nothing() -> None:
    scores = array(3, 2, 1)
    np.testing.assert_array_equal(blended(scores, array(-9, 0, 9), 0), scores)


def test_a_reranker_that_is_sure_enough_turns_the_order() -> None:
    moved = blended(array(3.0, 2.5), array(-2, 2), 0.5)
    np.testing.assert_allclose(moved, [2.0, 3.5])


def test_the_level_of_the_logits_does_not_count() -> None:
    scores, logits = array(3, 2, 1), array(1, 4, 2)
    moved = blended(scores, logits, 0.7)
    np.testing.assert_allclose(moved, blended(scores, logits + 100, 0.7), atol=1e-4)
    assert moved.mean() == pytest.approx(scores.mean())


def test_nothing_is_blended_into_nothing() -> None:
    assert blended(array(), array(), 0.5).shape == (0,)


def test_logits_of_other_candidates_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="logits for"):
        blended(array(1, 2), array(1), 0.5)
