"""Two bases: the starter's own, and a small one of a mobile network."""

from __future__ import annotations

from pathlib import Path

import pytest

from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.qa_files import read_pairs
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.synonyms import read_synonyms

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[2] / "knowledge"


@pytest.fixture(scope="package")
def shop() -> Snapshot:
    return Snapshot.build(
        "r1",
        read_pairs(KNOWLEDGE / "pairs.jsonl"),
        WordEncoder(),
        synonyms=read_synonyms(KNOWLEDGE / "synonyms.txt"),
    )


@pytest.fixture(scope="package")
def mobile() -> Snapshot:
    return Snapshot.build("r1", read_pairs(HERE / "mobile.jsonl"), WordEncoder())
