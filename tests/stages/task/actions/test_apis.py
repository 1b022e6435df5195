"""Declared APIs against a scripted service: what is sent, and what its answers become."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cs_bot.errors import BadInput
from cs_bot.stages.task.actions.apis import ApiActions
from cs_bot.stages.task.actions.execution import with_key
from cs_bot.stages.task.actions.failures import ActionFailed
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.testing.http_server import (
    Answer,
    ScriptedHttpServer,
    hangs,
    says,
    says_bytes,
    scripted_http_server,
)
from cs_bot.testing.ports import free_port

DOMAIN = """
slots:
  order_id: {type: text, mappings: [{type: from_text}]}
  amount: {type: float, mappings: [{type: custom}]}
  state: {type: text, mappings: [{type: custom}]}
responses:
  utter_order_sent: [{text: sent}]
  utter_order_unknown: [{text: unknown}]
  utter_orders_down: [{text: down}]
"""
LOOK_UP = """
apis:
  action_order:
    url: ${SHOP}/orders/{order_id}?lang={locale}
    query: {q: "{state}", all: true}
    headers: {Authorization: "Bearer ${TOKEN}"}
    timeout: 1
    outcomes:
      ok:
        slots: {state: state}
        values: {carrier: "carrier.{locale}"}
        say: utter_order_{state}
      gone: {when: {code: 7}, say: utter_order_unknown}
      not_found: {say: utter_order_unknown, ask_again: order_id}
      failed: utter_orders_down
"""
REFUND = """
apis:
  action_order:
    method: POST
    url: ${SHOP}/refunds
    json: {order: "{order_id}", amount: "{amount}", note: "for {order_id}"}
