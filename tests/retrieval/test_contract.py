from __future__ import annotations

import pytest

from cs_bot.retrieval.contract import Terms, everything_direct, labelled_rows, terms
from cs_bot.retrieval.decide import KbqaSettings, Zone
from cs_bot.retrieval.evaluation import EvaluationQuery, Prediction
from cs_bot.retrieval.recalibration import Recalibration
from cs_bot.retrieval.risk import Choice, Contract
from cs_bot.types import Candidate

FOUND = (Candidate("return", "怎么退货", 0.8, "dense"), Candidate("track", "物流", 0.1, "dense"))


def asked(count: int, *, zone: Zone = "answer", gold: str | None = "return") -> Terms:
    queries = [EvaluationQuery(str(n), "退货", gold) for n in range(count)]
    made = [Prediction(query.qid, zone, FOUND, 1.0) for query in queries]
    return terms(labelled_rows(queries, made, 5), Contract(risk=0.05))


def test_the_chosen_cut_takes_the_place_of_threshold_and_margin() -> None:
    settings = asked(200).settings(KbqaSettings())
    assert (settings.answer_threshold, settings.margin) == (0.8, 0.0)


def test_too_few_questions_leave_only_equal_wordings_to_be_answered() -> None:
    held = asked(20)
    assert held.choice.cut is None
    assert 0.999 < held.settings(KbqaSettings()).answer_threshold < 0.9999


def test_what_the_guard_keeps_back_counts_for_no_cut() -> None:
    assert asked(200, zone="suggest").choice.curve == ()


def test_while_a_task_waits_the_cut_is_no_lower_than_the_settings_say() -> None:
    settings = asked(200).settings(KbqaSettings(digression_threshold=0.95))
    assert settings.digression_threshold == 0.95
    assert asked(20).settings(KbqaSettings()).digression_threshold > 0.999


def test_a_list_that_was_seen_to_hold_the_question_often_enough_is_shown() -> None:
    held = asked(200, zone="suggest")
    assert held.list_cut == pytest.approx(0.9)
    assert held.settings(KbqaSettings(suggest_threshold=0.5)).suggest_threshold == held.list_cut
    assert held.settings(KbqaSettings(suggest_threshold=0.95)).suggest_threshold == 0.95


def test_questions_that_equal_a_wording_say_nothing_about_the_others() -> None:
    query = EvaluationQuery("1", "怎么退货", "return")
    equal = (Candidate("return", "怎么退货", 1.0, "exact"),)
    assert labelled_rows([query], [Prediction("1", "answer", equal, 1.0)], 5) == []
    held = Terms(Choice(None, 0, 1, ()), Recalibration(1.0, -3.0))
    assert held.restated(equal) == equal


def test_to_tune_everything_is_let_through() -> None:
    settings = everything_direct(KbqaSettings())
    assert (settings.answer_threshold, settings.margin) == (0.0, 0.0)
    assert settings.contrast_guard


@pytest.mark.parametrize("offset", [-2.0, 0.0, 2.0])
def test_restated_candidates_keep_their_order_and_are_no_more_than_one(offset: float) -> None:
    held = Terms(Choice(None, 0, 1, ()), Recalibration(1.0, offset))
    zone, candidates = held.stated(lambda query: ("answer", FOUND))("退货")
    scores = [candidate.score for candidate in candidates]
    assert zone == "answer"
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1.0
    assert scores[0] == pytest.approx(Recalibration(1.0, offset)(0.8))


def test_nothing_found_stays_nothing() -> None:
    held = Terms(Choice(None, 0, 1, ()), Recalibration())
    assert held.stated(lambda query: ("none", ()))("?") == ("none", ())
