"""How the situations of decisions come about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.dialogue.features import features_of
from cs_bot.stages.task.dialogue.situation import Dialogue
from cs_bot.stages.task.story import Acted, Filled, Looped, Named, Rejected, Spoke, Step
from tests.stages.task.dialogue.written import project

DOMAIN = {
    "intents": ["inform", {"book": {"use_entities": []}}, {"ask": {"ignore_entities": ["city"]}}],
    "entities": ["city", "date", {"noise": {"influence_conversation": False}}],
    "slots": {
        "city": {"type": "text"},
        "seat": {"type": "categorical", "values": ["Window", "aisle"]},
        "paid": {"type": "bool", "initial_value": False},
        "price": {"type": "float", "min_value": 0, "max_value": 200},
        "bag": {"type": "list"},
        "memo": {"type": "text", "influence_conversation": False},
        "anything": {"type": "any"},
    },
}
FEATURES = features_of(project(DOMAIN))
ASKED: tuple[Step, ...] = (
    *(Acted("action_listen"), Spoke("book"), Acted("f_form"), Looped("f_form")),
)
ANSWERED: tuple[Step, ...] = (Acted("action_listen"), Spoke("inform"), Acted("f_form"))


def after(*steps: Step) -> Dialogue:
    return Dialogue.begun(FEATURES).then(steps, FEATURES)


@given(times=st.integers(0, 5))
def test_how_often_a_form_asked_makes_no_difference(times: int) -> None:
    assert after(*ASKED, *ANSWERED * times) == after(*ASKED)


def test_what_a_form_found_out_does() -> None:
    filled = after(*ASKED, *ANSWERED, Filled("city", "Rome"), *ANSWERED)
    assert filled.past == after(*ASKED).past
    assert ("city", "some") in filled.now.slots


def test_a_detour_out_of_a_form_is_remembered() -> None:
    detour = (Acted("action_listen"), Spoke("ask"), Rejected("f_form"), Acted("utter_answer"))
    dialogue = after(*ASKED, *detour, Acted("f_form"))
    assert [one.action for one in dialogue.situations[-3:]] == [
        *("action_listen", "utter_answer"),
        "f_form",
    ]


def test_slots_are_seen_as_the_domain_says() -> None:
    given_slots = [("city", "Rome"), ("seat", "WINDOW"), ("paid", True), ("price", 50)]
    further = [("bag", ["a"]), ("memo", "x"), ("anything", 1)]
    dialogue = after(*(Filled(name, value) for name, value in (*given_slots, *further)))
    assert dialogue.now.slots == {
        ("city", "some"),
        ("seat", "window"),
        ("paid", "true"),
        ("price", "0.25"),
        ("bag", "some"),
    }
    assert after(Filled("seat", "middle")).now.slots == {("paid", "false"), ("seat", "another")}
    assert after(Filled("city", "Rome"), Filled("city", None)).now.slots == {("paid", "false")}


def test_entities_count_as_the_intent_says() -> None:
    named = (Named("city", "Rome"), Named("date", "today"), Named("noise", "x"))
    seen = {
        intent: set(after(Spoke(intent, named)).now.entities)
        for intent in ("inform", "book", "ask")
    }
    assert seen == {"inform": {"city", "date"}, "book": set(), "ask": {"date"}}
    assert after(Spoke("inform", (Named("city", None),))).now.entities == frozenset()


def test_a_restart_forgets_everything() -> None:
    assert after(*ASKED, Filled("city", "Rome"), Acted("action_restart")) == after()


def test_of_a_retrieval_intent_only_its_group_counts() -> None:
    assert after(Spoke("faq/price")).now.intent == "faq"
