"""What customers' votes are worth: a little, for many of one mind, and never more than that."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.retrieval.votes import BOUND, Votes, counted, shift
from cs_bot.stores.protocols import Vote
from cs_bot.testing.encoder import WordEncoder

NOW = datetime(2030, 6, 1, tzinfo=UTC)
PAIRS = ("paper", "electronic", "invoice")
QUESTIONS = ("怎么换卡券", "怎么换卡券呢", "怎么不换卡券", "开发票")


def vote(
    n: int,
    pair: str = "paper",
    value: int = 1,
    *,
    question: str = "怎么换卡券",
    voter: str = "",
    days: float = 0,
) -> Vote:
    at = NOW - timedelta(days=days)
    return Vote(f"a_{n}", voter or f"v_{n}", question, (pair,), value, at)


def standing(votes: Sequence[Vote], now: datetime = NOW) -> Votes:
    ballots = counted(votes, now, {})
    return Votes.of(ballots, tuple(ballots), WordEncoder().encode(tuple(ballots)))


def moved(votes: Sequence[Vote], question: str = "怎么换卡券") -> dict[str, float]:
    vector = WordEncoder().encode([question])[0]
    return standing(votes).shifts(question, vector, PAIRS)


@st.composite
def elections(draw: st.DrawFn) -> list[Vote]:
    """Draw votes of few customers on few questions, so that they meet often.

    A vote that comes again with the same id may be another one, and later; all else stays.
    """
    drawn = st.tuples(st.integers(0, 400), st.sampled_from((1, 1, -1, 0)), st.integers(0, 100))
    return [
        vote(
            n,
            PAIRS[n // 64 % 3],
            value,
            question=QUESTIONS[n // 16 % 4],
            voter=f"v_{n % 16}",
            days=days,
        )
        for n, value, days in draw(st.lists(drawn, max_size=60))
    ]


@given(elections(), st.sampled_from(QUESTIONS))
def test_a_shift_is_bounded(votes: list[Vote], question: str) -> None:
    assert all(abs(by) <= BOUND for by in moved(votes, question).values())


@given(elections(), st.sampled_from(QUESTIONS), st.randoms(use_true_random=False))
def test_the_order_of_votes_makes_no_difference(
    votes: list[Vote], question: str, chance: random.Random
) -> None:
    shuffled = votes + votes[: len(votes) // 2]
    chance.shuffle(shuffled)
    assert moved(shuffled, question) == moved(votes, question)


@given(elections(), st.sampled_from(QUESTIONS), st.sampled_from(QUESTIONS), st.sampled_from(PAIRS))
def test_one_more_vote_never_works_against_itself(
    votes: list[Vote], on: str, question: str, pair: str
) -> None:
    before = moved(votes, question)
    for value in (1, -1):
        after = moved([*votes, vote(999, pair, value, question=on, voter="v_1")], question)
        for each in PAIRS:
            changed = after.get(each, 0.0) - before.get(each, 0.0)
            assert changed * value >= -1e-12 if each == pair else changed == 0


@given(elections(), st.integers(0, 15), st.sampled_from(PAIRS))
def test_a_customer_can_take_everything_back(votes: list[Vote], voter: int, pair: str) -> None:
    others = [each for each in votes if each.voter != f"v_{voter}"]
    mine = vote(999, pair, 1, voter=f"v_{voter}")
    taken_back = replace(mine, value=0, at=NOW + timedelta(seconds=1))
    assert moved([*others, mine, taken_back]) == moved(others)


def test_two_customers_of_one_mind_move_nothing_and_five_do() -> None:
    assert moved([vote(n) for n in range(2)]) == {}
    assert moved([vote(n) for n in range(5)]) == {"paper": pytest.approx(math.log(2))}


def test_one_customer_who_votes_a_thousand_times_moves_nothing() -> None:
    assert moved([vote(n, voter="v_1", days=n / 100) for n in range(1000)]) == {}


def test_one_customer_with_a_hundred_near_wordings_moves_nothing() -> None:
    asked = [f"怎么换卡券{'呢' * n}" for n in range(100)]
    assert moved([vote(n, question=text, voter="v_1") for n, text in enumerate(asked)]) == {}


@pytest.mark.parametrize("value", [1, -1])
def test_thirty_fresh_visitors_reach_the_bound_and_stop_there(value: int) -> None:
    thirty = moved([vote(n, value=value) for n in range(30)])
    assert thirty == {"paper": value * BOUND}
    assert moved([vote(n, value=value) for n in range(3000)]) == thirty


def test_customers_of_two_minds_cancel_out() -> None:
    divided = [vote(n, value=1 if n % 2 else -1) for n in range(20)]
    assert moved(divided) == {}


def test_the_last_word_of_a_customer_counts() -> None:
    votes = [vote(n) for n in range(5)]
    changed = [vote(9 + n, value=-1, voter=f"v_{n}", days=-1) for n in range(5)]
    assert moved([*votes, *changed]) == {"paper": pytest.approx(-math.log(2))}


def test_votes_fade_by_half_a_month_long() -> None:
    fresh, old = (moved([vote(n, days=days) for n in range(6)])["paper"] for days in (0, 30))
    assert fresh == pytest.approx(math.log(7 / 3))
    assert old == pytest.approx(math.log(4 / 3))


def test_the_vote_of_a_clock_that_is_ahead_counts_once_like_any_other() -> None:
    ahead = [vote(n, days=-1) for n in range(5)]
    assert moved(ahead) == moved([vote(n) for n in range(5)])


def test_votes_count_for_near_questions_less_than_for_the_same_and_not_for_others() -> None:
    votes = [vote(n) for n in range(5)]
    near = moved(votes, "怎么换卡券呢")["paper"]
    assert 0 < near < moved(votes)["paper"]
    assert moved(votes, "开发票") == {}


def test_votes_do_not_count_for_the_opposite_question() -> None:
    votes = [vote(n) for n in range(30)]
    assert moved(votes, "怎么不换卡券") == {}


def test_without_a_vector_only_the_same_question_has_votes() -> None:
    votes = standing([vote(n) for n in range(5)])
    assert votes.shifts("怎么换卡券", None, PAIRS) == {"paper": pytest.approx(math.log(2))}
    assert votes.shifts("怎么换卡券呢", None, PAIRS) == {}


def test_a_refused_list_speaks_against_all_its_lines() -> None:
    refused = [replace(vote(n, value=-1), pairs=("paper", "electronic")) for n in range(5)]
    assert moved(refused) == {pair: pytest.approx(-math.log(2)) for pair in PAIRS[:2]}


def test_forgotten_votes_count_no_longer_and_later_ones_do() -> None:
    votes = [vote(n, days=1) for n in range(5)] + [vote(9 + n, "invoice", days=1) for n in range(5)]
    yesterday = {"paper": NOW - timedelta(days=1)}
    forgotten = Votes.of(counted(votes, NOW, yesterday))
    assert set(forgotten.shifts("怎么换卡券", None, PAIRS)) == {"invoice"}
    later = [*votes, *(vote(20 + n) for n in range(3))]
    again = Votes.of(counted(later, NOW, yesterday))
    assert again.shifts("怎么换卡券", None, PAIRS)["paper"] == pytest.approx(math.log(4 / 3))


def test_a_pair_is_doubted_from_the_third_customer_against_it_on() -> None:
    two = [vote(n, value=-1, question=f"问 {n}") for n in range(2)]
    assert not standing([*two, vote(5, value=-1, voter="v_1")]).doubted("paper")
    assert standing([*two, vote(5, value=-1)]).doubted("paper")
    assert not standing([vote(n) for n in range(9)]).doubted("paper")


@given(elections(), st.sampled_from(QUESTIONS))
def test_only_a_doubted_pair_is_moved_down(votes: list[Vote], question: str) -> None:
    polled = standing(votes)
    assert all(polled.doubted(pair) for pair, by in moved(votes, question).items() if by < 0)


@given(st.lists(st.tuples(st.sampled_from((1, -1)), st.floats(0, 1)), max_size=300))
def test_the_shift_of_opposite_votes_is_the_opposite(ballots: list[tuple[int, float]]) -> None:
    opposite = [(-value, weight) for value, weight in ballots]
    assert shift(opposite) == pytest.approx(-shift(ballots))
