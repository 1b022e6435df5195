"""The chain against sums over all label sequences, and against data whose answer is known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cs_bot.stages.task.understanding.crf import Chain, log_likelihood, trained_chain
from cs_bot.stages.task.understanding.sparse import SparseRows


def rows_of(columns: list[int]) -> SparseRows:
    """Return rows that have one column each."""
    count = len(columns)
    return SparseRows(
        np.arange(count + 1), np.array(columns, dtype=np.intp), np.ones(count, dtype=np.float32)
    )


@pytest.fixture
def chain() -> Chain:
    chance = np.random.default_rng(3)
    weights = [chance.normal(size=shape).astype(np.float32) for shape in ((4, 3), (3, 3), 3, 3)]
    return Chain(*weights)


def test_probabilities_of_all_sequences_add_up_to_one(chain: Chain) -> None:
    rows = rows_of([0, 3, 1, 2])
    shares = [
        np.exp(log_likelihood(chain, rows, np.array(labels)))
        for labels in product(range(3), repeat=4)
    ]
    assert sum(shares) == pytest.approx(1.0, abs=1e-6)


def test_the_best_sequence_is_the_likeliest_of_all(chain: Chain) -> None:
    rows = rows_of([2, 0, 1, 3, 1])
    likeliest = max(
        product(range(3), repeat=5),
        key=lambda labels: log_likelihood(chain, rows, np.array(labels)),
    )
    assert chain.best(rows) == list(likeliest)


def test_training_makes_what_was_seen_likely_and_never_breaks_the_rule() -> None:
    columns, labels = [0, 1, 2, 0, 1, 0] * 40, [0, 1, 2, 0, 1, 0] * 40
    follows = np.array([[True, True, False], [True, True, True], [True, True, True]])
    rows, told = rows_of(columns), np.array(labels, dtype=np.intp)
    trained = trained_chain(rows, [6] * 40, told, 3, follows)

    assert trained.best(rows_of([0, 1, 2, 0, 1, 0])) == [0, 1, 2, 0, 1, 0]
    assert trained.best(rows_of([2, 2]))[0] != 2
    one = rows_of(columns[:6])
    assert log_likelihood(trained, one, told[:6]) > np.log(0.9)


def test_nothing_has_no_labels(chain: Chain) -> None:
    assert chain.best(rows_of([])) == []
