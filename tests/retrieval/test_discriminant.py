from __future__ import annotations

import numpy as np

from cs_bot.retrieval.discriminant import fitted

RANDOM = np.random.default_rng(3)


def base(pairs: int, wordings: int, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows that differ between pairs in one direction and scatter widely in another."""
    owners = np.repeat(np.arange(pairs), wordings)
    rows = RANDOM.standard_normal((len(owners), 4)).astype(np.float32) * 0.02
    rows[:, 0] += owners * 0.3
    rows[:, 1] += noise * RANDOM.standard_normal(len(owners)).astype(np.float32)
    centres = np.stack([rows[owners == pair].mean(axis=0) for pair in range(pairs)])
    return rows, owners, centres


def test_a_direction_in_which_every_pair_scatters_tells_little() -> None:
    rows, owners, centres = base(5, 40, noise=1.0)
    classifier = fitted(rows, owners, centres)
    scattered_to_3 = np.array([centres[2, 0], centres[3, 1] + 0.2, 0, 0], dtype=np.float32)
    scores = classifier.scores(scattered_to_3, np.arange(5))
    plain = -np.linalg.norm(centres - scattered_to_3, axis=1)
    assert scores[2] - scores[3] > plain[2] - plain[3]
    assert scores.argmax() == 2


def test_scores_are_given_for_the_pairs_asked_for_only() -> None:
    rows, owners, centres = base(5, 12, noise=0.1)
    classifier = fitted(rows, owners, centres)
    every = classifier.scores(centres[1], np.arange(5))
    np.testing.assert_allclose(classifier.scores(centres[1], np.array([4, 1])), every[[4, 1]])


def test_wordings_that_all_repeat_are_no_division_by_zero() -> None:
    rows = np.ones((6, 3), dtype=np.float32)
    classifier = fitted(rows, np.repeat([0, 1], 3), np.ones((2, 3), dtype=np.float32))
    assert np.isfinite(classifier.scores(rows[0], np.arange(2))).all()
