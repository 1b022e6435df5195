from __future__ import annotations

import pytest

from cs_bot.retrieval.decide import Zone
from cs_bot.retrieval.scoring import Outcome, auroc, calibration_error, score
from cs_bot.types import Candidate


def outcome(gold: str | None, zone: Zone, *found: tuple[str, float]) -> Outcome:
    candidates = tuple(Candidate(pair_id, pair_id, value, "dense") for pair_id, value in found)
    return Outcome(gold, zone, candidates, 2.0)


RIGHT = outcome("a", "answer", ("a", 0.9), ("b", 0.1))
WRONG = outcome("a", "answer", ("b", 0.8), ("a", 0.1))
LISTED = outcome("a", "suggest", ("b", 0.4), ("a", 0.3))
SILENT = outcome(None, "none", ("b", 0.1))
TRICKED = outcome(None, "answer", ("b", 0.85))


def test_the_measures_of_a_small_run() -> None:
    measured = score([RIGHT, WRONG, LISTED, SILENT, TRICKED])
    assert measured["r1"] == pytest.approx(1 / 3, abs=1e-4)
    assert measured["r5"] == 1
    assert measured["mrr"] == pytest.approx(2 / 3, abs=1e-4)
    assert measured["answered"] == pytest.approx(3 / 5)
    assert measured["wrong_answer"] == pytest.approx(2 / 3, abs=1e-4)
    assert measured["right_answer"] == pytest.approx(1 / 3, abs=1e-4)
    assert measured["suggest_hit"] == 1
    assert measured["resolved"] == pytest.approx(2 / 3, abs=1e-4)
    assert measured["oos_none"] == measured["oos_answered"] == 0.5
    assert measured["ms_p50"] == 2


def test_what_there_is_nothing_of_is_none() -> None:
    measured = score([SILENT])
    assert measured["r1"] is measured["auroc"] is measured["wrong_answer"] is None
    assert score([])["ms_p50"] is None


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)


def test_a_calibrated_score_has_no_error_and_a_boastful_one_has() -> None:
    assert calibration_error([(0.55, True), (0.55, False)]) == pytest.approx(0.05)
    assert calibration_error([(1.0, False)]) == 1
