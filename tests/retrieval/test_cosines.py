from __future__ import annotations

import numpy as np

from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex, Rows
from cs_bot.retrieval.cosines import Cosines
from cs_bot.testing.encoder import WordEncoder

TEXTS = ["怎么退货", "退款多久到账", "如何开具发票", "怎么付款", "包邮吗"]


class Counting(DenseIndex):
    """An index that writes down which rows are taken out of it."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__(vectors)
        self.taken_out: list[int] = []

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        self.taken_out.extend(rows.tolist())
        return super().cosines(vector, rows)


def test_a_row_is_taken_out_of_the_index_once_in_whatever_order_it_is_asked_for() -> None:
    vectors = WordEncoder().encode(TEXTS)
    index = Counting(vectors)
    cosines = Cosines(index, vectors[1])
    for rows in ([3, 1], [1, 4, 3, 1], [], [0, 4, 2]):
        asked = np.array(rows, dtype=np.int64)
        np.testing.assert_allclose(cosines.of(asked), vectors[asked] @ vectors[1], atol=1e-6)
    assert sorted(index.taken_out) == [0, 1, 2, 3, 4]