"""
SENT = says({"state": "sent", "carrier": {"zh": "顺丰", "en": "SF"}})


@pytest.fixture
def server() -> Iterator[ScriptedHttpServer]:
    with scripted_http_server(SENT) as scripted:
        yield scripted


def tracker(**slots: Any) -> dict[str, Any]:
    told = {
        "sender_id": "c1",
        "slots": {"order_id": "A1", "locale": "en", **slots},
    }
    return with_key(told, "k-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "domain.yml").write_text(DOMAIN)
    return tmp_path


def actions(folder: Path, apis: str, shop: str, token: str = "t1") -> ApiActions:
    (folder / "apis.yml").write_text(apis)
    project = load_project(folder)
    environment = {"SHOP": shop, "TOKEN": token}
    return ApiActions(project.apis, project.responses.keys(), environment)


async def run(
    folder: Path, apis: str, server: ScriptedHttpServer | str, **slots: Any
) -> ActionOutcome:
    made = actions(folder, apis, server if isinstance(server, str) else server.url)
    try:
        return await made.run("action_order", tracker(**slots))
    finally:
        await made.close()


async def test_slots_are_quoted_into_the_address_and_secrets_into_headers(
    folder: Path, server: ScriptedHttpServer
) -> None:
    await run(folder, LOOK_UP, server, order_id="A/1 ä?", state="x&y")

    (asked,) = server.requests
    assert asked.method == "GET"
    assert asked.path == "/orders/A%2F1%20%C3%A4%3F?lang=en&q=x%26y&all=true"
    assert asked.headers["authorization"] == "Bearer t1"
    assert asked.headers["accept"] == "application/json"
    assert "idempotency-key" not in asked.headers
    assert asked.body == b""


async def test_an_answer_becomes_slots_values_and_the_response_it_calls_for(
    folder: Path, server: ScriptedHttpServer
) -> None:
    outcome = await run(folder, LOOK_UP, server)

    assert outcome.slots == (("state", "sent"),)
    (said,) = outcome.said
    assert said.response == "utter_order_sent"
    assert said.values["carrier"] == "SF"


async def test_what_is_not_found_is_asked_for_again(
    folder: Path, server: ScriptedHttpServer
) -> None:
    server.script(says({"error": "?"}, 404))

    outcome = await run(folder, LOOK_UP, server)

    assert outcome.slots == (("order_id", None),)
    assert outcome.asks_again
    assert [said.response for said in outcome.said] == ["utter_order_unknown"]


async def test_an_answer_may_say_in_its_body_what_it_is(
    folder: Path, server: ScriptedHttpServer
) -> None:
    server.script(says({"code": 7, "state": "sent"}))

    outcome = await run(folder, LOOK_UP, server)

    assert [said.response for said in outcome.said] == ["utter_order_unknown"]
    assert outcome.slots == ()


@pytest.mark.parametrize(
    ("answer", "sentence", "kind", "retryable"),
    [
        (says({}, 500), "answered 500 Internal Server Error", "broken", True),
        (says({}, 429), "answered 429 Too Many Requests", "busy", True),
        (says({}, 403), "answered 403 Forbidden", "broken", False),
        (says({}, 302, {"Location": "http://evil/"}), "answered 302 Found", "broken", False),
        (hangs, "no answer within 1 s", "late", True),
        (says_bytes(b"<html>"), "its answer is no JSON", "broken", False),
        (says_bytes(b"x" * 2_000_000), "longer than 1000000 bytes", "broken", False),
        (says({"no": "state"}), "lacks what utter_order_{state} needs", "broken", False),
        (says([]), "lacks what utter_order_{state} needs", "broken", False),
        (says({"state": "lost"}), "calls for the response utter_order_lost", "broken", False),
    ],
)
async def test_every_other_answer_is_a_failure_with_the_words_of_its_author(
    folder: Path,
    server: ScriptedHttpServer,
    answer: Answer,
    sentence: str,
    kind: str,
    retryable: bool,
) -> None:
    server.script(answer)

    with pytest.raises(ActionFailed) as failure:
        await run(folder, LOOK_UP, server)

    assert sentence in str(failure.value)
    assert failure.value.response == "utter_orders_down"
    assert (failure.value.kind, failure.value.retryable) == (kind, retryable)


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        ({"order_id": None}, "the slot order_id has no value; it was not sent"),
        ({"order_id": ".."}, "would lead to another path of the service; it was not sent"),
        ({"order_id": "."}, "would lead to another path of the service; it was not sent"),
    ],
)
async def test_a_slot_that_makes_no_address_is_not_sent(
    folder: Path, server: ScriptedHttpServer, slots: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ActionFailed, match=sentence) as failure:
        await run(folder, LOOK_UP, server, **slots)

    assert not failure.value.reached
    assert server.requests == []


async def test_a_value_of_10_000_characters_is_kept_within_bounds(
    folder: Path, server: ScriptedHttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(says({"state": "sent", "carrier": {"en": "x" * 10_000}}))

    (said,) = (await run(folder, LOOK_UP, server)).said

    assert len(said.values["carrier"]) == 4_000
    assert "a text of 10000 characters, of which 4000 are kept" in caplog.text


async def test_a_change_sends_its_body_and_its_key(
    folder: Path, server: ScriptedHttpServer
) -> None:
    outcome = await run(folder, REFUND, server, amount=7.5)

    (asked,) = server.requests
    assert (asked.method, asked.path) == ("POST", "/refunds")
    assert asked.json == {"order": "A1", "amount": 7.5, "note": "for A1"}
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["idempotency-key"] == "k-1"
    assert outcome == ActionOutcome()


@pytest.mark.parametrize(
    ("order", "sent"),
    [("A1", "refund-A1"), ("订单" * 100, None), ("A" * 300, None)],
)
async def test_the_author_may_say_what_makes_two_requests_the_same(
    folder: Path, server: ScriptedHttpServer, order: str, sent: str | None
) -> None:
    text = f'{REFUND}    key: "refund-{{order_id}}"\n    key_header: X-Request-Id\n'

    await run(folder, text, server, order_id=order)
    await run(folder, text, server, order_id=order)

    first, second = (asked.headers["x-request-id"] for asked in server.requests)
    assert first == second
    assert first == sent if sent else len(first) == 64


@pytest.mark.parametrize(
    ("more", "facts"),
    [
        ("", ActionFacts(changes=True, idempotent=True)),
        ("    key_header: false\n", ActionFacts(changes=True, idempotent=False)),
        ("    changes: false\n", ActionFacts(changes=False, idempotent=True)),
    ],
)
async def test_a_change_is_repeated_only_with_a_key(
    folder: Path, more: str, facts: ActionFacts
) -> None:
    made = actions(folder, REFUND + more, "http://shop")

    assert made.facts("action_order") == facts
    await made.close()


async def test_a_service_that_is_not_there_was_not_reached(folder: Path) -> None:
    with pytest.raises(ActionFailed, match="action action_order: cannot be reached") as failure:
        await run(folder, LOOK_UP, f"http://127.0.0.1:{free_port()}")

    assert not failure.value.reached


async def test_many_requests_run_at_once(folder: Path, server: ScriptedHttpServer) -> None:
    made = actions(folder, LOOK_UP.replace("timeout: 1", "timeout: 9"), server.url)

    outcomes = await asyncio.gather(
        *(made.run("action_order", tracker(order_id=f"A{n}")) for n in range(50))
    )

    await made.close()
    assert {outcome.slots for outcome in outcomes} == {(("state", "sent"),)}
    assert len(server.requests) == 50


@pytest.mark.parametrize(
    ("shop", "token", "what"),
    [
        ("shop", "t", "the url of action_order is no web address"),
        ("http://shop", "", "the environment variable 'TOKEN' is not set"),
        ("http://shop", "a\nb", "the header 'Authorization' holds characters"),
        ("http://shop", "钥匙", "the header 'Authorization' holds characters"),
    ],
)
def test_a_wrong_environment_is_told_before_the_bot_starts(
    folder: Path, shop: str, token: str, what: str
) -> None:
    with pytest.raises(BadInput, match=what) as error:
        actions(folder, LOOK_UP, shop, token)

    assert error.value.where.startswith(f"{folder.name}/apis.yml:")
    assert "钥匙" not in str(error.value)


async def test_an_api_takes_its_own_address_for_each_bot(
    folder: Path, server: ScriptedHttpServer
) -> None:
    (folder / "apis.yml").write_text(LOOK_UP)
    api = load_project(folder).apis["action_order"]
    plain = replace(api, url=replace(api.url, text="${SHOP:-http://127.0.0.1:1}/o"), headers={})

    made = ApiActions({"action_order": plain}, ["utter_order_sent"], {"SHOP": server.url})
    await made.run("action_order", tracker())

    await made.close()
    assert server.requests[0].path == "/o?all=true"
