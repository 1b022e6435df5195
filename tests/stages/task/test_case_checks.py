"""Expectations of a turn against what happened in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.case import ANYTHING, Acting, CaseTurn, Expected, Filling, Uttering
from cs_bot.stages.task.case_checks import Acted, Filled, Happening, Uttered, checked, same

ASKED = Uttered("How many?\n\nTwo or four?", ("How many?", "Two or four?"), "utter_ask_seats")
BOOKED = Uttered("Booked: T1", ("Booked: T1",), "utter_booked", (("Thanks", "/thank"),))
HAPPENED: tuple[Happening, ...] = (
    Acted("action_book"),
    Filled("seats", 2),
    Filled("day", None),
    ASKED,
    BOOKED,
)


def met(*steps: Expected, assertions: bool = False, in_order: bool = False) -> list[bool]:
    turn = CaseTurn("hello", "", steps=() if assertions else steps)
    if assertions:
        turn = CaseTurn("hello", "", assertions=steps, in_order=in_order)
    return [check.met for check in checked(turn, HAPPENED)]


def bot(text: str) -> Uttering:
    return Uttering("", "bot", text=text)


def slot(name: str, value: Any = ANYTHING, *, unwanted: bool = False) -> Filling:
    return Filling("", name, value, unwanted)


def uttered(pattern: str = "", **told: Any) -> Uttering:
    return Uttering("", "bot_uttered", matches=re.compile(pattern), **told)


def test_steps_may_come_in_any_order_and_more_may_happen() -> None:
    assert met(bot("Booked: T1"), slot("seats", 2), bot("Two or four?")) == [True, True, True]


def test_a_text_is_a_whole_message_or_one_of_its_paragraphs() -> None:
    assert met(bot("How many?\n\nTwo or four?"), bot("How many?")) == [True, False]
    assert met(bot("How many")) == [False]


def test_each_step_needs_a_happening_of_its_own() -> None:
    assert met(bot("Booked: T1"), bot("Booked: T1")) == [True, False]
    assert met(bot("Booked: T1"), Uttering("", "utter", response="utter_booked")) == [True, True]


def test_slots() -> None:
    assert met(slot("seats"), slot("seats", 3), slot("tier")) == [True, False, False]
    assert met(slot("day"), slot("day", None)) == [False, True]
    assert met(slot("seats", unwanted=True), slot("seats", 3, unwanted=True)) == [False, True]
    assert met(slot("day", unwanted=True)) == [True]


def test_what_an_assertion_tells_of_a_message_must_hold_of_one_and_the_same() -> None:
    said = uttered(r"T\d", response="utter_booked", buttons=(("Thanks", None),))
    assert met(said, uttered("many", response="utter_booked"), assertions=True) == [True, False]
    assert met(uttered(buttons=(("Thanks", "/deny"),)), assertions=True) == [False]


def test_assertions_may_be_met_by_the_same_thing_unless_order_counts() -> None:
    twice = (Acting("", "action_book"), Acting("", "action_book"))
    assert met(*twice, assertions=True) == [True, True]
    assert met(*twice, assertions=True, in_order=True) == [True, False]
    late = (uttered("Booked"), slot("seats"))
    assert met(*late, assertions=True) == [True, True]
    assert met(*late, assertions=True, in_order=True) == [True, False]


def test_what_must_not_be_said() -> None:
    unwanted = [uttered(words, unwanted=True) for words in ("sorry", "Booked")]
    assert met(*unwanted, assertions=True) == [True, False]


@pytest.mark.parametrize(
    ("told", "held", "alike"),
    [(1, 1.0, True), (1, True, False), ("1", 1, False), (None, "", False), ([1], [1], True)],
)
def test_values_are_the_same_where_their_types_are(told: Any, held: Any, alike: bool) -> None:
    assert same(told, held) is alike


@given(st.permutations(HAPPENED))
def test_the_order_of_what_happened_does_not_matter_to_steps(happened: list[Happening]) -> None:
    steps = (bot("Booked: T1"), slot("seats", 2), slot("tier", unwanted=True))
    assert all(check.met for check in checked(CaseTurn("hello", "", steps=steps), happened))
