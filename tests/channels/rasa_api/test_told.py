"""A turn in the words of Rasa's events: one golden example for each kind."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cs_bot.blocks import Block, Button, Buttons, Custom, Image, Text
from cs_bot.channels.rasa_api.told import Told, told_history, told_turn
from cs_bot.events import (
    ActionReverted,
    ActionTaken,
    ConversationPaused,
    ConversationResumed,
    DialogueRestarted,
    Event,
    HandoffOffered,
    LocaleSet,
    LoopEnded,
    LoopRejected,
    LoopStarted,
    MessageReverted,
    MessageUnderstood,
    ReminderCancelled,
    ReminderSet,
    SessionStarted,
    SlotRequested,
    SlotSet,
    TaskEnded,
    TaskStarted,
)
from cs_bot.stores.protocols import Addition, History, PlacedTurn, TurnRecord
from cs_bot.types import Entity, Intent, Reading, Reply, Trace

AT = datetime(2026, 1, 1, tzinfo=UTC)
T = AT.timestamp()
DONE = T + 0.25
NO_DATA = dict.fromkeys(
    ("elements", "quick_replies", "buttons", "attachment", "image", "custom"), None
)


def turn(
    *events: Event, blocks: tuple[Block, ...] = (), reading: Reading | None = None
) -> TurnRecord:
    return TurnRecord(
        turn_id="a_1",
        conversation_id="c_1",
        message_id="m_1",
        text="to Rome",
        masked=False,
        query="to rome",
        locale="en",
        release=None,
        channel="rest",
        trace=Trace(Reply(blocks, events=events, ref="book"), "task", (), reading=reading),
        sender="Assistant",
        at=AT,
        ms=250.0,
    )


def action(name: str, at: float = DONE) -> Told:
    return {
        "event": "action",
        "timestamp": at,
        "name": name,
        "policy": None,
        "confidence": None,
        "action_text": None,
        "hide_rule_turn": False,
    }


def done(*events: Event, blocks: tuple[Block, ...] = ()) -> list[Told]:
    """Return what is told between the message and the listening."""
    _, *between, listens = told_turn(turn(*events, blocks=blocks))
    assert listens == action("action_listen")
    return between


def test_a_message_has_the_intent_and_the_entities_it_was_read_with() -> None:
    city = Entity("city", "Rome", 3, 7, "model", role="destination", group="1")
    read = Reading((Intent("inform", 0.9), Intent("book", 0.1)), (city,))
    user, *_ = told_turn(turn(reading=read))
    assert user == {
        "event": "user",
        "timestamp": T,
        "text": "to Rome",
        "parse_data": {
            "text": "to Rome",
            "message_id": "m_1",
            "intent": {"name": "inform", "confidence": 0.9},
            "intent_ranking": [
                {"name": "inform", "confidence": 0.9},
                {"name": "book", "confidence": 0.1},
            ],
            "entities": [
                {
                    "entity": "city",
                    "value": "Rome",
                    "start": 3,
                    "end": 7,
                    "extractor": "model",
                    "role": "destination",
                    "group": "1",
                }
            ],
            "metadata": {"locale": "en"},
        },
        "input_channel": "rest",
        "message_id": "m_1",
        "metadata": {"locale": "en"},
    }


def test_the_metadata_of_a_message_is_told_with_it() -> None:
    user, *_ = told_turn(turn(), {"page": "/cart"})
    both = {"page": "/cart", "locale": "en"}
    assert (user["metadata"], user["parse_data"]["metadata"]) == (both, both)


def test_a_message_of_an_older_log_has_the_intent_that_the_task_understood() -> None:
    user, *_ = told_turn(turn(MessageUnderstood("inform", ("city",))))
    assert user["parse_data"]["intent"] == {"name": "inform", "confidence": 1.0}


def test_a_message_that_no_task_read_has_no_intent() -> None:
    user, *_ = told_turn(turn())
    assert user["parse_data"]["intent"] == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (LocaleSet("en"), {"event": "slot", "name": "locale", "value": "en"}),
        (SlotSet("city", "Rome"), {"event": "slot", "name": "city", "value": "Rome"}),
        (SlotRequested("day"), {"event": "slot", "name": "requested_slot", "value": "day"}),
        (
            TaskEnded("book", "completed"),
            {"event": "slot", "name": "requested_slot", "value": None},
        ),
        (LoopStarted("book_form"), {"event": "active_loop", "name": "book_form"}),
        (LoopEnded("book_form"), {"event": "active_loop", "name": None}),
        (LoopRejected("book_form"), {"event": "action_execution_rejected", "name": "book_form"}),
        (DialogueRestarted(), {"event": "restart"}),
        (MessageReverted(), {"event": "rewind"}),
        (ActionReverted(), {"event": "undo"}),
        (ConversationPaused(), {"event": "pause"}),
        (ConversationResumed(), {"event": "resume"}),
        (
            ReminderSet("tea", "EXTERNAL_tea", {"cups": 2}, "2026-01-01T10:00:00+00:00"),
            {
                "event": "reminder",
                "name": "tea",
                "intent": "EXTERNAL_tea",
                "entities": {"cups": 2},
                "date_time": "2026-01-01T10:00:00+00:00",
                "kill_on_user_msg": True,
            },
        ),
        (
            ReminderCancelled("tea"),
            {"event": "cancel_reminder", "name": "tea", "intent": None, "entities": None},
        ),
    ],
)
def test_what_happened_has_an_event_of_its_own(event: Event, told: dict[str, Any]) -> None:
    assert done(event) == [{**told, "timestamp": DONE}]


def test_an_action_is_told_and_listening_only_once_at_the_end() -> None:
    assert done(ActionTaken("action_listen"), ActionTaken("book_form")) == [action("book_form")]


def test_what_rasa_does_not_know_is_left_out() -> None:
    assert done(TaskStarted("book"), HandoffOffered("asked"), MessageUnderstood("inform")) == []


@pytest.mark.parametrize(("carries", "kept"), [(True, ["city"]), (False, [])])
def test_a_session_begins_before_the_message_and_may_carry_slots_over(
    carries: bool, kept: list[str]
) -> None:
    begins = (TaskEnded("book", "cancelled"), SessionStarted(carries), LocaleSet("en"))
    told = list(told_turn(turn(*begins, SlotSet("day", "friday")), slots={"city": "Rome"}))
    kinds = [event["event"] for event in told]
    said = kinds.index("user")
    assert [event["name"] for event in told[:said] if event["event"] == "slot"] == [
        "requested_slot",
        *kept,
    ]
    assert kinds[1:3] == ["action", "session_started"]
    assert told[1]["name"] == "action_session_start"
    assert [event["name"] for event in told[said:] if event["event"] == "slot"] == ["locale", "day"]


def test_each_response_has_its_words_beside_it() -> None:
    row = Buttons((Button("b1", "Yes", "/affirm"),))
    said = done(
        ActionTaken("utter_hi"), ActionTaken("utter_ask"), blocks=(Text("Hi!"), Text("Go?"), row)
    )
    hi, ask = {"utter_action": "utter_hi"}, {"utter_action": "utter_ask"}
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    assert said == [
        action("utter_hi"),
        {"event": "bot", "timestamp": DONE, "text": "Hi!", "data": NO_DATA, "metadata": hi},
        action("utter_ask"),
        {
            "event": "bot",
            "timestamp": DONE,
            "text": "Go?",
            "data": {**NO_DATA, "buttons": buttons},
            "metadata": ask,
        },
    ]


def test_other_answers_tell_which_stage_gave_them() -> None:
    said = done(blocks=(Image("https://a.example/i.png"), Custom({"type": "rating"})))
    by = {"answered_by": "task", "ref": "book"}
    image = {**NO_DATA, "image": "https://a.example/i.png"}
    custom = {**NO_DATA, "custom": {"type": "rating"}}
    assert [event["data"] for event in said] == [image, custom]
    assert [event["metadata"] for event in said] == [by, by]


def test_a_conversation_begins_with_a_session_and_keeps_its_order() -> None:
    def addition(number: int, seq: int) -> Addition:
        return Addition(number, seq, (), ({"event": "followup", "name": f"a{number}"},), AT)

    first, second = turn(), replace(turn(), text="second")
    history = History(
        (PlacedTurn(2, first), PlacedTurn(4, second)),
        (addition(1, 1), addition(2, 2), addition(3, 3), addition(4, 4)),
    )
    told = told_history(AT, history)
    assert told[:3] == [
        action("action_session_start", T),
        {"event": "session_started", "timestamp": T},
        action("action_listen", T),
    ]
    order = [event.get("text") or event["name"] for event in told[3:] if event["event"] != "action"]
    assert order == ["a1", "to Rome", "a2", "a3", "second", "a4"]
