"""Trackers are folds of Rasa's events, and rasa-sdk reads them."""

from typing import Any

import pytest
from rasa_sdk import Tracker

from cs_bot.channels.rasa_api.told import Told, action, session_begun, slot
from cs_bot.channels.rasa_api.trackers import Verbosity, before, tracker

SLOTS = {"city": "Rome", "guests": 1.0, "requested_slot": "day", "locale": "en"}


def user(text: str, at: float, intent: str = "inform") -> Told:
    parsed = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    return {
        "event": "user",
        "timestamp": at,
        "text": text,
        "parse_data": parsed,
        "input_channel": "rest",
        "message_id": "m_1",
        "metadata": {},
    }


def loop(name: str | None, at: float) -> Told:
    return {"event": "active_loop", "timestamp": at, "name": name}


def restart(at: float) -> Told:
    return {"event": "restart", "timestamp": at}


BOOKING = [
    *session_begun(1.0),
    user("book", 2.0, "book"),
    action("book_form", 3.0),
    loop("book_form", 3.0),
    slot("city", "Rome", 3.0),
    slot("requested_slot", "day", 3.0),
    action("action_listen", 3.0),
]


def after(*told: Told, verbosity: Verbosity = "AFTER_RESTART") -> dict[str, Any]:
    return tracker("anna", [*BOOKING, *told], SLOTS, verbosity)


def test_a_tracker_has_every_field_that_rasa_has() -> None:
    assert after(verbosity="NONE") == {
        "sender_id": "anna",
        "slots": SLOTS,
        "latest_message": BOOKING[3]["parse_data"],
        "latest_event_time": 3.0,
        "followup_action": None,
        "paused": False,
        "events": None,
        "latest_input_channel": "rest",
        "active_loop": {
            "name": "book_form",
            "is_interrupted": False,
            "rejected": False,
            "trigger_message": BOOKING[3]["parse_data"],
        },
        "latest_action": {"action_name": "action_listen"},
        "latest_action_name": "action_listen",
    }


def test_rasa_sdk_reads_it() -> None:
    read = Tracker.from_dict(after())
    assert read.sender_id == "anna"
    assert read.get_slot("city") == "Rome"
    assert read.active_loop_name == "book_form"
    assert read.latest_message["intent"]["name"] == "book"
    assert read.latest_action_name == "action_listen"
    assert read.get_latest_input_channel() == "rest"
    assert read.last_executed_action_has("book_form")
    assert not read.is_paused()
    assert read.current_state()["latest_event_time"] == 3.0


def test_a_new_conversation_waits_for_a_message() -> None:
    new = tracker("nobody", list(session_begun(1.0)), SLOTS, "ALL")
    assert new["latest_message"] == {
        "intent": {},
        "entities": [],
        "text": None,
        "message_id": None,
        "metadata": {},
    }
    assert [event["event"] for event in new["events"]] == ["action", "session_started", "action"]
    assert Tracker.from_dict(new).get_latest_input_channel() is None


@pytest.mark.parametrize(
    ("verbosity", "shown"),
    [("ALL", len(BOOKING) + 2), ("AFTER_RESTART", 1), ("APPLIED", 1), ("NONE", None)],
)
def test_events_are_shown_as_far_as_they_are_asked_for(
    verbosity: Verbosity, shown: int | None
) -> None:
    events = after(restart(4.0), user("hi", 5.0), verbosity=verbosity)["events"]
    assert (None if events is None else len(events)) == shown


def test_a_restart_forgets_what_was_said_and_done() -> None:
    again = after(restart(5.0))
    assert (again["active_loop"], again["latest_action_name"]) == ({}, None)
    assert again["latest_message"]["text"] is None
    assert again["followup_action"] == "action_session_start"


def test_a_form_that_is_left_is_active_no_more() -> None:
    assert after(loop(None, 4.0))["active_loop"] == {}


def test_a_form_tells_that_it_refused_the_message_until_it_runs_again() -> None:
    refused = {"event": "action_execution_rejected", "timestamp": 4.0, "name": "book_form"}
    assert after(refused)["active_loop"]["rejected"]
    assert after(refused, action("utter_chat", 5.0))["active_loop"]["rejected"]
    assert not after(refused, action("book_form", 5.0))["active_loop"]["rejected"]


def test_what_is_to_follow_holds_until_something_is_done_or_said() -> None:
    follows = {"event": "followup", "timestamp": 4.0, "name": "action_pay"}
    assert after(follows)["followup_action"] == "action_pay"
    assert after(follows, action("action_pay", 5.0))["followup_action"] is None
    assert after(follows, user("hi", 5.0))["followup_action"] is None


def told(kind: str, at: float) -> Told:
    return {"event": kind, "timestamp": at}


def test_what_is_taken_back_counts_no_more_but_stays_in_the_log() -> None:
    back = (user("no", 4.0), action("utter_ok", 4.0), action("action_listen", 4.0))
    taken = after(*back, told("rewind", 5.0), action("action_listen", 5.0))
    assert taken["latest_message"]["text"] == "book"
    assert len(taken["events"]) == len(BOOKING) + 5
    left = after(*back, told("rewind", 5.0), verbosity="APPLIED")["events"]
    assert left == BOOKING[:-1]
    undone = after(action("utter_ok", 4.0), told("undo", 5.0))
    assert undone["latest_action_name"] == "action_listen"


def test_nothing_is_taken_back_from_before_a_restart() -> None:
    again = after(restart(4.0), told("rewind", 5.0), verbosity="ALL")
    assert len(again["events"]) == len(BOOKING) + 2
    assert after(restart(4.0), told("rewind", 5.0), verbosity="APPLIED")["events"] == []


@pytest.mark.parametrize("ends", ["resume", "restart", "session_started"])
def test_a_bot_is_paused_until_it_is_resumed_or_begins_anew(ends: str) -> None:
    assert Tracker.from_dict(after(told("pause", 4.0))).is_paused()
    assert not Tracker.from_dict(after(told("pause", 4.0), told(ends, 5.0))).is_paused()


def test_a_tracker_may_be_read_as_it_was_before() -> None:
    assert [event["timestamp"] for event in before(BOOKING, 2.0)] == [1.0, 1.0, 1.0, 2.0]
