from __future__ import annotations

import numpy as np
import pytest

from cs_bot.retrieval import calibration


def test_scope_grows_with_the_best_cosine() -> None:
    seen = [calibration.scope(cosine) for cosine in (0.2, 0.4, 0.6, 0.8, 1.0)]
    assert seen == sorted(seen)
    assert seen[0] < 0.01 < 0.98 < seen[-1]


def test_shares_sum_to_one_and_keep_the_order() -> None:
    shares = calibration.shares(np.array([1.2, 1.1, 0.7], dtype=np.float32))
    assert shares.sum() == pytest.approx(1)
    assert list(shares) == sorted(shares, reverse=True)


def test_equal_scores_share_equally() -> None:
    assert calibration.shares(np.array([0.9, 0.9], dtype=np.float32))[0] == pytest.approx(0.5)
