from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cs_bot.retrieval.decide import Zone
from cs_bot.retrieval.evaluation import Ask
from cs_bot.retrieval.replay import Outcome, Question, Side, Verdict, replay
from cs_bot.types import Answer, Candidate, QAPair, Wording

REFUND = QAPair("refund", "怎么退款", (), "原路退回。")
TRACK = QAPair("track", "快递到哪了", (), "看物流。")
PAIRS = {pair.id: pair for pair in (REFUND, TRACK)}


def side(zone: Zone, *ids: str, pairs: Mapping[str, QAPair] = PAIRS) -> Side:
    """Return a base that does the same with every question."""
    found = tuple(Candidate(one, one, 0.9 / (n + 1), "dense") for n, one in enumerate(ids))
    ask: Ask = lambda _: (zone, found)  # noqa: E731
    return Side(ask, pairs)


def verdict(gold: str | None, before: Side, after: Side) -> Verdict | None:
    changes = replay([Question("退钱", True, gold)], before, after, listed=5)
    return changes[0].verdict if changes else None


@pytest.mark.parametrize(
    ("gold", "before", "after", "expected"),
    [
        ("refund", side("suggest", "refund"), side("answer", "refund"), "better"),
        ("refund", side("answer", "refund"), side("suggest", "track", "refund"), "worse"),
        ("refund", side("none"), side("answer", "track"), "worse"),
        ("refund", side("suggest", "track"), side("suggest", "refund"), "better"),
        ("refund", side("suggest", "track", "refund"), side("suggest", "refund", "track"), "other"),
        (None, side("answer", "track"), side("none"), "better"),
        (None, side("none"), side("suggest", "track"), "worse"),
        ("refund", side("answer", "refund"), side("answer", "refund"), None),
    ],
)
def test_labelled_questions_tell_whether_a_customer_is_better_off(
    gold: str | None, before: Side, after: Side, expected: Verdict | None
) -> None:
    assert verdict(gold, before, after) == expected


def test_a_real_question_changes_but_nobody_can_say_for_the_better() -> None:
    (change,) = replay([Question("退钱")], side("none"), side("answer", "refund"), listed=5)
    assert change.verdict == "other"
    assert change.before == Outcome("none")
    assert change.after == Outcome("answer", "refund", (), 0.9)


def test_the_same_pair_with_another_answer_is_a_change() -> None:
    new = {"refund": QAPair("refund", "怎么退款", ("退钱",), "三天内退回。")}
    (change,) = replay(
        [Question("退钱", True, "refund")],
        side("answer", "refund"),
        side("answer", "refund", pairs=new),
        listed=5,
    )
    assert change.edited
    assert change.verdict == "other"


def test_another_translation_is_a_change_and_another_similar_question_is_none() -> None:
    english = {"en": Wording("refund", (), "Back to the card.")}
    translated = {"refund": QAPair("refund", "怎么退款", (), "原路退回。", translations=english)}
    reworded = {"refund": QAPair("refund", "怎么退款", ("退钱",), "原路退回。")}
    before, question = side("answer", "refund"), [Question("退钱")]
    assert replay(question, before, side("answer", "refund", pairs=translated), listed=5)
    assert not replay(question, before, side("answer", "refund", pairs=reworded), listed=5)


def test_another_answer_for_some_customers_is_a_change() -> None:
    gold = Answer("当天退回。", tiers=("gold",))
    told = {"refund": replace(REFUND, answers=(gold,))}
    after = side("answer", "refund", pairs=told)
    (change,) = replay([Question("退钱")], side("answer", "refund"), after, listed=5)
    assert change.edited


def test_lists_are_as_long_as_they_are_shown() -> None:
    after = side("suggest", "track", "refund")
    (change,) = replay([Question("退钱", True, "refund")], side("none"), after, listed=1)
    assert (change.after.listed, change.verdict) == (("track",), "other")


def test_before_the_first_release_everything_is_new() -> None:
    heard: list[int] = []
    questions = [Question("退钱"), Question("快递")]
    after = side("answer", "refund")
    assert len(replay(questions, None, after, listed=5, progress=heard.append)) == 2
    assert heard == [1, 2]
