"""Holds every numeric library to one thread; must run before numpy is imported.

Unpinned, two libraries in one process make their threads wait for each other: one query then
takes 100 times as long on two cores. Must not know which libraries there are.
"""

from __future__ import annotations

import os

_PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "passive",
    "TOKENIZERS_PARALLELISM": "false",
}


def pin_threads() -> None:
    """Set what is not set yet; what the operator has set in the environment stays."""
    for name, value in _PINNED.items():
        os.environ.setdefault(name, value)
