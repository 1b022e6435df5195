"""What votes may do to an answer: reorder a list, make a list of an answer, never the reverse."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.decide import KbqaSettings, decide
from cs_bot.retrieval.feedback import revised, shifted
from cs_bot.retrieval.votes import BOUND
from cs_bot.types import Candidate

SETTINGS = KbqaSettings()
SHIFTS = st.dictionaries(st.sampled_from(["p0", "p1", "p2", "p3"]), st.floats(-BOUND, BOUND))


def scored(*scores: float) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"p{n}", f"q{n}", score, "dense") for n, score in enumerate(scores))


def ids(candidates: tuple[Candidate, ...]) -> list[str]:
    return [candidate.id for candidate in candidates]


@st.composite
def rankings(draw: st.DrawFn) -> tuple[Candidate, ...]:
    scores = draw(st.lists(st.floats(0, 0.9999), max_size=4))
    total = max(1.0, sum(scores))
    return scored(*sorted((score / total for score in scores), reverse=True))


@st.composite
def dials(draw: st.DrawFn) -> KbqaSettings:
    answer, margin, digression, suggest = (draw(st.floats(0, 1)) for _ in range(4))
    return KbqaSettings(
        answer_threshold=answer,
        margin=margin,
        digression_threshold=digression,
        suggest_threshold=suggest,
    )


@given(rankings(), SHIFTS)
def test_no_probability_moves_further_than_its_shift(
    candidates: tuple[Candidate, ...], shifts: Mapping[str, float]
) -> None:
    before = {candidate.id: candidate.score for candidate in candidates}
    for candidate in shifted(candidates, shifts):
        was, by = before[candidate.id], shifts.get(candidate.id, 0.0)
        if was > 1e-6 and candidate.score != was:
            assert _logit(candidate.score) - _logit(was) == pytest.approx(by, abs=1e-6)
        assert (candidate.score > was + 1e-12) <= (by > 0)
        assert (candidate.score < was - 1e-12) <= (by < 0)


@given(rankings(), dials(), st.booleans())
def test_without_votes_everything_is_as_it_was(
    candidates: tuple[Candidate, ...], settings: KbqaSettings, in_task: bool
) -> None:
    zone = decide(candidates, settings, in_task=in_task)
    for shifts in ({}, {"elsewhere": 1.0}):
        assert revised(candidates, shifts, settings, in_task=in_task) == (candidates, zone)


@given(rankings(), SHIFTS, dials(), st.booleans())
def test_a_direct_answer_is_one_without_votes_too(
    candidates: tuple[Candidate, ...],
    shifts: Mapping[str, float],
    settings: KbqaSettings,
    in_task: bool,
) -> None:
    zone = decide(candidates, settings, in_task=in_task)
    moved, then = revised(candidates, shifts, settings, in_task=in_task)
    if then == "answer":
        assert zone == "answer"
        assert moved[0].id == candidates[0].id
    if zone == "answer":
        assert then != "none"
        assert then == "answer" or shifts[candidates[0].id] < 0


def test_votes_bring_the_second_line_to_the_top() -> None:
    moved, zone = revised(scored(0.45, 0.3), {"p1": 0.7}, SETTINGS)
    assert (ids(moved), zone) == (["p1", "p0"], "suggest")
    assert moved[0].features == {"feedback": 0.7}


def test_votes_for_the_best_line_make_it_no_direct_answer() -> None:
    moved, zone = revised(scored(0.75, 0.1), {"p0": BOUND}, SETTINGS)
    assert moved[0].score > SETTINGS.answer_threshold
    assert zone == "suggest"


def test_votes_against_a_direct_answer_make_it_a_list() -> None:
    moved, zone = revised(scored(0.85, 0.1), {"p0": -BOUND}, SETTINGS)
    assert (ids(moved), zone) == (["p0", "p1"], "suggest")


def test_a_surer_answer_stays_direct_whatever_the_votes() -> None:
    moved, zone = revised(scored(0.95, 0.02), {"p0": -BOUND, "p1": BOUND}, SETTINGS)
    assert (ids(moved), zone) == (["p0", "p1"], "answer")


def test_votes_for_another_pair_do_not_take_a_direct_answer_away() -> None:
    close = KbqaSettings(answer_threshold=0.5, margin=0.1)
    candidates = scored(0.55, 0.4)
    assert revised(candidates, {"p1": BOUND}, close) == (candidates, "answer")


def test_votes_against_a_whole_list_may_silence_it() -> None:
    lines = scored(0.3, 0.3)
    assert revised(lines, {}, SETTINGS)[1] == "suggest"
    assert revised(lines, {"p0": -BOUND, "p1": -BOUND}, SETTINGS)[1] == "none"


def test_a_question_in_the_very_words_of_a_pair_is_not_voted_on() -> None:
    candidates = scored(0.9999)
    strict = KbqaSettings(answer_threshold=0.9995)
    assert revised(candidates, {"p0": -BOUND}, strict) == (candidates, "answer")


def _logit(score: float) -> float:
    return math.log(score / (1 - score))
