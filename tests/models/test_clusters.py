from __future__ import annotations

import numpy as np

from cs_bot.models.clusters import Clustered, Clusters
from cs_bot.models.encoders import Vectors
from cs_bot.models.indexes import DenseIndex


def drawn(rows: int, seed: int = 3) -> Vectors:
    """Vectors that lie around some hundred topics, as questions do."""
    rng = np.random.default_rng(seed)
    topics = np.random.default_rng(1).standard_normal((100, 32))
    vectors = topics[rng.integers(100, size=rows)] + rng.standard_normal((rows, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors, dtype=np.float32)


VECTORS = drawn(4000)
QUERIES = drawn(50, seed=4)
CLUSTERED = Clustered.of(Clusters.of(VECTORS))


def recall(found: Clustered, vectors: Vectors, most: int = 50) -> float:
    exact = DenseIndex(vectors)
    shares = [
        np.isin(found.nearest(query, most), exact.nearest(query, most)).mean() for query in QUERIES
    ]
    return float(np.mean(shares))


def test_clusters_find_nearly_all_that_an_exact_search_finds() -> None:
    assert recall(CLUSTERED, VECTORS) >= 0.98


def test_clusters_find_nearly_all_when_a_search_reads_few_of_them() -> None:
    few = Clustered.of(Clusters.of(VECTORS), clusters_searched=20)
    assert 0.9 <= recall(few, VECTORS) < 1


def test_the_same_vectors_make_the_same_clusters() -> None:
    again = Clustered.of(Clusters.of(VECTORS))
    for query in QUERIES:
        np.testing.assert_array_equal(again.nearest(query, 50), CLUSTERED.nearest(query, 50))


def test_rows_come_best_first_with_their_cosines() -> None:
    index = DenseIndex(VECTORS, most_exact=100)
    rows = index.nearest(QUERIES[0], 20)
    cosines = index.cosines(QUERIES[0], rows)
    assert list(cosines) == sorted(cosines, reverse=True)
    np.testing.assert_allclose(cosines, VECTORS[rows] @ QUERIES[0], atol=1e-3)


def test_a_row_that_went_is_never_found() -> None:
    gone = CLUSTERED.nearest(QUERIES[0], 500)
    kept = np.setdiff1d(np.arange(len(VECTORS)), gone)
    left = CLUSTERED.changed(kept, VECTORS[:0])
    assert len(left) == 3500
    assert not np.isin(kept[left.nearest(QUERIES[0], 500)], gone).any()
    assert recall(left, VECTORS[kept]) >= 0.98


def test_rows_that_came_are_found_beside_the_clusters() -> None:
    new = drawn(30, seed=9)
    kept = np.concatenate([[-1] * 10, np.arange(4000), [-1] * 20])
    grown = CLUSTERED.changed(kept, new)
    assert grown.nearest(new[0], 1).tolist() == [0]
    assert grown.nearest(new[29], 1).tolist() == [4029]
    everything = np.concatenate([new[:10], VECTORS, new[10:]])
    np.testing.assert_allclose(grown.taken(np.arange(4030)), everything, atol=1e-3)


def test_changes_upon_changes_end_where_one_change_would() -> None:
    new = drawn(30, seed=9)
    index = DenseIndex(VECTORS, most_exact=100)
    index = index.changed(np.concatenate([np.arange(4000), [-1] * 30]), new)
    index = index.changed(np.arange(4029, 1999, -1), new[:0])
    expected = np.concatenate([VECTORS, new])[4029:1999:-1]
    np.testing.assert_allclose(index.vectors, expected, atol=1e-3)
    assert index.nearest(new[3], 1).tolist() == [26]


def test_many_changes_make_the_clusters_anew() -> None:
    kept = np.concatenate([np.arange(2000), [-1] * 2000])
    assert CLUSTERED.changed(kept, VECTORS[2000:]).is_stale
    index = DenseIndex(VECTORS, most_exact=100).changed(kept, VECTORS[2000:])
    assert index.nearest(VECTORS[3999], 1).tolist() == [3999]


def test_an_index_that_shrinks_is_searched_exactly() -> None:
    index = DenseIndex(VECTORS, most_exact=100).changed(np.arange(50), VECTORS[:0])
    assert index.nearest(VECTORS[7], 1).tolist() == [7]
