"""What reading slips does for questions full of them, with the packaged first encoder.

`noisy_*.tsv` has a row for each question: kind of slip, right pair, clean and noisy wording. The
correction was developed on the rows with even numbers; only the others are asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cs_bot.models.encoders import UniversalSentenceEncoder
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.evaluation import Ask, asking
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.qa_files import read_pairs
from cs_bot.text.synonyms import Synonyms, read_synonyms

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[2] / "knowledge"
ENCODER = UniversalSentenceEncoder()
SHOP, MOBILE = "starter", "mobile"

Row = Sequence[str]


def rows(name: str) -> list[Row]:
    """Return the rows that nothing was developed on."""
    lines = (HERE / f"noisy_{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1::2]]


def right(ask: Ask, asked: list[Row], column: int) -> int:
    """Return how many questions have the right pair first."""
    found = [(row[1], ask(row[column])[1]) for row in asked]
    return sum(bool(candidates) and candidates[0].id == gold for gold, candidates in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path", "synonyms"),
    [
        (SHOP, KNOWLEDGE / "pairs.jsonl", read_synonyms(KNOWLEDGE / "synonyms.txt")),
        (MOBILE, HERE / "mobile.jsonl", Synonyms()),
    ],
)
def test_noisy_questions_find_more_and_clean_ones_no_less(
    name: str, path: Path, synonyms: Synonyms
) -> None:
    snapshot = Snapshot.build("r1", read_pairs(path), ENCODER, synonyms=synonyms)
    reading = asking(snapshot, ENCODER, KbqaSettings())
    leaving = asking(snapshot, ENCODER, KbqaSettings(spelling=False))
    asked = rows(name)
    clean, noisy = 2, 3
    assert right(reading, asked, clean) >= right(leaving, asked, clean)
    assert right(reading, asked, noisy) >= right(leaving, asked, noisy) + len(asked) // 8
    assert right(reading, asked, noisy) >= 0.9 * len(asked)
