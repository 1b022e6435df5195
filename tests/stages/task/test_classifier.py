"""The intent classifier on data whose answer is known."""

import numpy as np
import pytest

from cs_bot.stages.task.classifier import trained


@pytest.mark.parametrize(("rows", "dimensions"), [(240, 12), (60, 300)])
def test_separable_classes_are_told_apart(rows: int, dimensions: int) -> None:
    chance = np.random.default_rng(7)
    labels = np.arange(rows) % 3
    centres = chance.normal(size=(3, dimensions)) * 2
    features = (centres[labels] + chance.normal(size=(rows, dimensions))).astype(np.float32)

    shares = trained(features, labels, 3).probabilities(features)

    assert (shares.argmax(axis=1) == labels).mean() > 0.97
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-5)


def test_noise_is_not_believed() -> None:
    chance = np.random.default_rng(7)
    features = chance.normal(size=(200, 400)).astype(np.float32)
    labels = chance.integers(0, 2, size=200)
    unseen = chance.normal(size=(200, 400)).astype(np.float32)

    sure = trained(features, labels, 2).probabilities(unseen).max(axis=1)

    assert sure.mean() < 0.8


def test_a_class_without_rows_and_a_single_row_do_no_harm() -> None:
    features = np.ones((1, 4), dtype=np.float32)

    shares = trained(features, np.array([1]), 3).probabilities(features)

    assert shares.argmax() == 1
    assert np.isfinite(shares).all()


def test_hundreds_of_nearly_equal_rows_are_learnt_from() -> None:
    """A pair with 5,000 similar questions of one mould must not keep the bot from starting."""
    chance = np.random.default_rng(7)
    moulds = chance.normal(size=(2, 512))
    moulds /= np.linalg.norm(moulds, axis=1, keepdims=True)
    labels = np.arange(400) % 2
    features = (moulds[labels] + 1e-5 * chance.normal(size=(400, 512))).astype(np.float32)

    shares = trained(features, labels, 2).probabilities(moulds.astype(np.float32))

    assert list(shares.argmax(axis=1)) == [0, 1]
