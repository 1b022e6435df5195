"""Sparse rows do what dense ones would."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.understanding.sparse import SparseRows, keys_of, vocabulary

NAMES = st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), min_size=1, max_size=8)


def dense(rows: SparseRows, width: int) -> np.ndarray:
    block = np.zeros((len(rows), width), dtype=np.float32)
    for row in range(len(rows)):
        at = slice(rows.starts[row], rows.starts[row + 1])
        block[row, rows.columns[at]] = rows.values[at]
    return block


@given(NAMES, st.data())
def test_rows_agree_with_dense_ones(names: list[list[str]], data: st.DataObject) -> None:
    keyed = [keys_of(row) for row in names]
    known = vocabulary(keyed)
    rows = known.known(keyed)
    block = dense(rows, len(known))
    weights = np.arange(len(known) * 2, dtype=np.float32).reshape(-1, 2)

    assert [int(row.sum()) for row in block] == [len(set(row)) for row in names]
    np.testing.assert_allclose(rows.times(weights), block @ weights)
    chosen = np.array(data.draw(st.lists(st.integers(0, len(names) - 1), max_size=5)), dtype=int)
    np.testing.assert_array_equal(dense(rows.part(chosen), len(known)), block[chosen])
    used, local = rows.local()
    np.testing.assert_array_equal(local, block[:, used])
    beside = dense(rows.beside(rows, len(known)), 2 * len(known))
    np.testing.assert_array_equal(beside, np.hstack([block, block]))


def test_unknown_names_are_dropped_and_rare_ones_too() -> None:
    known = vocabulary([keys_of("ab"), keys_of("bc")], least=2)
    assert len(known) == 1
    assert known.rows(["abc", "xyz"]).starts.tolist() == [0, 1, 1]
