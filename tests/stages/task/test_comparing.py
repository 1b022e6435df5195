"""Two versions of the task model on what both were judged on, and when one counts as worse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.comparing import compared
from cs_bot.stages.task.trials import Judged, judged_as_json, judged_from_json


def intents(count: int, wrong: int, *, first: int = 0) -> list[Judged]:
    """Return examples of an intent, the first of them read as another one."""
    numbers = range(first, first + count)
    return [
        Judged(f"text {n}", "refund", "order" if n - first < wrong else "refund", 0, 0, 0)
        for n in numbers
    ]


@pytest.mark.parametrize(
    ("count", "before", "after", "is_worse"),
    [
        (100, 5, 8, True),
        (100, 5, 7, False),  # not by more than the margin
        (10, 0, 1, False),  # a single example is no proof
        (10, 0, 2, True),
        (10, 2, 0, False),
    ],
)
def test_a_version_is_worse_beyond_the_margin_and_one_mistake(
    count: int, before: int, after: int, is_worse: bool
) -> None:
    (measure,) = compared(
        judged_as_json(intents(count, before), {}), judged_as_json(intents(count, after), {})
    )
    assert measure.is_worse == is_worse
    assert (measure.name, measure.cases) == ("intent accuracy", count)


def test_only_what_both_were_asked_counts() -> None:
    old, new = intents(10, 0), intents(10, 5, first=5)  # the new mistakes are in 5 to 9
    (measure,) = compared(judged_as_json(old, {}), judged_as_json(new, {}))
    assert (measure.cases, measure.before, measure.after) == (5, 1.0, 0.0)


def test_an_example_that_has_another_intent_now_is_another_example() -> None:
    moved = [Judged(one.text, "order", "order", 0, 0, 0) for one in intents(10, 0)]
    assert compared(judged_as_json(intents(10, 0), {}), judged_as_json(moved, {})) == ()


def test_entities_and_stories_are_compared_as_well() -> None:
    old = [Judged(f"to {n}", "go", "go", 1, 0, 0) for n in range(10)]
    new = [Judged(f"to {n}", "go", "go", int(n < 6), 0, int(n >= 6)) for n in range(10)]
    passed = {f"story {n}": True for n in range(4)}
    failed = {f"story {n}": n == 0 for n in range(4)} | {"new": False}
    intent, entity, stories = compared(judged_as_json(old, passed), judged_as_json(new, failed))
    assert not intent.is_worse
    assert (entity.name, entity.before, entity.after, entity.is_worse) == (
        "entity F1",
        1.0,
        0.75,
        True,
    )
    assert (stories.cases, stories.before, stories.after, stories.is_worse) == (4, 1.0, 0.25, True)
    assert str(stories) == "test stories passed 1 -> 0.25 on 4 in common"


def test_a_version_that_was_not_evaluated_is_compared_on_nothing() -> None:
    assert compared({}, judged_as_json(intents(10, 0), {"s": True})) == ()


texts = st.text(max_size=5)
counts = st.integers(0, 3)
judgements = st.lists(st.builds(Judged, texts, texts, texts, counts, counts, counts), max_size=5)


@given(judgements, st.dictionaries(texts, st.booleans(), max_size=3))
def test_judgements_are_read_back_as_they_were(
    judged: list[Judged], stories: dict[str, bool]
) -> None:
    assert judged_from_json(judged_as_json(judged, stories)) == (judged, stories)


@given(judgements, st.dictionaries(texts, st.booleans(), max_size=3))
def test_no_version_is_worse_than_itself(judged: list[Judged], stories: dict[str, bool]) -> None:
    own = judged_as_json(judged, stories)
    assert not any(measure.is_worse for measure in compared(own, own))
