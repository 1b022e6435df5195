from __future__ import annotations

import numpy as np
import pytest

from cs_bot.models.adapter import packaged_adapter

ADAPTER = packaged_adapter()
ROWS = np.random.default_rng(5).standard_normal((3, 896)).astype(np.float32)


def test_the_packaged_map_fits_both_packaged_encoders() -> None:
    assert ADAPTER.down.shape == ADAPTER.up.T.shape
    assert ADAPTER.down.shape[1] == 512 + 384
    assert ADAPTER.second_mean.shape == (384,)


def test_a_row_moves_as_it_does_among_others() -> None:
    np.testing.assert_allclose(ADAPTER.moved(ROWS)[1], ADAPTER.moved(ROWS[1]), rtol=1e-4)


def test_mapping_back_gives_the_same_product() -> None:
    there = float(ADAPTER.moved(ROWS[0]) @ ROWS[1])
    assert float(ROWS[0] @ ADAPTER.back(ROWS[1])) == pytest.approx(there, rel=1e-4)
