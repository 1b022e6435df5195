from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.decide import KbqaSettings, decide, listed
from cs_bot.settings import WrongValue
from cs_bot.types import Candidate

SETTINGS = KbqaSettings(
    answer_threshold=0.7, margin=0.5, digression_threshold=0.9, suggest_threshold=0.3
)


def scored(*scores: float) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"p{n}", f"q{n}", score, "dense") for n, score in enumerate(scores))


@pytest.mark.parametrize(
    ("scores", "zone"),
    [
        ((), "none"),
        ((0.8,), "answer"),
        ((0.8, 0.1), "answer"),
        ((0.69,), "suggest"),
        ((0.75, 0.26), "suggest"),
        ((0.2, 0.11), "suggest"),
        ((0.2, 0.09), "none"),
        ((0.1,), "none"),
    ],
)
def test_threshold_and_margin_draw_the_zones(scores: tuple[float, ...], zone: str) -> None:
    assert decide(scored(*scores), SETTINGS) == zone


def test_a_digression_from_a_task_must_be_clearer() -> None:
    assert decide(scored(0.85), SETTINGS) == "answer"
    assert decide(scored(0.85), SETTINGS, in_task=True) == "suggest"
    assert decide(scored(0.95), SETTINGS, in_task=True) == "answer"


def test_a_list_leaves_out_what_is_hardly_possible() -> None:
    assert [c.id for c in listed(scored(0.4, 0.3, 0.01), SETTINGS)] == ["p0", "p1"]


@given(st.lists(st.floats(0, 1), max_size=6))
def test_a_direct_answer_is_never_below_the_threshold(scores: list[float]) -> None:
    ranked = sorted(scores, reverse=True)
    if decide(scored(*ranked), SETTINGS) == "answer":
        assert ranked[0] >= SETTINGS.answer_threshold


@pytest.mark.parametrize("wrong", [{"answer_threshold": 1.2}, {"margin": -0.1}, {"candidates": 0}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongValue, match=f"'{next(iter(wrong))}' must be"):
        KbqaSettings(**wrong)
