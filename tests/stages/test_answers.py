"""Which of a pair's answers is given: a pure choice by channel, language, tier and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import Button, Buttons, Suggest, Suggestion, Text
from cs_bot.stages.answers import (
    OWN,
    Choice,
    Situation,
    choice_of,
    described,
    related_to,
    situation_of,
    together,
    words_of,
)
from cs_bot.testing.turns import turn_of
from cs_bot.types import Answer, QAPair, User, Wording

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHANGHAI = timezone(timedelta(hours=8))
HERE = Situation("web", "zh", None, NOON)
GOLD = replace(HERE, tier="gold")


def pair(*answers: Answer, valid_until: datetime | None = None) -> QAPair:
    english = {"en": Wording("Postage?", (), "5 yuan.")}
    own = QAPair("p", "邮费多少？", (), "5 元。", translations=english, valid_until=valid_until)
    return replace(own, answers=answers)


def number(of: QAPair, situation: Situation = HERE) -> int | None:
    return choice_of(of, situation).number


def test_a_pair_with_one_answer_gives_it_to_everybody_for_ever() -> None:
    assert choice_of(pair(), HERE) == Choice(OWN)


@pytest.mark.parametrize(
    ("answer", "fits", "not_for"),
    [
        (Answer("a", channels=("app", "web")), HERE, replace(HERE, channel="rest")),
        (Answer("a", locales=("zh",)), HERE, replace(HERE, locale="en")),
        (Answer("a", tiers=("gold", "silver")), GOLD, HERE),
        (Answer("a", valid_from=NOON), HERE, replace(HERE, at=NOON - HOUR)),
        (Answer("a", valid_until=NOON + HOUR), HERE, replace(HERE, at=NOON + HOUR)),
    ],
    ids=["channel", "locale", "tier", "from", "until"],
)
def test_an_answer_is_given_where_its_condition_holds(
    answer: Answer, fits: Situation, not_for: Situation
) -> None:
    assert (number(pair(answer), fits), number(pair(answer), not_for)) == (1, OWN)


def test_a_time_counts_as_the_moment_it_is_wherever_it_was_written() -> None:
    evening = datetime(2026, 11, 27, 20, tzinfo=SHANGHAI)
    assert number(pair(Answer("a", valid_from=evening))) == 1
    assert number(pair(Answer("a", valid_until=evening))) == OWN


def test_the_answer_with_the_most_conditions_is_given_of_equal_ones_the_first() -> None:
    any_time, web, web_gold = Answer("a"), Answer("b", channels=("web",)), ("web",)
    both = Answer("c", channels=web_gold, tiers=("gold",))
    assert number(pair(any_time, web, both), GOLD) == 3
    assert number(pair(any_time, web, both)) == 2
    assert number(pair(web, replace(web, text="later"))) == 1


def test_a_pair_whose_every_time_is_over_has_no_answer() -> None:
    over = pair(Answer("a", valid_until=NOON - HOUR), valid_until=NOON)
    assert number(over) is None
    assert number(over, replace(HERE, at=NOON - HOUR / 2)) == OWN
    assert number(pair(Answer("a", channels=("web",)), valid_until=NOON)) == 1


def test_only_a_verified_user_has_a_tier() -> None:
    turn = turn_of("邮费")
    told = replace(turn.message, user=User("u", attributes={"tier": "gold"}))
    known = replace(told, user=replace(told.user, verified=True))
    assert situation_of(replace(turn, message=told)).tier is None
    assert situation_of(replace(turn, message=known)).tier == "gold"


def test_the_choice_is_personal_where_a_tier_could_have_changed_it() -> None:
    gold = Answer("a", tiers=("gold",))
    assert not choice_of(pair(gold), HERE).impersonal
    assert not choice_of(pair(gold), GOLD).impersonal
    assert choice_of(pair(replace(gold, channels=("app",))), HERE).impersonal


def test_the_choice_reaches_from_the_last_change_to_the_next() -> None:
    changing = pair(
        Answer("a", valid_from=NOON - 3 * HOUR, valid_until=NOON - HOUR),
        Answer("b", valid_from=NOON + 2 * HOUR),
        Answer("c", channels=("app",), valid_from=NOON + HOUR),
        valid_until=NOON + 5 * HOUR,
    )
    choice = choice_of(changing, HERE)
    assert (choice.since, choice.until) == (NOON - HOUR, NOON + 2 * HOUR)


def test_together_choices_reach_as_far_as_the_shortest() -> None:
    first = Choice(2, since=NOON - HOUR, until=NOON + 3 * HOUR)
    others = Choice(OWN, until=NOON + HOUR), Choice(None, impersonal=False, since=NOON)
    assert together((first, *others)) == Choice(2, False, NOON, NOON + HOUR)
    assert together((first,)) == first


def test_an_answer_without_words_stands_under_the_pairs_own_in_the_language_spoken() -> None:
    row = Buttons((Button("a1", "运费表", url="https://shop.example/fees"),), once=False)
    rich = pair(Answer(blocks=(row,)), Answer("**免邮**"))
    assert words_of(rich, 1, "zh") == (Text("5 元。", "md"), row)
    assert words_of(rich, 1, "en") == (Text("5 yuan.", "md"), row)
    assert words_of(rich, 2, "en") == (Text("**免邮**", "md"),)
    assert words_of(rich, OWN, "en") == (Text("5 yuan.", "md"),)


def test_the_trace_names_the_answer_and_why() -> None:
    rich = pair(
        Answer("a"),
        Answer("b", channels=("web", "app"), tiers=("gold",), valid_from=NOON),
    )
    assert described(rich, 1) == "1 of 2 (always)"
    assert described(rich, 2) == (
        "2 of 2 (channel web, app; tier gold; from 2026-11-27T12:00:00+00:00)"
    )
    assert described(rich, OWN) == described(pair(valid_until=NOON), OWN) == "own"
    assert described(pair(), OWN) is None


def test_related_questions_are_those_of_the_release_that_have_an_answer() -> None:
    others = [QAPair(f"r{n}", f"问题{n}？", (), "答") for n in range(9)]
    over = QAPair("over", "过期？", (), "答", valid_until=NOON)
    later = QAPair("later", "还没？", (), "答", valid_from=NOON + HOUR)
    release = {one.id: one for one in (*others, over, later)}
    asked = replace(pair(), related=("p", "gone", "over", "later", "r1"))
    blocks, choices = related_to(asked, release | {"p": asked}, HERE)
    assert blocks == (Text("您可能还想了解："), Suggest((Suggestion("r1", "问题1？"),)))
    assert together((Choice(OWN), *choices)).until == NOON + HOUR
    assert related_to(replace(pair(), related=("gone",)), release, HERE) == ((), ())
    many = replace(pair(), related=tuple(release))
    (_, shown), _ = related_to(many, release, replace(HERE, locale="en"))
    assert isinstance(shown, Suggest)
    assert len(shown.items) == 5


moments = st.integers(-6, 6).map(lambda hours: NOON + hours * HOUR)
labels = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
locales = st.sampled_from([(), ("zh",), ("en",), ("zh", "en")])
answers = st.builds(
    Answer, st.just("x"), st.just(()), labels, locales, labels, st.none() | moments,
    st.none() | moments,
)  # fmt: skip
pairs = st.builds(
    QAPair,
    st.just("p"),
    st.just("q"),
    st.just(()),
    st.just("own"),
    answers=st.lists(answers, max_size=5).map(tuple),
    valid_from=st.none() | moments,
    valid_until=st.none() | moments,
)
situations = st.builds(
    Situation,
    st.sampled_from(["a", "b", "d"]),
    st.sampled_from(["zh", "en"]),
    st.none() | st.sampled_from(["a", "c"]),
    moments,
)


def holds(answer: Answer, situation: Situation) -> bool:
    """Say it again, slowly."""
    if answer.channels and situation.channel not in answer.channels:
        return False
    if answer.locales and situation.locale not in answer.locales:
        return False
    if answer.tiers and situation.tier not in answer.tiers:
        return False
    if answer.valid_from is not None and situation.at < answer.valid_from:
        return False
    return answer.valid_until is None or situation.at < answer.valid_until


@given(pairs, situations)
def test_the_chosen_answer_holds_and_no_other_that_holds_has_more_conditions(
    of: QAPair, situation: Situation
) -> None:
    chosen = choice_of(of, situation).number
    holding = [n for n, answer in enumerate(of.answers, 1) if holds(answer, situation)]
    if chosen is None or chosen == OWN:
        assert holding == []
        own = Answer("own", valid_from=of.valid_from, valid_until=of.valid_until)
        assert (chosen == OWN) == holds(own, situation)
        return

    def conditions(n: int) -> int:
        one = of.answers[n - 1]
        window = (one.valid_from or one.valid_until) is not None
        return sum(map(bool, (one.channels, one.locales, one.tiers, window)))

    assert chosen == min(holding, key=lambda n: (-conditions(n), n))


@given(pairs, situations, moments)
def test_within_its_reach_a_choice_never_changes(
    of: QAPair, situation: Situation, later: datetime
) -> None:
    choice = choice_of(of, situation)
    reached = (choice.since or later) <= later and (choice.until is None or later < choice.until)
    if reached:
        assert choice_of(of, replace(situation, at=later)).number == choice.number


@given(pairs, situations, st.sampled_from([None, "a", "b", "c", "z"]))
def test_an_impersonal_choice_is_the_same_for_every_tier(
    of: QAPair, situation: Situation, tier: str | None
) -> None:
    choice = choice_of(of, situation)
    if choice.impersonal:
        assert choice_of(of, replace(situation, tier=tier)).number == choice.number
