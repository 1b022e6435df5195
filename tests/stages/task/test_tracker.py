"""The tracker that an action is given."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker

from cs_bot.events import DialogueState
from cs_bot.stages.task.actions.execution import execution_key
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.tracker import tracker_of
from cs_bot.testing.turns import turn_of
from cs_bot.types import Reading, User


def tracker(
    channel: str = "web", user_id: str = "v_1", conversation_id: str = "c_1", **said: Any
) -> dict[str, Any]:
    turn = turn_of("hi", conversation_id=conversation_id, locale="en")
    message = replace(turn.message, channel=channel, user=User(user_id), **said)
    turn = replace(turn, message=message)
    return tracker_of(Project(Path()), turn, DialogueState(), Reading(), None, {})


def test_a_sender_of_the_rest_channel_is_known_by_its_name() -> None:
    assert Tracker.from_dict(tracker("rest", "rest:customer-7")).sender_id == "customer-7"


def test_a_visitor_is_known_by_the_conversation() -> None:
    assert Tracker.from_dict(tracker("web_demo", "v_1")).sender_id == "c_1"


def test_a_repetition_is_known_by_the_conversation_whatever_its_sender_is_called() -> None:
    first, second = (tracker("rest", "rest:ann", name) for name in ("c_1", "c_2"))
    assert execution_key("action_pay", first) != execution_key("action_pay", second)
    assert execution_key("action_pay", first) == execution_key("action_pay", dict(first))


def test_metadata_of_the_message_is_there_with_the_language() -> None:
    read = Tracker.from_dict(tracker(metadata={"page": "/cart"}))
    assert read.latest_message["metadata"] == {"page": "/cart", "locale": "en"}
