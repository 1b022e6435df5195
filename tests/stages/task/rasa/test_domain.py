"""What a domain says of intents, entities, slots, forms, responses and the session."""

from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.project import (
    Choice,
    Condition,
    EntityKind,
    Session,
    Slot,
    SlotMapping,
    Variation,
)

from .writing import remarks, written

TRIP = """\
intents:
- book:
    use_entities: [city]
- greet:
    ignore_entities: [city]
- bye:
    use_entities: []
- ask:
    use_entities: true
entities:
- city:
    roles: [origin, goal]
    groups: ["1"]
- age:
    influence_conversation: false
- name
"""


def test_entities_have_roles_and_groups(tmp_path: Path) -> None:
    project = written(tmp_path, {"domain.yml": TRIP})

    assert project.kinds == {
        "city": EntityKind("city", ("origin", "goal"), ("1",)),
        "age": EntityKind("age", influences=False),
        "name": EntityKind("name"),
    }


def test_an_intent_may_use_or_ignore_entities(tmp_path: Path) -> None:
    project = written(tmp_path, {"domain.yml": TRIP})

    assert project.used_entities == {
        "book": {"city"},
        "greet": {"name"},
        "bye": set(),
        "ask": {"city", "name"},
    }


def test_slots_of_every_type_are_read(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": """\
slots:
  name: {type: text}
  member: {type: bool, initial_value: false}
  tier: {type: categorical, values: [gold, 7], influence_conversation: false}
  age: {type: float, min_value: 1, max_value: 99.5}
  tags: {type: list}
  found: {type: any}
  old: {type: unfeaturized}
  path: {type: rasa.shared.core.slots.TextSlot}
"""
        },
    )

    assert dict(project.slots) == {
        "name": Slot("name", "text"),
        "member": Slot("member", "bool", initial=False),
        "tier": Slot("tier", "categorical", values=("gold", 7), influences=False),
        "age": Slot("age", "float", least=1.0, most=99.5),
        "tags": Slot("tags", "list"),
        "found": Slot("found", "any", influences=False),
        "old": Slot("old", "any", influences=False),
        "path": Slot("path", "text"),
    }
    assert project.domain["slots"]["path"] == {"type": "text"}


def test_mappings_of_every_kind_are_read(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": """\
intents: [inform, deny]
entities: [city]
actions: [action_guess]
forms: {trip_form: {required_slots: [goal]}}
slots:
  goal:
    type: text
    mappings:
    - {type: from_entity, entity: city, role: goal, group: 1, intent: [inform, deny]}
    - type: from_text
      not_intent: deny
      conditions: [{active_loop: null}, {active_loop: trip_form, requested_slot: null}]
    - {type: from_intent, intent: deny, value: false}
    - {type: from_trigger_intent, intent: inform, value: [1, 2]}
    - {type: custom, action: action_guess}
"""
        },
    )

    assert project.slots["goal"].mappings == (
        SlotMapping("from_entity", "city", ("inform", "deny"), role="goal", group="1"),
        SlotMapping(
            "from_text",
            not_intents=("deny",),
            conditions=(Condition(""), Condition("trip_form", "")),
        ),
        SlotMapping("from_intent", intents=("deny",), value=False),
        SlotMapping("from_trigger_intent", intents=("inform",), value=[1, 2]),
        SlotMapping("custom", action="action_guess"),
    )


@pytest.mark.parametrize(
    ("slot", "further", "filled"),
    [
        ("city: {type: text}", "", True),
        ("city: {type: text, auto_fill: true}", "", True),
        ("city: {type: text, auto_fill: false}", "", False),
        ("city: {type: text, mappings: [{type: custom}]}", "", False),
        ("town: {type: text}", "", False),
        ("city: {type: text}", "config: {store_entities_as_slots: false}\n", False),
    ],
)
def test_in_rasa_2_an_entity_fills_the_slot_of_its_name(
    tmp_path: Path, slot: str, further: str, filled: bool
) -> None:
    domain = f"{further}entities: [city]\nslots:\n  {slot}\n"

    project = written(tmp_path, {"domain.yml": domain})

    (mappings,) = (slot.mappings for slot in project.slots.values())
    assert (mappings == (SlotMapping("from_entity", "city"),)) is filled


def test_what_asks_for_a_slot_of_this_form_comes_first(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": "actions: [action_ask_b, action_ask_f_c, action_ask_d]\nresponses:\n"
            "  utter_ask_a: [{text: a}]\n  utter_ask_b: [{text: b}]\n  utter_ask_f_d: [{text: d}]\n"
            "  utter_ask_f_c: [{text: c}]\n"
        },
    )

    assert {slot: project.question_of("f", slot) for slot in "abcde"} == {
        "a": "utter_ask_a",
        "b": "action_ask_b",
        "c": "action_ask_f_c",
        "d": "utter_ask_f_d",
        "e": None,
    }


def test_everything_of_a_response_is_read(tmp_path: Path) -> None:
    project = written(
        tmp_path,
        {
            "domain.yml": """\
responses:
  utter_all:
  - text: Look
    id: r1
    image: /a.png
    channel: slack
    attachment: {type: video, payload: {src: /b.mp4}}
    elements: [{title: One, buttons: []}]
    buttons: [{title: Shop, url: "https://example.org", payload: /shop}]
  - custom: {blocks: [{type: section}]}
"""
        },
    )

    assert project.responses["utter_all"] == (
        Variation(
            "Look",
            "/a.png",
            (Choice("Shop", "/shop", "https://example.org"),),
            "slack",
            attachment={"type": "video", "payload": {"src": "/b.mp4"}},
            elements=({"title": "One", "buttons": []},),
        ),
        Variation(custom={"blocks": [{"type": "section"}]}),
    )


@pytest.mark.parametrize(
    ("session", "meant"),
    [
        ("", Session(60.0, carries_slots=True)),
        ("session_config:\n  session_expiration_time: 0\n", Session(0.0, carries_slots=True)),
        (
            "session_config:\n  session_expiration_time: 1.5\n"
            "  carry_over_slots_to_new_session: false\n",
            Session(1.5, carries_slots=False),
        ),
    ],
)
def test_the_session_is_typed(tmp_path: Path, session: str, meant: Session) -> None:
    assert written(tmp_path, {"domain.yml": session}).session == meant


@pytest.mark.parametrize(
    ("domain", "place", "says"),
    [
        (
            "session_config:\n  session_expiration_time: soon\n",
            "domain.yml:2",
            "a number was expected, not 'soon'",
        ),
        (
            "session_config:\n  session_expiration_time: -1\n",
            "domain.yml:2",
            "-1 is out of range; write 0 or more",
        ),
        (
            "session_config:\n  carry_over_slots_to_new_session: 3\n",
            "domain.yml:2",
            "true or false was expected, not 3",
        ),
        (
            "slots:\n  age: {type: float, min_value: 3, max_value: 2}\n",
            "domain.yml:2",
            "no room between 3 and 2",
        ),
        (
            "responses:\n  utter_x:\n  - stuff: a\n",
            "domain.yml:3",
            "a variation of stuff says nothing",
        ),
        (f"intents: {'[' * 5000}", "domain.yml", "nested without end"),
    ],
)
def test_a_domain_that_makes_no_sense_is_refused(
    tmp_path: Path, domain: str, place: str, says: str
) -> None:
    with pytest.raises(BadInput) as error:
        written(tmp_path, {"domain.yml": domain})

    assert says in str(error.value)
    assert place in error.value.where


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ("intents:\n- greet:\n    triggers: utter_hi\n", "domain.yml:3: an action that an intent"),
        ("slots:\n  a: {type: categorical}\n", "categorical slot 'a' has no `values`"),
        ("slots:\n  a: {type: own.Slot}\n", "a class of your own"),
        ("slots:\n  a: {type: text, value_reset_delay: 3}\n", "`value_reset_delay` of the slot"),
        ("responses:\n  utter_x:\n", "domain.yml:2: the response 'utter_x' has no variation"),
        (
            "entities: [a]\nintents:\n- greet: {use_entities: [a], ignore_entities: [a]}\n",
            "both used and ignored for 'greet'",
        ),
        ("entities:\n- a\n- a\n", "domain.yml:3: the entity 'a' stands at"),
    ],
)
def test_what_looks_wrong_in_a_domain_is_named(tmp_path: Path, domain: str, says: str) -> None:
    assert any(says in remark for remark in remarks(tmp_path, {"domain.yml": domain}))
