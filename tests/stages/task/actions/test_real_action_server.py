"""The action server of rasa-sdk itself, in a process of its own, runs our calls."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cs_bot.stages.task.actions.execution import with_key
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.remote import RemoteActions
from cs_bot.stages.task.actions.server import ActionServer
from cs_bot.testing.action_server import rasa_sdk_server

pytestmark = pytest.mark.slow

ACTIONS = """
from rasa_sdk import Action, ActionExecutionRejection, FormValidationAction
from rasa_sdk.events import FollowupAction, SlotSet


class Refund(Action):
    def name(self):
        return "action_refund"

    async def run(self, dispatcher, tracker, domain):
        key = tracker.latest_message["metadata"]["idempotency_key"]
        dispatcher.utter_message(response="utter_refunded", order=tracker.get_slot("order_id"))
        dispatcher.utter_message(text="Sure?", buttons=[{"title": "Yes", "payload": "/yes"}])
        return [SlotSet("key", key), SlotSet("known", sorted(domain["slots"])),
                FollowupAction("action_next")]


class ValidateRefundForm(FormValidationAction):
    def name(self):
        return "validate_refund_form"

    def validate_order_id(self, value, dispatcher, tracker, domain):
        return {"order_id": value.upper() if value.isalnum() else None}


class Refuses(Action):
    def name(self):
        return "action_refuses"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name())


class Fails(Action):
    def name(self):
        return "action_fails"

    def run(self, dispatcher, tracker, domain):
        raise ValueError("secret inside")
"""
DOMAIN = {
    "slots": {"order_id": {"type": "text", "mappings": []}, "key": {"type": "text"}},
    "forms": {"refund_form": {"required_slots": ["order_id"]}},
}
TRACKER = {
    "sender_id": "c1",
    "slots": {"order_id": "a1", "requested_slot": "order_id"},
    "latest_message": {"text": "a1", "intent": {}, "entities": [], "metadata": {"locale": "en"}},
    "events": [
        {"event": "user", "timestamp": 1.0, "text": "a1"},
        {"event": "slot", "timestamp": 1.0, "name": "order_id", "value": "a1"},
    ],
    "paused": False,
    "followup_action": None,
    "active_loop": {"name": "refund_form"},
    "latest_action_name": "refund_form",
    "latest_input_channel": "web",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("rasa")
    (folder / "actions.py").write_text(ACTIONS)
    with rasa_sdk_server(folder) as address:
        yield address


@pytest.fixture(params=[False, True], ids=["plain", "deflate"])
async def remote(url: str, request: pytest.FixtureRequest) -> AsyncIterator[RemoteActions]:
    remote = RemoteActions(
        ActionServer(url),
        DOMAIN,
        frozenset({"action_declared"}),
        timeout_seconds=10.0,
        deflate=request.param,
    )
    yield remote
    await remote.close()


async def test_the_server_lists_its_actions(remote: RemoteActions) -> None:
    assert remote.names == {"action_declared"}

    await remote.learn_names()

    assert remote.names == {
        "action_refund",
        "validate_refund_form",
        "action_refuses",
        "action_fails",
    }


async def test_events_and_words_come_back_and_the_domain_has_arrived(
    remote: RemoteActions,
) -> None:
    outcome = await remote.run("action_refund", with_key(TRACKER, "k-1"))

    assert outcome.slots == (("key", "k-1"), ("known", ["key", "order_id"]))
    assert outcome.followup == "action_next"
    assert outcome.said[0].response == "utter_refunded"
    assert outcome.said[0].values["order"] == "a1"
    assert outcome.said[1].words.choices[0].payload == "/yes"


@pytest.mark.parametrize(("typed", "kept"), [("a1", "A1"), ("?", None)])
async def test_a_form_is_validated(remote: RemoteActions, typed: str, kept: str | None) -> None:
    slot = {"event": "slot", "timestamp": 1.0, "name": "order_id", "value": typed}
    tracker = {**TRACKER, "slots": {"order_id": typed}, "events": [slot]}

    outcome = await remote.run("validate_refund_form", tracker)

    assert dict(outcome.slots)["order_id"] == kept


async def test_an_action_may_refuse(remote: RemoteActions) -> None:
    with pytest.raises(ActionRejected, match="action_refuses does not apply here"):
        await remote.run("action_refuses", TRACKER)


async def test_an_exception_over_there_is_a_failure_without_its_words(
    remote: RemoteActions,
) -> None:
    # rasa-sdk fails a second time, with 400, where the request it wants to quote was deflated.
    with pytest.raises(ActionFailed, match=r"answered (500|400)") as failure:
        await remote.run("action_fails", TRACKER)

    assert (failure.value.kind, failure.value.reached) == ("broken", True)
    assert "secret" not in str(failure.value)


async def test_an_action_it_does_not_have_is_said_in_one_sentence(remote: RemoteActions) -> None:
    with pytest.raises(ActionFailed, match="has no action of this name") as failure:
        await remote.run("action_gone", TRACKER)

    assert (failure.value.kind, failure.value.retryable) == ("unknown", False)
