"""The guard on pairs written by hand before its rules and lists were tuned.

The first version found 190; rules were mended since, no word of a pair it missed was listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_bot.retrieval.contrast import Mismatch, mismatch
from cs_bot.text.normalize import normalized

HERE = Path(__file__).parent
FOUND = 195
"""Of the 200 minimal pairs; a change that finds fewer needs a reason."""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file beside this one."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def compared(one: str, other: str) -> Mismatch | None:
    """Return what the guard says of two questions as customers write them."""
    return mismatch(normalized(one), normalized(other))


def both_ways(row: dict[str, str]) -> Iterator[Mismatch | None]:
    """Yield what the guard says of the two questions of a row, each as the one asked."""
    one, other = list(row.values())[:2]
    yield compared(one, other)
    yield compared(other, one)


def test_there_are_200_minimal_pairs_of_all_kinds_and_60_harmless_ones() -> None:
    pairs = rows("minimal_pairs.jsonl")
    assert len({(row["question"], row["changed"]) for row in pairs}) == 200
    kinds = {"negation", "antonym", "number", "date", "name", "action", "object"}
    assert {row["kind"] for row in pairs} == kinds
    assert len(rows("harmless_pairs.jsonl")) == 60


def test_minimal_pairs_are_found() -> None:
    pairs = rows("minimal_pairs.jsonl")
    missed = [row["changed"] for row in pairs if not compared(row["changed"], row["question"])]
    assert len(pairs) - len(missed) >= FOUND, missed


def test_it_does_not_matter_which_of_the_two_is_asked() -> None:
    for row in rows("minimal_pairs.jsonl"):
        one, other = both_ways(row)
        assert (one and one.kind) == (other and other.kind), row


@pytest.mark.parametrize("row", rows("harmless_pairs.jsonl"), ids=lambda row: row["paraphrase"])
def test_a_paraphrase_is_no_mismatch(row: dict[str, str]) -> None:
    assert [*both_ways(row)] == [None, None]
