"""What actions return is read event by event; nonsense is told in one sentence and left out."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import events as sdk
from rasa_sdk.executor import CollectingDispatcher

from cs_bot.blocks import Buttons, Card, Custom, Image, Text
from cs_bot.stages.task.actions.outcome import (
    APPLIED,
    LONGEST_TEXT,
    MOST_EVENTS,
    MOST_MESSAGES,
    ActionEvent,
    outcome_of,
)
from cs_bot.stages.task.project import Variation
from cs_bot.stages.task.showing import blocks_of

SDK_EVENTS = [
    sdk.SlotSet("size", "L"),
    sdk.AllSlotsReset(),
    sdk.ActiveLoop("size_form"),
    sdk.FollowupAction("action_next"),
    sdk.ActionExecuted("action_listen"),
    sdk.UserUttered("hello", {"intent": {"name": "greet"}}),
    sdk.BotUttered("hi"),
    sdk.UserUtteranceReverted(),
    sdk.ActionReverted(),
    sdk.Restarted(),
    sdk.SessionStarted(),
    sdk.ConversationPaused(),
    sdk.ConversationResumed(),
    sdk.ReminderScheduled("ask_again", datetime(2030, 1, 1, tzinfo=UTC), name="later"),
    sdk.ReminderCancelled("later"),
    sdk.LoopInterrupted(True),
    sdk.ActionExecutionRejected("action_refund"),
    sdk.AgentUttered("a colleague here"),
    sdk.StoryExported(),
]


def test_every_event_of_rasa_sdk_is_handed_on_in_its_order(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome = outcome_of("action_all", SDK_EVENTS, [])

    assert [event.kind for event in outcome.events] == [event["event"] for event in SDK_EVENTS]
    assert "does not exist" not in caplog.text
    told = {kind for kind in (e.kind for e in outcome.events) if f"event {kind}," in caplog.text}
    assert told == {event["event"] for event in SDK_EVENTS} - APPLIED


def test_a_reminder_carries_what_is_needed_to_set_it() -> None:
    (reminder,) = outcome_of("action_later", [SDK_EVENTS[13]], []).events

    assert reminder.values == {
        "name": "later",
        "intent": "ask_again",
        "entities": None,
        "date_time": "2030-01-01T00:00:00+00:00",
        "kill_on_user_msg": True,
    }


def test_slots_keep_their_order_and_the_last_word_on_what_follows_counts() -> None:
    events = [
        sdk.SlotSet("a", 1),
        sdk.AllSlotsReset(),
        sdk.SlotSet("a", [1, {"b": None}]),
        sdk.FollowupAction("action_first"),
        sdk.ActiveLoop(None),
    ]

    outcome = outcome_of("action_x", events, [])

    assert outcome.slots == (("a", 1), ("*", None), ("a", [1, {"b": None}]))
    assert (outcome.followup, outcome.leaves_loop) == (None, True)


def test_events_of_rasa_1_are_read_as_those_of_today() -> None:
    events = [{"event": "form", "name": "f"}, {"event": "form_validation", "validate": False}]

    outcome = outcome_of("action_old", events, [])

    assert outcome.followup == "f"
    assert outcome.events[1] == ActionEvent("loop_interrupted", {"is_interrupted": True})


def test_json_attachments_and_elements_are_said() -> None:
    message = {"custom": {"type": "rating"}, "attachment": "/a.pdf", "elements": [{"title": "One"}]}
    nothing: dict[str, Any] = {"text": "Hi", "custom": {}, "attachment": None, "elements": []}

    first, second = outcome_of("action_x", [], [message, nothing]).said

    card = {"title": "One", "image_url": None, "buttons": []}
    assert first.words == Variation(
        attachment="/a.pdf", custom={"type": "rating"}, elements=(card,)
    )
    assert second.words == Variation("Hi")


def test_a_bot_event_is_said() -> None:
    buttons = {"buttons": [{"title": "Yes", "payload": "/yes"}, {"title": "No"}, "odd"]}

    (said,) = outcome_of("action_x", [sdk.BotUttered("Sure?", buttons)], []).said

    assert said.words.text == "Sure?"
    assert [(c.title, c.payload) for c in said.words.choices] == [("Yes", "/yes"), ("No", "No")]


def test_all_that_rasa_sdk_can_say_is_shown() -> None:
    dispatcher = CollectingDispatcher()
    dispatcher.utter_message(text="plain")
    dispatcher.utter_message(
        image="https://a/i.png",
        json_message={"map": 1},
        attachment={"type": "file"},
        elements=[
            {"title": "Card", "image_url": 7, "buttons": [{"title": "Go", "url": "https://b"}]}
        ],
        buttons=[{"title": "Open", "url": "https://c"}],
    )

    plain, rich = outcome_of("action_x", [], dispatcher.messages).said

    assert blocks_of(plain.words) == (Text("plain"),)
    assert [type(block) for block in blocks_of(rich.words)] == [
        Image,
        Buttons,
        Custom,
        Custom,
        Card,
    ]


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ("slots", "action action_x returned str where a list of events belongs; it is left out"),
        ([["slot", "a"]], "returned list where an event belongs; it is left out"),
        ([{"event": "slott"}], "returned the event slott, which does not exist; it is left out"),
        ([{"no": "event"}], "returned the event None, which does not exist"),
        ([{"event": ["slot"]}], "returned the event ['slot'], which does not exist"),
        ([{"event": "slot", "value": 1}], "returned an event slot without a name"),
        ([{"event": "followup", "name": 7}], "returned an event followup without a name"),
        ([sdk.SlotSet("a", object())], "returned a value of the slot a that is no JSON"),
        ([sdk.SlotSet("a", float("nan"))], "returned a value of the slot a that is no JSON"),
        ([sdk.SlotSet("a", "\ud800")], "returned a value of the slot a that is no JSON"),
        ([sdk.SlotSet("a", ["x" * 30_000])], "the slot a that has 30004 characters, more than"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_sentence(
    events: Any, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = outcome_of("action_x", events, [])

    assert outcome.events == ()
    assert sentence in caplog.text
    assert len(caplog.records) == 1


def test_a_text_of_10_000_characters_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    outcome = outcome_of("action_x", [sdk.SlotSet("note", "好" * 10_000)], [])

    assert outcome.slots == (("note", "好" * LONGEST_TEXT),)
    assert "action_x returned a text of 10000 characters, of which 4000 are kept" in caplog.text


def test_a_megabyte_is_cut_to_its_beginning(caplog: pytest.LogCaptureFixture) -> None:
    events = [sdk.SlotSet("a", n) for n in range(30_000)]
    messages = [{"text": "x" * 1_000_000, "buttons": [{"title": "y"}] * 1_000}] * 50

    outcome = outcome_of("action_x", events, messages)

    assert len(outcome.events) == MOST_EVENTS
    assert len(outcome.said) == MOST_MESSAGES
    assert len(outcome.said[0].words.text or "") == LONGEST_TEXT
    assert len(outcome.said[0].words.choices) == 20
    assert len(caplog.records) <= 4


def test_the_same_fault_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    outcome_of("action_x", [{"event": "nonsense"}] * 50, [])

    assert len(caplog.records) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "text", "buttons", "elements", "attachment", "url"]), inner
        )
    ),
    max_leaves=20,
)
eventlike = st.fixed_dictionaries(
    {"event": st.sampled_from([e["event"] for e in SDK_EVENTS]) | anything},
    optional={"name": anything, "value": anything, "text": anything, "data": anything},
)


@given(st.lists(eventlike | anything) | anything, st.lists(anything) | anything)
def test_whatever_is_returned_the_outcome_can_be_kept_as_json(events: Any, messages: Any) -> None:
    logging.disable(logging.WARNING)
    try:
        outcome = outcome_of("action_x", events, messages)
    finally:
        logging.disable(logging.NOTSET)

    kept = [dict(event.values) for event in outcome.events]
    kept += [dict(said.values) for said in outcome.said]
    for said in outcome.said:
        blocks_of(said.words)
    assert len(json.dumps(kept, allow_nan=False).encode()) < 2_000_000
