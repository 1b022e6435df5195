"""Events in Rasa's words become events of ours, or are refused with one sentence."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.channels.rasa_api.appending import Added, added_events
from cs_bot.channels.rasa_api.refusals import RasaRefused
from cs_bot.errors import BadInput
from cs_bot.events import (
    ActionReverted,
    ActionTaken,
    ConversationPaused,
    ConversationResumed,
    DialogueRestarted,
    DialogueState,
    Event,
    LocaleSet,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
    SessionStarted,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stages.task.project import Project

NOW = 100.0
BOOKING = DialogueState().apply(
    [TaskStarted("book"), LoopStarted("book_form"), SlotSet("city", "Rome"), SlotRequested("day")]
)


def added(project: Project, body: Any, state: DialogueState = BOOKING) -> Added:
    return added_events(body, project, state, NOW)


@pytest.mark.parametrize(
    ("written", "events"),
    [
        ({"event": "slot", "name": "day", "value": "friday"}, [SlotSet("day", "friday")]),
        ({"event": "slot", "name": "day", "value": None}, [SlotSet("day", None)]),
        ({"event": "slot", "name": "guests", "value": [1, {"a": 2}]}, None),
        ({"event": "slot", "name": "requested_slot", "value": "city"}, [SlotRequested("city")]),
        ({"event": "slot", "name": "locale", "value": "zh"}, [LocaleSet("zh")]),
        ({"event": "action", "name": "utter_greet"}, [ActionTaken("utter_greet")]),
        ({"event": "action_execution_rejected", "name": "book_form"}, [LoopRejected("book_form")]),
        ({"event": "followup", "name": "utter_greet"}, []),
        ({"event": "agent", "text": "Hello, this is Ann."}, []),
        ({"event": "bot", "text": "It has been sent."}, []),
        ({"event": "bot", "data": {"image": "https://a.example/i.png"}}, []),
        ({"event": "restart"}, [DialogueRestarted()]),
        ({"event": "session_started"}, [SessionStarted(carries_slots=False)]),
        ({"event": "rewind"}, [MessageReverted()]),
        ({"event": "undo"}, [ActionReverted()]),
        ({"event": "pause"}, [ConversationPaused()]),
        ({"event": "resume"}, [ConversationResumed()]),
        ({"event": "reset_slots"}, [SlotSet("city", None), SlotRequested(None)]),
        (
            {"event": "active_loop", "name": None},
            [LoopEnded("book_form"), TaskEnded("book", "cancelled")],
        ),
        (
            {"event": "user", "text": "hi", "parse_data": {"intent": {"name": "greet"}}},
            [ActionTaken("action_listen"), MessageUnderstood("greet")],
        ),
        (
            {
                "event": "user",
                "text": "to Rome",
                "parse_data": {
                    "intent": {"name": "inform", "confidence": 0.9},
                    "entities": [{"entity": "city", "value": "Rome"}, {"entity": "city"}],
                },
            },
            [ActionTaken("action_listen"), MessageUnderstood("inform", ("city",))],
        ),
        (
            {"event": "user", "text": "hm"},
            [ActionTaken("action_listen"), MessageUnderstood(None)],
        ),
    ],
)
def test_each_kind_does_what_it_does_in_rasa(
    project: Project, written: dict[str, Any], events: list[Event] | None
) -> None:
    found = added(project, written)
    if events is None:
        events = [SlotSet(written["name"], written["value"])]
    assert list(found.events) == events
    assert (found.told[0]["event"], found.told[0]["timestamp"]) == (written["event"], NOW)


def test_a_form_begins_its_task_and_ends_the_one_that_runs(project: Project) -> None:
    begins = {"event": "active_loop", "name": "book_form"}
    started = (TaskStarted("book"), LoopStarted("book_form"))
    assert added(project, begins, DialogueState()).events == started
    left = (LoopEnded("book_form"), TaskEnded("book", "cancelled"))
    assert added(project, begins).events == (*left, *started)


def test_a_form_that_is_left_asks_for_nothing_any_more(project: Project) -> None:
    _, asks = added(project, {"event": "active_loop", "name": None}).told
    assert (asks["name"], asks["value"]) == ("requested_slot", None)


def test_events_of_a_list_follow_upon_each_other(project: Project) -> None:
    body = [
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": "book", "parse_data": {"intent": {"name": "book"}}},
        {"event": "active_loop", "name": "book_form"},
        {"event": "active_loop", "name": None},
    ]
    assert added(project, body, DialogueState()).events == (
        ActionTaken("action_listen"),
        MessageUnderstood("book"),
        TaskStarted("book"),
        LoopStarted("book_form"),
        LoopEnded("book_form"),
        TaskEnded("book", "cancelled"),
    )


def test_an_event_may_name_its_time(project: Project) -> None:
    [told] = added(project, {"event": "restart", "timestamp": 12}).told
    assert told == {"event": "restart", "timestamp": 12.0}


def test_a_message_is_told_as_rasa_tells_messages(project: Project) -> None:
    [told] = added(project, {"event": "user", "text": "hi", "metadata": {"page": "/cart"}}).told
    assert told == {
        "event": "user",
        "timestamp": NOW,
        "text": "hi",
        "parse_data": {"intent": {}, "entities": [], "text": "hi"},
        "input_channel": None,
        "message_id": None,
        "metadata": {"page": "/cart"},
    }


LONG = "x" * 10_000


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([], "there is no event; send one event or a list of them"),
        (5, "event: it is no JSON object"),
        ([{"event": "restart"}, "slot"], "events[1]: it is no JSON object"),
        ([{"event": "restart"}] * 101, "there are 101 events; send at most 100 at a time"),
        ({}, "event.event: 'event' must be text"),
        ({"event": "sloot"}, "event.event: unknown event 'sloot'; did you mean 'slot'?"),
        ({"event": "slot", "value": 1}, "event.name: 'name' must be text"),
        ({"event": "slot", "name": "city"}, "event.value: it has no 'value'"),
        ({"event": "slot", "name": "cty", "value": 1}, "unknown slot 'cty'; did you mean 'city'?"),
        ({"event": "slot", "name": "city", "value": LONG}, "'value' has 10000 characters"),
        ({"event": "slot", "name": "city", "value": [LONG] * 3}, "'value' has 30012 characters"),
        ({"event": "slot", "name": "city", "value": float("nan")}, "'value' is no JSON"),
        ({"event": "slot", "name": "city", "value": "\ud800"}, "'value' is no JSON"),
        ({"event": "slot", "name": "locale", "value": "fr"}, "'fr' is no value of 'locale'"),
        ({"event": "slot", "name": "requested_slot", "value": 5}, "no value of 'requested_slot'"),
        ({"event": "action", "name": "x" * 201}, "'name' has 201 characters; send at most 200"),
        ({"event": "active_loop", "name": "bok_form"}, "unknown form 'bok_form'; did you mean"),
        ({"event": "active_loop", "name": "idle_form"}, "nothing begins the form 'idle_form'"),
        ({"event": "user", "text": LONG}, "event.text: 'text' has 10000 characters"),
        ({"event": "user"}, "event.text: 'text' must be text"),
        ({"event": "user", "text": "a", "parse_data": 5}, "'parse_data' must be an object"),
        ({"event": "user", "text": "a", "parse_data": {"intent": "greet"}}, "intent has no name"),
        ({"event": "user", "text": "a", "parse_data": {"entities": [5]}}, "entity has no name"),
        ({"event": "user", "text": "a", "parse_data": {"entities": 5}}, "entity has no name"),
        ({"event": "user", "text": "a", "input_channel": 5}, "'input_channel' must be text"),
        ({"event": "bot"}, "event.text: it says nothing"),
        ({"event": "bot", "text": "a", "data": []}, "'data' must be an object"),
        ({"event": "restart", "timestamp": "now"}, "'timestamp' must be seconds since 1970"),
        ({"event": "restart", "timestamp": True}, "'timestamp' must be seconds since 1970"),
        ({"event": "restart", "timestamp": 1e300}, "'timestamp' must be seconds since 1970"),
    ],
)
def test_bad_input_is_one_sentence(project: Project, body: Any, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        added(project, body)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("kind", ["reminder", "cancel_reminder", "entities", "export"])
def test_what_cannot_be_done_is_refused_and_never_recorded(project: Project, kind: str) -> None:
    with pytest.raises(RasaRefused, match=f"events '{kind}' cannot be added here") as refused:
        added(project, [{"event": "restart"}, {"event": kind}])
    assert refused.value.status == 501


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
FIELDS = ("name", "value", "text", "parse_data", "data", "metadata", "timestamp", "input_channel")
KINDS = ("slot", "action", "active_loop", "user", "bot", "followup", "agent", "reset_slots", "undo")


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_any_json_is_added_or_refused(kind: str, fields: dict[str, Any]) -> None:
    try:
        found = added_events({"event": kind, **fields}, Project(Path()), BOOKING, NOW)
    except (BadInput, RasaRefused):
        return
    assert found.told[0]["event"] == kind
    DialogueState().within_turn(found.events)
