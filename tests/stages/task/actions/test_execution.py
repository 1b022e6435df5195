"""The idempotency key follows from what is done, so that doing it again has the same one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cs_bot.stages.task.actions.execution import execution_key, key_of, with_key


def tracker(message: str = "m_1", sender: str = "c1", done: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "sender_id": sender,
        "slots": {},
        "latest_message": {"message_id": message, "metadata": {"locale": "en"}},
        "events": [
            {"event": "user", "text": "before"},
            {"event": "action", "name": "action_refund"},
            {"event": "user", "text": "now"},
            *({"event": "action", "name": name} for name in done),
        ],
    }


def test_a_message_that_is_sent_again_has_the_same_key() -> None:
    assert execution_key("action_refund", tracker()) == execution_key("action_refund", tracker())


def test_every_other_execution_has_another_one() -> None:
    keys = [
        execution_key("action_refund", tracker()),
        execution_key("action_invoice", tracker()),
        execution_key("action_refund", tracker(message="m_2")),
        execution_key("action_refund", tracker(sender="c2")),
        execution_key("action_refund", tracker(done=("action_refund",))),
        execution_key("action_refund", tracker(done=("action_refund", "action_refund"))),
    ]

    assert len(set(keys)) == len(keys)


def test_other_actions_of_the_turn_do_not_change_it() -> None:
    assert execution_key("action_refund", tracker(done=("action_check",))) == execution_key(
        "action_refund", tracker()
    )


def test_an_action_finds_the_key_beside_the_language() -> None:
    given_to = with_key(tracker(), "k-1")

    assert given_to["latest_message"]["metadata"] == {"locale": "en", "idempotency_key": "k-1"}
    assert key_of(given_to) == "k-1"


def test_each_attempt_has_a_tracker_of_its_own() -> None:
    original = tracker()
    first = with_key(original, "k-1")
    first["slots"]["order_id"] = "A1"
    first["events"].clear()

    assert with_key(original, "k-1") == {**with_key(tracker(), "k-1")}


@given(st.text(), st.text(), st.text())
def test_a_key_fits_into_a_header(sender: str, message: str, name: str) -> None:
    key = execution_key(name, {"sender_id": sender, "latest_message": {"message_id": message}})

    assert len(key) == 32
    assert key.isalnum()
    assert key.isascii()
