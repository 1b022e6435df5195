from __future__ import annotations

import numpy as np

from cs_bot.models.indexes import DenseIndex
from cs_bot.testing.encoder import WordEncoder

ENCODER = WordEncoder()
INDEX = DenseIndex(ENCODER.encode(["怎么退货", "退款多久到账", "如何开具发票"]))


def test_the_nearest_rows_come_best_first() -> None:
    vector = ENCODER.encode(["如何开具发票"])[0]
    rows = INDEX.nearest(vector, 3)
    assert rows[0] == 2
    cosines = INDEX.cosines(vector, rows)
    assert list(cosines) == sorted(cosines, reverse=True)
    assert np.isclose(cosines[0], 1)


def test_more_rows_than_there_are_is_all_rows() -> None:
    assert sorted(INDEX.nearest(ENCODER.encode(["退"])[0], 99)) == [0, 1, 2]


def test_an_empty_index_has_no_nearest_row() -> None:
    empty = DenseIndex(np.zeros((0, 64), dtype=np.float32))
    assert empty.nearest(np.zeros(64, dtype=np.float32), 5).size == 0
