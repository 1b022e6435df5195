"""Which values an utterance gives to which slots."""

from pathlib import Path

import pytest

from cs_bot.stages.task.project import Condition, Project, Slot, SlotMapping, TaskForm
from cs_bot.stages.task.slots import candidates
from cs_bot.types import Entity, Intent, Reading

FORM = TaskForm("trip_form", ("origin", "goal", "note", "return_trip"), ignored_intents=("joke",))
CITY = SlotMapping("from_entity", entity="city")
PROJECT = Project(
    Path(),
    slots={
        "origin": Slot("origin", mappings=(CITY,)),
        "goal": Slot("goal", mappings=(CITY,)),
        "note": Slot("note", mappings=(SlotMapping("from_text", not_intents=("deny",)),)),
        "return_trip": Slot(
            "return_trip",
            "bool",
            mappings=(
                SlotMapping("from_intent", intents=("affirm",), value=True),
                SlotMapping("from_intent", intents=("deny",), value=False),
            ),
        ),
    },
)


def reading(intent: str | None = None, *cities: str) -> Reading:
    intents = () if intent is None else (Intent(intent, 0.9),)
    entities = tuple(Entity("city", city, 0, len(city), "pattern") for city in cities)
    return Reading(intents, entities, background=0.1 if intent else 1.0)


@pytest.mark.parametrize(
    ("requested", "read", "text", "found"),
    [
        (None, reading("book", "Rome"), "to Rome", {"origin": "Rome"}),
        ("origin", reading(None, "Rome"), "Rome", {"origin": "Rome"}),
        ("goal", reading(None, "Rome"), "Rome", {"goal": "Rome"}),
        ("note", reading(), "by the window ", {"note": "by the window"}),
        ("note", reading("deny"), "no", {}),
        ("note", reading(), "   ", {}),
        (None, reading("book"), "book a trip", {}),
        ("return_trip", reading("affirm"), "yes", {"return_trip": True}),
        ("return_trip", reading("deny"), "no", {"return_trip": False}),
        ("return_trip", reading("book"), "well", {}),
        ("origin", reading("affirm"), "yes", {}),
        ("origin", reading("joke", "Rome"), "a joke about Rome", {}),
    ],
)
def test_mappings_give_values(
    requested: str | None, read: Reading, text: str, found: dict[str, object]
) -> None:
    assert candidates(PROJECT, FORM, requested, read, text) == found


def test_an_intent_less_likely_than_no_job_is_not_believed() -> None:
    unsure = Reading((Intent("affirm", 0.3),), (), background=0.7)

    assert candidates(PROJECT, FORM, "return_trip", unsure, "hm") == {}


def test_a_condition_on_the_awaited_slot_holds_only_while_it_is_awaited() -> None:
    while_asked = Condition(active_loop="trip_form", requested_slot="goal")
    slot = Slot("goal", mappings=(SlotMapping("from_entity", "city", conditions=(while_asked,)),))
    project = Project(Path(), slots={"goal": slot})
    form = TaskForm("trip_form", ("goal",))

    assert candidates(project, form, "goal", reading(None, "Rome"), "Rome") == {"goal": "Rome"}
    assert candidates(project, form, None, reading(None, "Rome"), "Rome") == {}


def test_the_starting_intent_may_fill_a_slot() -> None:
    mapping = SlotMapping("from_trigger_intent", intents=("book",), value="one way")
    project = Project(Path(), slots={"kind": Slot("kind", mappings=(mapping,))})
    form = TaskForm("trip_form", ("kind",))

    assert candidates(project, form, None, reading("book"), "book") == {"kind": "one way"}
    assert candidates(project, form, "kind", reading("book"), "book") == {}


def test_a_list_slot_takes_all_values() -> None:
    project = Project(Path(), slots={"goal": Slot("goal", "list", mappings=(CITY,))})
    form = TaskForm("trip_form", ("goal",))

    found = candidates(project, form, "goal", reading(None, "Rome", "Oslo"), "Rome and Oslo")

    assert found == {"goal": ["Rome", "Oslo"]}


def test_the_first_mapping_that_fits_wins() -> None:
    mappings = (CITY, SlotMapping("from_text"))
    project = Project(Path(), slots={"goal": Slot("goal", mappings=mappings)})
    form = TaskForm("trip_form", ("goal",))

    assert candidates(project, form, "goal", reading(None, "Rome"), "to Rome") == {"goal": "Rome"}
    assert candidates(project, form, "goal", reading(), "home") == {"goal": "home"}


def test_a_role_or_group_that_a_mapping_names_must_be_there() -> None:
    slots = {
        "origin": Slot("origin", mappings=(SlotMapping("from_entity", "city", role="from"),)),
        "goal": Slot("goal", mappings=(SlotMapping("from_entity", "city", role="to", group="1"),)),
    }
    project = Project(Path(), slots=slots)
    form = TaskForm("trip_form", ("origin", "goal"))
    heard = Reading(
        (),
        (
            Entity("city", "Rome", 0, 4, "model", "to", "1"),
            Entity("city", "Oslo", 8, 12, "model", "to", "2"),
            Entity("city", "Bonn", 16, 20, "model", "from"),
            Entity("city", "Lima", 24, 28, "model"),
        ),
    )

    found = candidates(project, form, None, heard, "Rome to Oslo or Bonn or Lima")

    assert found == {"origin": "Bonn", "goal": "Rome"}


@pytest.mark.parametrize(
    ("condition", "requested", "counts"),
    [
        (Condition(active_loop=""), "goal", False),
        (Condition("trip_form", ""), "goal", False),
        (Condition("trip_form", ""), None, True),
    ],
)
def test_a_condition_may_ask_that_nothing_runs_or_is_awaited(
    condition: Condition, requested: str | None, counts: bool
) -> None:
    mapping = SlotMapping("from_entity", "city", conditions=(condition,))
    project = Project(Path(), slots={"goal": Slot("goal", mappings=(mapping,))})
    form = TaskForm("trip_form", ("goal",))

    found = candidates(project, form, requested, reading(None, "Rome"), "Rome")

    assert (found == {"goal": "Rome"}) is counts
