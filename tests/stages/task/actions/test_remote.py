"""Action servers that are slow, broken, forgetful or talk nonsense; their requests as Rasa's."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cs_bot.stages.task.actions.execution import with_key
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.remote import RemoteActions
from cs_bot.stages.task.actions.server import ActionServer
from cs_bot.testing.http_server import (
    Answer,
    ScriptedHttpServer,
    hangs,
    says,
    says_bytes,
    scripted_http_server,
)
from cs_bot.testing.ports import free_port

DOMAIN = {"slots": {"order_id": {"type": "text"}}, "responses": {}}
TRACKER = {"sender_id": "c1", "slots": {"order_id": "A1"}, "latest_message": {}, "events": []}
CUT_SHORT = {"Content-Length": "9", "Connection": "close"}
FINE = says({"events": [{"event": "slot", "name": "done", "value": True}], "responses": []})


@pytest.fixture
def server() -> Iterator[ScriptedHttpServer]:
    with scripted_http_server(FINE) as scripted:
        yield scripted


@asynccontextmanager
async def actions_of(url: str, **options: Any) -> AsyncIterator[RemoteActions]:
    server = ActionServer(url, **options.pop("server", {}))
    options = {"timeout_seconds": 5.0, **options}
    remote = RemoteActions(server, DOMAIN, frozenset({"action_x"}), **options)
    try:
        yield remote
    finally:
        await remote.close()


async def test_the_request_is_rasas(server: ScriptedHttpServer) -> None:
    async with actions_of(f"{server.url}/webhook") as remote:
        outcome = await remote.run("action_x", with_key(TRACKER, "k-1"))

    assert outcome.slots == (("done", True),)
    (asked,) = server.requests
    assert (asked.method, asked.path) == ("POST", "/webhook")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["idempotency-key"] == "k-1"
    assert sorted(asked.json) == ["domain_digest", "next_action", "sender_id", "tracker", "version"]
    assert asked.json["next_action"] == "action_x"
    assert asked.json["sender_id"] == "c1"
    assert asked.json["version"].startswith("3.6.")
    assert asked.json["tracker"]["latest_message"]["metadata"] == {"idempotency_key": "k-1"}


async def test_the_domain_is_sent_only_when_it_is_asked_for(server: ScriptedHttpServer) -> None:
    server.script(says({"error": "no domain", "action_name": "action_x"}, 449))

    async with actions_of(f"{server.url}/webhook") as remote:
        await remote.run("action_x", TRACKER)
        await remote.run("action_x", TRACKER)

    first, again, later = (asked.json for asked in server.requests)
    assert "domain" not in first
    assert again == {**first, "domain": DOMAIN}
    assert later == first


async def test_a_request_is_deflated_when_it_is_so_configured(server: ScriptedHttpServer) -> None:
    async with actions_of(f"{server.url}/webhook", deflate=True) as remote:
        await remote.run("action_x", TRACKER)

    (asked,) = server.requests
    assert asked.headers["content-encoding"] == "deflate"
    assert json.loads(zlib.decompress(asked.body))["next_action"] == "action_x"


async def test_headers_token_and_login_are_sent_with_every_request(
    server: ScriptedHttpServer,
) -> None:
    secrets = {
        "headers": {"X-Shop": "s1"},
        "params": {"token": "t&1"},
        "login": ("anna", "secret"),
    }
    async with actions_of(f"{server.url}/webhook?shop=2", server=secrets) as remote:
        await remote.run("action_x", TRACKER)
        await remote.learn_names()

    assert [asked.path for asked in server.requests] == [
        "/webhook?shop=2&token=t%261",
        "/actions?shop=2&token=t%261",
    ]
    for asked in server.requests:
        assert asked.headers["x-shop"] == "s1"
        assert asked.headers["authorization"] == "Basic YW5uYTpzZWNyZXQ="


@pytest.mark.parametrize(
    ("path", "webhook", "actions"),
    [
        ("", "/webhook", "/actions"),
        ("/", "/webhook", "/actions"),
        ("/webhook", "/webhook", "/actions"),
        ("/shop/webhook", "/shop/webhook", "/shop/actions"),
    ],
)
def test_the_list_is_beside_the_webhook(path: str, webhook: str, actions: str) -> None:
    server = ActionServer(f"http://actions:5055{path}")

    assert server.webhook == f"http://actions:5055{webhook}"
    assert server.actions == f"http://actions:5055{actions}"
    assert server.host == "actions:5055"


def test_secrets_are_not_in_the_repr() -> None:
    server = ActionServer("http://a:password1@h/webhook", {"K": "secret1"}, {"token": "secret2"})

    assert "secret" not in repr(server)
    assert "password" not in repr(server)


@pytest.mark.parametrize(
    ("answer", "sentence", "kind"),
    [
        (says({}, 500), "answered 500 Internal Server Error", "broken"),
        (says({}, 503, {"Retry-After": "2"}), "answered 503 Service Unavailable", "broken"),
        (says({}, 429), "answered 429 Too Many Requests", "busy"),
        (says({}, 301, {"Location": "http://evil.example"}), "answered 301", "broken"),
        (says({"error": "Invalid body request"}, 400), "answered 400 Bad Request", "broken"),
        (says({"error": "?"}, 404), "nothing is at the path of its url", "unknown"),
        (says({"error": "?", "action_name": "x"}, 404), "has no action of this name", "unknown"),
        (says_bytes(b"<html>"), "its answer is no JSON", "broken"),
        (says_bytes(b"[" * 100_000), "its answer is no JSON", "broken"),
        (says_bytes(b'{"events": [}'), "its answer is no JSON", "broken"),
        (says([1]), "its answer is not an object", "broken"),
        (says({"events": "x" * 1_000_000}), "longer than 1000000 bytes", "broken"),
        (says_bytes(b"{}", headers=CUT_SHORT), "the connection broke", "broken"),
        (hangs, "no answer within 1 s", "late"),
    ],
)
async def test_a_bad_answer_is_one_sentence(
    server: ScriptedHttpServer, answer: Answer, sentence: str, kind: str
) -> None:
    server.script(answer)

    async with actions_of(f"{server.url}/webhook", timeout_seconds=1.0) as remote:
        with pytest.raises(ActionFailed) as failure:
            await remote.run("action_x", TRACKER)

    assert str(failure.value).startswith("action action_x: ")
    assert sentence in str(failure.value)
    assert failure.value.kind == kind


async def test_an_answer_that_comes_in_drops_does_not_outlast_the_timeout(
    server: ScriptedHttpServer,
) -> None:
    server.script(says_bytes(b'{"events":', headers={"Content-Length": "100"}))

    async with actions_of(f"{server.url}/webhook", timeout_seconds=0.3) as remote:
        with pytest.raises(ActionFailed):
            await remote.run("action_x", TRACKER)


async def test_a_server_that_asks_for_the_domain_for_ever_is_asked_twice(
    server: ScriptedHttpServer,
) -> None:
    forgetful = says({"error": "no domain", "action_name": "action_x"}, 449)
    server.script(forgetful, forgetful, forgetful)

    async with actions_of(server.url) as remote:
        with pytest.raises(ActionFailed, match="again and again"):
            await remote.run("action_x", TRACKER)

    assert len(server.requests) == 2


async def test_400_about_an_action_is_its_refusal(server: ScriptedHttpServer) -> None:
    server.script(says({"error": "no", "action_name": "action_x"}, 400))

    async with actions_of(server.url) as remote:
        with pytest.raises(ActionRejected):
            await remote.run("action_x", TRACKER)


async def test_a_server_that_is_not_there_was_not_reached() -> None:
    async with actions_of(f"http://127.0.0.1:{free_port()}/webhook") as remote:
        with pytest.raises(ActionFailed, match="action action_x: cannot be reached") as failure:
            await remote.run("action_x", TRACKER)

    assert (failure.value.kind, failure.value.reached) == ("unreachable", False)


@pytest.mark.parametrize("value", ["\ud800", float("nan"), object(), b"bytes"])
async def test_a_slot_that_is_no_json_does_not_break_the_request(
    server: ScriptedHttpServer, value: Any
) -> None:
    async with actions_of(server.url) as remote:
        outcome = await remote.run("action_x", {**TRACKER, "slots": {"odd": value}})

    assert outcome.slots == (("done", True),)


@pytest.mark.parametrize(
    "answer",
    [
        says({"not": "a list"}),
        says({}, 404),
        says_bytes(b"<html>"),
        says([{"name": f"action_{n}"} for n in range(10_001)]),
    ],
)
async def test_without_a_list_the_declared_actions_are_taken_to_be_there(
    server: ScriptedHttpServer, answer: Answer
) -> None:
    server.script(answer)

    async with actions_of(server.url) as remote:
        await remote.learn_names()
        assert remote.names == {"action_x"}


async def test_an_action_that_is_unknown_has_the_list_read_again(
    server: ScriptedHttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(
        says({"error": "?", "action_name": "action_x"}, 404),
        says([{"name": "action_y"}, {"no": "name"}, 7]),
    )

    async with actions_of(server.url) as remote:
        with pytest.raises(ActionFailed):
            await remote.run("action_x", TRACKER)
        assert remote.names == {"action_y"}

    assert "lacks what the domain declares: action_x" in caplog.text


async def test_a_server_that_comes_late_is_found_and_told_of_once(
    server: ScriptedHttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            raise asyncio.CancelledError

    down = says({}, 502)
    server.script(down, down, says([{"name": "action_x"}]), says([{"name": "action_y"}]))
    async with actions_of(server.url, sleep=sleep) as remote:
        with pytest.raises(asyncio.CancelledError):
            await remote.follow()
        assert remote.names == {"action_y"}

    assert slept == [5.0, 5.0, 60.0, 60.0]
    assert caplog.text.count("lists no actions") == 1
