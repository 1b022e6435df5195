"""What folding keeps of an utterance, and how long it takes."""

from __future__ import annotations

import time

import pytest

from cs_bot.stages.task.text import bare


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("  “ＡＢ１２”！ ", "ab12"),
        ("never  mind...", "never mind"),
        ("_order_no_", "order_no"),
        ("?!", ""),
        ("", ""),
        ("a", "a"),
    ],
)
def test_marks_at_the_ends_and_doubled_spaces_go(written: str, words: str) -> None:
    assert bare(written) == words


@pytest.mark.parametrize("gap", ["!", " ", '"', "_"])
def test_a_long_run_of_marks_costs_no_time(gap: str) -> None:
    started = time.process_time()
    bare("a" + gap * 4000 + "b")
    assert time.process_time() - started < 0.1
