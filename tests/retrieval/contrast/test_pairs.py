"""The guard on pairs written by hand before its rules and lists were tuned.

Of the 200 the first version found 190; rules were mended since, no word of a pair it missed was
listed. Of the 100 of `unseen_pairs.jsonl` nobody looked at what was missed before or since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_bot.retrieval.contrast import Mismatch, mismatch
from cs_bot.text.normalize import normalized

HERE = Path(__file__).parent
FOUND = 194
"""Of the 200 minimal pairs; a change that finds fewer needs a reason.

195 until "Don't you ship to islands?" was taken for the question that it is.
"""
FOUND_UNSEEN = 93
"""Of the 100 that nothing was tuned on."""
HELD_BACK_UNSEEN = 4
"""Of the 40 harmless ones that nothing was tuned on."""


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


def test_there_are_100_unseen_minimal_pairs_in_both_languages_and_40_harmless_ones() -> None:
    pairs = rows("unseen_pairs.jsonl")
    assert len({(row["question"], row["changed"]) for row in pairs}) == 100
    assert {row["kind"] for row in pairs} == {"number", "date", "name", "action", "object"}
    seen = {row["question"] for row in rows("minimal_pairs.jsonl")}
    assert not seen & {row["question"] for row in pairs}
    assert len(rows("unseen_harmless.jsonl")) == 40


def test_unseen_minimal_pairs_are_found() -> None:
    pairs = rows("unseen_pairs.jsonl")
    found = sum(compared(row["changed"], row["question"]) is not None for row in pairs)
    assert found >= FOUND_UNSEEN


def test_few_unseen_paraphrases_are_held_back() -> None:
    pairs = rows("unseen_harmless.jsonl")
    held = sum(compared(row["paraphrase"], row["question"]) is not None for row in pairs)
    assert held <= HELD_BACK_UNSEEN
