"""A circuit breaker: closed, open, half-open, told in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.actions.breaker import Breakers


class Clock:
    """Seconds that pass when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(rest_after=3, rest_seconds=30.0, clock=clock)


def fail(breakers: Breakers, times: int, name: str = "action_x") -> None:
    for _ in range(times):
        breakers.failed(name)


def test_failures_in_a_row_open_it(breakers: Breakers) -> None:
    fail(breakers, 2)
    assert breakers.refusal("action_x") is None

    fail(breakers, 1)
    assert breakers.refusal("action_x") == ("is left alone for 30 s more after 3 failures in a row")
    assert breakers.refusal("action_y") is None


def test_a_success_between_them_starts_the_count_anew(breakers: Breakers) -> None:
    fail(breakers, 2)
    breakers.succeeded("action_x")
    fail(breakers, 2)

    assert breakers.refusal("action_x") is None


def test_after_the_rest_one_call_tries_and_the_others_are_refused(
    breakers: Breakers, clock: Clock
) -> None:
    fail(breakers, 3)
    clock.now += 30.0

    assert breakers.refusal("action_x") is None
    assert breakers.refusal("action_x") == "is tried by one call after 3 failures in a row"

    breakers.succeeded("action_x")
    assert breakers.refusal("action_x") is None


def test_a_try_that_fails_opens_it_again(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    clock.now += 30.0
    breakers.refusal("action_x")
    fail(breakers, 1)

    assert "30 s more after 4 failures" in str(breakers.refusal("action_x"))


def test_a_try_that_tells_nothing_lets_another_one_try(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    clock.now += 30.0
    breakers.refusal("action_x")
    breakers.unknown("action_x")

    assert breakers.refusal("action_x") is None


@given(st.lists(st.sampled_from(["call", "ok", "fail", "unknown", "wait"]), max_size=60))
def test_it_never_stays_open_for_longer_than_it_rests(steps: list[str]) -> None:
    clock = Clock()
    breakers = Breakers(rest_after=3, rest_seconds=30.0, clock=clock)
    under_way = 0
    for step in steps:
        if step == "wait":
            clock.now += 10.0
        elif step == "call":
            under_way += breakers.refusal("a") is None
        elif under_way:
            under_way -= 1
            {"ok": breakers.succeeded, "fail": breakers.failed, "unknown": breakers.unknown}[step](
                "a"
            )
    for _ in range(under_way):
        breakers.unknown("a")
    clock.now += 30.0

    assert breakers.refusal("a") is None
