"""In a process that starts as `cs-bot` does, every numeric library has one thread, and keeps it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.slow

_SETS = ("OMP_", "OPENBLAS_", "MKL_", "TOKENIZERS_", "KMP_", "GOMP_")

_LOAD = """
import json, os, sys, tempfile, threading
from importlib.util import find_spec
from pathlib import Path

from cs_bot.cli import main
try:
    main(["--version"])
except SystemExit:
    pass

import asyncio
import faiss, numpy, scipy.linalg, sklearn
from cs_bot import registry
from cs_bot.models.lane import Lane
from cs_bot.settings import Settings
from threadpoolctl import threadpool_info

def encoders():
    for name in sorted({"use", "e5"} & set(registry.names("cs_bot.encoders"))):
        yield registry.load("cs_bot.encoders", name)(Settings(Path(tempfile.gettempdir())))
    if sys.argv[1] == "with torch" and find_spec("transformers"):
        from cs_bot.models.local_encoder import LocalEncoder
        from cs_bot.testing.tiny_models import save_tiny
        with tempfile.TemporaryDirectory() as folder:
            yield LocalEncoder(save_tiny(Path(folder)))

def work():
    for encoder in encoders():
        vectors = encoder.encode(["怎么退货", "how do I pay"] * 40)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        index.search(vectors, 5)
        vectors @ vectors.T
    torch = sys.modules.get("torch")
    return {
        "pools": {pool["filepath"]: pool["num_threads"] for pool in threadpool_info()},
        "faiss": faiss.omp_get_max_threads(),
        "torch": torch.get_num_threads() if torch else 1,
        "wait": os.environ.get("OMP_WAIT_POLICY"),
        "tokenizers": os.environ.get("TOKENIZERS_PARALLELISM"),
    }

lane = Lane("encode")
print(json.dumps([asyncio.run(lane.run(work)), work()]))
lane.close()
"""


def found(*, models: str = "packaged", **environment: str) -> list[dict[str, Any]]:
    """Return what a fresh process sees after its models worked: in a lane, and outside of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SETS)}
    ran = subprocess.run(
        [sys.executable, "-c", _LOAD, models],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    seen: list[dict[str, Any]] = json.loads(ran.stdout.splitlines()[-1])
    return seen


def test_after_all_models_have_worked_every_pool_has_one_thread() -> None:
    for seen in found(models="with torch"):
        assert len(seen["pools"]) >= 2
        assert set(seen["pools"].values()) == {1}, seen["pools"]
        assert (seen["faiss"], seen["torch"]) == (1, 1)
        assert (seen["wait"], seen["tokenizers"]) == ("passive", "false")


def test_an_operator_who_asks_for_two_threads_has_them() -> None:
    for seen in found(OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2"):
        assert 2 in seen["pools"].values()
        assert seen["faiss"] == 2
