"""A small linear map under which questions that mean the same lie nearer to each other.

Made once, offline, for the two packaged encoders (`cs_bot/models/adapter_training.py`), from
questions of other bases than the ones it is judged on. The map is the identity plus a product of
two thin matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cs_bot.models.encoders import Vectors

_FILE = Path(__file__).with_name("adapter.npz")

MADE_FOR = ("use", "e5")
"""The encoders whose vectors, one after the other, it maps."""


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """`x + up @ (down @ x)`; `down` has shape (rank, dimensions), `up` (dimensions, rank)."""

    down: Vectors
    up: Vectors
    second_mean: Vectors
    """Mean of the second encoder's vectors over many bases: what a small base starts from."""

    def moved(self, joint: Vectors) -> Vectors:
        """Return rows (or one row) mapped, not scaled to length 1."""
        return np.asarray(joint + (joint @ self.down.T) @ self.up.T, dtype=np.float32)

    def back(self, moved: Vectors) -> Vectors:
        """Map a row the other way: the product of `moved(x)` and y is that of x and `back(y)`."""
        return np.asarray(moved + (moved @ self.up) @ self.down, dtype=np.float32)


@cache
def packaged_adapter() -> Adapter:
    """Return the map that ships with the package."""
    with np.load(_FILE, allow_pickle=False) as kept:
        return Adapter(*(kept[name].astype(np.float32) for name in ("down", "up", "second_mean")))
