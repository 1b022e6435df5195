"""Sparse rows in plain numpy: which features a text has, and products with dense weights."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Numbers = NDArray[np.intp]
Keys = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class SparseRows:
    """Row r has `values[starts[r]:starts[r + 1]]` at the `columns` there; a column once a row."""

    starts: Numbers
    columns: Numbers
    values: Array

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.starts) - 1

    def part(self, rows: Numbers) -> SparseRows:
        """Return these rows, in this order."""
        lengths = (self.starts[1:] - self.starts[:-1])[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        at = np.repeat(self.starts[rows], lengths) + within
        return SparseRows(starts, self.columns[at], self.values[at])

    def times(self, weights: Array) -> Array:
        """Return the product with weights of shape (columns, classes)."""
        product = np.zeros((len(self), weights.shape[1]), dtype=np.float32)
        filled = np.flatnonzero(self.starts[1:] > self.starts[:-1])
        if len(filled):
            terms = weights[self.columns] * self.values[:, None]
            product[filled] = np.add.reduceat(terms, self.starts[filled], axis=0)
        return product

    def beside(self, other: SparseRows, offset: int) -> SparseRows:
        """Return rows that have the columns of both, the other's counted from `offset`."""
        lengths = [rows.starts[1:] - rows.starts[:-1] for rows in (self, other)]
        row = np.concatenate([np.repeat(np.arange(len(self)), length) for length in lengths])
        order = np.argsort(row, kind="stable")
        columns = np.concatenate([self.columns, other.columns + offset])[order]
        values = np.concatenate([self.values, other.values])[order]
        return SparseRows(self.starts + other.starts, columns, values)

    def local(self) -> tuple[Numbers, Array]:
        """Return the columns in use, and the rows as a dense matrix over these alone."""
        used, at = np.unique(self.columns, return_inverse=True)
        dense = np.zeros((len(self), len(used)), dtype=np.float32)
        dense[np.repeat(np.arange(len(self)), self.starts[1:] - self.starts[:-1]), at] = self.values
        return used, dense


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Features by the CRC-32 of their names, sorted: no name is kept, unknown ones are dropped."""

    keys: Keys

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.keys)

    def rows(self, names: Sequence[Iterable[str]]) -> SparseRows:
        """Return one row of ones for each list of names."""
        return self.known([keys_of(row) for row in names])

    def known(self, keyed: Sequence[Keys]) -> SparseRows:
        """Return one row of ones for each array of distinct keys."""
        lengths = np.array([len(keys) for keys in keyed], dtype=np.intp)
        asked = np.concatenate([*keyed, np.zeros(0, dtype=np.uint32)])
        at = np.minimum(np.searchsorted(self.keys, asked), max(len(self.keys) - 1, 0))
        held = self.keys[at] == asked if len(self.keys) else np.zeros(len(asked), dtype=bool)
        row = np.repeat(np.arange(len(keyed)), lengths)[held]
        starts = np.searchsorted(row, np.arange(len(keyed) + 1)).astype(np.intp)
        return SparseRows(starts, at[held].astype(np.intp), np.ones(held.sum(), dtype=np.float32))


def keys_of(names: Iterable[str]) -> Keys:
    """Return the distinct keys of these names, sorted."""
    return np.unique(np.array([zlib.crc32(name.encode()) for name in names], dtype=np.uint32))


def vocabulary(keyed: Sequence[Keys], least: int = 1) -> Vocabulary:
    """Return the features that at least so many rows have."""
    found, counts = np.unique(
        np.concatenate([*keyed, np.zeros(0, dtype=np.uint32)]), return_counts=True
    )
    return Vocabulary(found[counts >= least].astype(np.uint32))
