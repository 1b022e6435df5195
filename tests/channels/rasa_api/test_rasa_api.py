"""Rasa's HTTP API over the log: who may use it, trackers by id, events added between turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from rasa_sdk import Tracker

from cs_bot.blocks import Text
from cs_bot.bot import Bot, Senses
from cs_bot.channels.rasa_api.conversations import Trackers
from cs_bot.channels.rasa_api.keys import ApiKeys
from cs_bot.channels.rasa_api.routes import rasa_api_routes
from cs_bot.channels.rest import rest_routes
from cs_bot.errors import Busy
from cs_bot.events import DialogueState, SlotRequested, SlotSet, TaskStarted
from cs_bot.router import Router
from cs_bot.settings import ApiSettings
from cs_bot.stages.task.project import Project
from cs_bot.stores.memory import InProcessLocks, InProcessWakeUps
from cs_bot.stores.protocols import ConversationLocks, ConversationStore, Stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import exchange, open_for
from cs_bot.types import Abstain, Entity, Intent, Message, ModelName, Reading, Reply, Turn

KEYS = ApiKeys("the-key", "the-read-key")
MAY_WRITE = {"Authorization": "Bearer the-key"}
MAY_READ = {"Authorization": "Bearer the-read-key"}
SLOT = {"event": "slot", "name": "city", "value": "Rome"}


LISTENS = "action_listen"


class Books:
    """A stage that tells what city it knows and asks for the day, when the gate is open."""

    name = "task"

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_work = asyncio.Event()

    async def handle(self, turn: Turn) -> Reply | Abstain:
        self.at_work.set()
        await turn.reading()
        await self.gate.wait()
        events = (TaskStarted("book"), SlotSet("day", turn.message.text), SlotRequested("city"))
        return Reply((Text(f"to {turn.state.slots.get('city')}"),), events=events)


class WatchedLocks:
    """Locks that tell when they were asked for a number of times."""

    def __init__(self) -> None:
        self._locks = InProcessLocks()
        self._times = asyncio.Semaphore(0)

    def hold(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the conversation for the length of the block."""
        self._times.release()
        return self._locks.hold(conversation_id)

    async def asked(self, times: int) -> None:
        """Wait until that many wanted to hold a conversation."""
        for _ in range(times):
            await self._times.acquire()


async def parse(text: str) -> Reading:
    city = Entity("city", "Rome", 3, 7, "model", "destination")
    return Reading((Intent("inform", 0.9), Intent("greet", 0.1)), (city,), 0.0)


async def read(message: Message, _: str, __: DialogueState, ___: ModelName | None) -> Reading:
    return await parse(message.text)


@pytest.fixture
def stage() -> Books:
    return Books()


@pytest.fixture
def locks() -> WatchedLocks:
    return WatchedLocks()


@pytest.fixture
async def http(
    stores: Stores,
    clock: FakeClock,
    ids: Callable[[str], str],
    project: Project,
    stage: Books,
    locks: WatchedLocks,
) -> AsyncIterator[httpx.AsyncClient]:
    """The REST channel and the API over one bot."""
    async with served(stores, clock, ids, project, stage, locks) as client:
        yield client


@asynccontextmanager
async def served(
    stores: Stores,
    clock: FakeClock,
    ids: Callable[[str], str],
    project: Project,
    stage: Books,
    locks: ConversationLocks,
    keys: ApiKeys = KEYS,
) -> AsyncIterator[httpx.AsyncClient]:
    router = Router([stage], lambda turn: Reply(()), budget_seconds=9, clock=lambda: 0.0)
    bot = Bot(
        router,
        Senses(str.lower, lambda text: None, read, lambda state, locale: (), lambda: None),
        conversations=stores.conversations,
        locks=locks,
        names={},
        clock=clock,
        ids=ids,
    )
    app = FastAPI()
    app.include_router(
        rest_routes(answers=bot, conversations=stores.conversations, ids=ids, locale="en")
    )
    trackers = Trackers(
        stores.conversations,
        locks,
        project,
        clock,
        "en",
        announce=InProcessWakeUps().announce,
        names={"en": "Assistant"},
    )
    app.include_router(
        rasa_api_routes(
            keys=keys, trackers=trackers, parse=parse, project=project, model_id=lambda: "m1"
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
        yield client


async def say(http: httpx.AsyncClient, message: str, sender: str = "anna") -> str:
    body = {"sender": sender, "message": message}
    [said] = (await http.post("/webhooks/rest/webhook", json=body)).json()
    return str(said["text"])


async def tracker(http: httpx.AsyncClient, sender: str = "anna", **query: Any) -> dict[str, Any]:
    answer = await http.get(f"/conversations/{sender}/tracker", params=query, headers=MAY_READ)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def append(
    http: httpx.AsyncClient, body: Any, sender: str = "anna", **query: Any
) -> dict[str, Any]:
    path = f"/conversations/{sender}/tracker/events"
    answer = await http.post(path, json=body, params=query, headers=MAY_WRITE)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_message_is_parsed(http: httpx.AsyncClient) -> None:
    answer = await http.post("/model/parse", json={"text": "to Rome"}, headers=MAY_READ)
    assert answer.json() == {
        "text": "to Rome",
        "intent": {"name": "inform", "confidence": 0.9},
        "intent_ranking": [
            {"name": "inform", "confidence": 0.9},
            {"name": "greet", "confidence": 0.1},
        ],
        "entities": [
            {
                "entity": "city",
                "value": "Rome",
                "start": 3,
                "end": 7,
                "extractor": "model",
                "role": "destination",
            }
        ],
        "metadata": {},
    }
    body = {"text": "to Rome", "message_id": "x1"}
    assert (await http.post("/model/parse", json=body, headers=MAY_READ)).json()[
        "message_id"
    ] == "x1"


async def test_a_sender_has_the_tracker_of_what_was_said(http: httpx.AsyncClient) -> None:
    await say(http, "friday")
    found = await tracker(http)
    assert found["sender_id"] == "anna"
    assert found["slots"] == {
        "city": None,
        "day": "friday",
        "guests": 1.0,
        "requested_slot": "city",
        "locale": "en",
    }
    read = Tracker.from_dict(found)
    assert read.latest_message["text"] == "friday"
    assert next(read.get_latest_entity_values("city", "destination")) == "Rome"
    assert [event["text"] for event in read.events if event["event"] == "bot"] == ["to None"]


async def test_a_conversation_of_ours_has_its_tracker_under_its_own_id(
    http: httpx.AsyncClient, conversations: ConversationStore
) -> None:
    mine = await open_for(conversations, "v_1", "web_demo")
    await exchange(conversations, mine, "hello")
    found = await tracker(http, mine.id)
    assert (found["sender_id"], found["latest_input_channel"]) == (mine.id, "web_demo")
    assert found["latest_message"]["text"] == "hello"
    await say(http, "I am somebody else", mine.id)
    assert (await tracker(http, mine.id))["latest_message"]["text"] == "hello"


async def test_an_unknown_id_has_a_new_tracker_and_leaves_nothing_behind(
    http: httpx.AsyncClient, conversations: ConversationStore
) -> None:
    found = await tracker(http, "nobody/at all")
    assert found["sender_id"] == "nobody/at all"
    assert found["latest_message"]["text"] is None
    assert await conversations.newest(channel="rest", user_id="rest:nobody/at all") is None


async def test_a_slot_that_is_set_counts_for_the_next_message(http: httpx.AsyncClient) -> None:
    assert await say(http, "friday") == "to None"
    found = await append(http, SLOT, include_events="NONE")
    assert (found["slots"]["city"], found["events"]) == ("Rome", None)
    assert await say(http, "saturday") == "to Rome"


@pytest.mark.parametrize("kind", ["reset_slots", "restart", "session_started"])
async def test_slots_may_be_forgotten_but_not_the_language(
    http: httpx.AsyncClient, kind: str
) -> None:
    await append(http, [SLOT, {"event": "slot", "name": "locale", "value": "zh"}])
    found = await append(http, {"event": kind})
    assert found["slots"] == {
        "city": None,
        "day": None,
        "guests": 1.0,
        "requested_slot": None,
        "locale": "zh",
    }


async def test_a_conversation_may_begin_with_events(http: httpx.AsyncClient) -> None:
    found = await append(http, [SLOT, {"event": "followup", "name": "utter_greet"}], "new one")
    assert (found["slots"]["city"], found["followup_action"]) == ("Rome", "utter_greet")
    assert await say(http, "friday", "new one") == "to Rome"


async def test_events_that_are_refused_leave_no_trace(
    http: httpx.AsyncClient, conversations: ConversationStore
) -> None:
    body = [SLOT, {"event": "slot", "name": "cty", "value": 1}]
    for sender in ("anna", "new one"):
        if sender == "anna":
            await say(http, "friday")
        path = f"/conversations/{sender}/tracker/events"
        answer = await http.post(path, json=body, headers=MAY_WRITE)
        assert answer.status_code == 400
        assert answer.json()["message"] == (
            "events[1].name: unknown slot 'cty'; did you mean 'city'?"
        )
        assert (await tracker(http, sender))["slots"]["city"] is None
    assert await conversations.newest(channel="rest", user_id="rest:new one") is None


async def test_a_visitor_sees_what_a_bot_event_says_if_that_is_wanted(
    http: httpx.AsyncClient, conversations: ConversationStore
) -> None:
    mine = await open_for(conversations, "v_1", "web_demo")
    buttons = [{"title": "Track it", "payload": "/track"}]
    told = {"event": "bot", "text": "It has been sent.", "data": {"buttons": buttons}}
    await append(http, told, mine.id)
    assert await conversations.entries(mine.id) == ()
    for channel in ("latest", "web_demo"):
        query = {"execute_side_effects": "true", "output_channel": channel}
        found = await append(http, [SLOT, told], mine.id, **query)
        assert found["slots"]["city"] == "Rome"
    first, second = await conversations.entries(mine.id)
    assert first.data["blocks"] == second.data["blocks"]
    text, row = first.data["blocks"]
    assert text["text"] == "It has been sent."
    assert [(button["title"], button["payload"]) for button in row["buttons"]] == [
        ("Track it", "/track")
    ]
    query = {"execute_side_effects": "true", "output_channel": "slack"}
    path = f"/conversations/{mine.id}/tracker/events"
    refused = await http.post(path, json=told, params=query, headers=MAY_WRITE)
    assert refused.status_code == 400
    assert "needs output_channel=latest or web_demo" in refused.json()["message"]


async def test_events_wait_for_the_turn_that_runs(
    http: httpx.AsyncClient, stage: Books, locks: WatchedLocks
) -> None:
    await append(http, {"event": "slot", "name": "guests", "value": 2})
    stage.gate.clear()
    turn = asyncio.create_task(say(http, "friday"))
    await stage.at_work.wait()
    event = asyncio.create_task(append(http, SLOT))
    await locks.asked(3)
    assert (await tracker(http))["slots"]["city"] is None
    stage.gate.set()
    assert await turn == "to None"
    told = (await event)["events"]
    assert [told["value"] for told in told if told["event"] == "slot"] == [
        *(2, "en", "friday", "city", "Rome")
    ]
    assert await say(http, "sunday") == "to Rome"


async def test_many_turns_and_events_at_once_are_all_there(http: httpx.AsyncClient) -> None:
    await asyncio.gather(
        *(say(http, f"day {n}") for n in range(10)),
        *(append(http, {**SLOT, "value": f"city {n}"}) for n in range(10)),
    )
    found = await tracker(http, include_events="ALL")
    told = found["events"]
    users = [at for at, event in enumerate(told) if event["event"] == "user"]
    assert {told[at]["text"] for at in users} == {f"day {n}" for n in range(10)}
    for at in users:  # no turn is torn: what it did follows what was said
        kinds = [event["event"] for event in told[at : _listening(told, at) + 1]]
        assert [kind for kind in kinds if kind != "slot"] == ["user", "bot", "action"]
        assert told[at + len(kinds) - 4]["value"] == told[at]["text"]
    cities = [event["value"] for event in told if event.get("name") == "city"]
    assert set(cities) == {f"city {n}" for n in range(10)}
    assert found["slots"]["city"] == cities[-1]


def _listening(told: list[dict[str, Any]], start: int) -> int:
    listens = (at for at in range(start, len(told)) if told[at].get("name") == LISTENS)
    return next(listens)


async def test_a_tracker_may_be_read_as_it_was(http: httpx.AsyncClient, clock: FakeClock) -> None:
    await say(http, "friday")
    then = clock().timestamp()
    clock.forward(minutes=1)
    await append(http, SLOT)
    assert (await tracker(http))["slots"]["city"] == "Rome"
    assert (await tracker(http, until=then))["slots"]["city"] is None


async def test_the_version_is_told_to_everybody_the_rest_needs_a_key(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.get("/version")).status_code == 200
    assert (await http.get("/status")).status_code == 401
    status = (await http.get("/status", headers=MAY_READ)).json()
    assert status == {"model_file": "", "model_id": "m1", "num_active_training_jobs": 0}
    assert (await http.get("/domain", headers=MAY_READ)).status_code == 200


@pytest.mark.parametrize("shown", ["", "the-kez", "the-key ", "THE-KEY", "密钥"])
async def test_without_the_key_nobody_comes_in(http: httpx.AsyncClient, shown: str) -> None:
    answer = await http.get("/conversations/anna/tracker", params={"token": shown})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    body = answer.json()
    assert (body["status"], body["reason"], body["code"]) == ("failure", "NotAuthenticated", 401)


async def test_a_key_may_stand_in_the_address_as_with_rasa(http: httpx.AsyncClient) -> None:
    query = {"token": "the-read-key"}
    assert (await http.get("/conversations/anna/tracker", params=query)).status_code == 200


async def test_the_key_for_reading_changes_nothing(http: httpx.AsyncClient) -> None:
    path = "/conversations/anna/tracker/events"
    answer = await http.post(path, json=SLOT, headers=MAY_READ)
    assert (answer.status_code, answer.json()["reason"]) == (403, "NotAuthorized")
    assert (await tracker(http))["slots"]["city"] is None


@pytest.mark.parametrize(
    ("environment", "status"),
    [
        ({}, 403),
        ({"CS_BOT_API_KEY": "  "}, 403),
        ({"CS_BOT_API_KEY": "the-key"}, 200),
        ({"CS_BOT_API_READ_KEY": "the-key"}, 200),
        ({"CS_BOT_API_READ_KEY": "another"}, 401),
    ],
)
async def test_it_is_off_unless_a_key_is_set(
    stores: Stores,
    clock: FakeClock,
    ids: Callable[[str], str],
    project: Project,
    environment: dict[str, str],
    status: int,
) -> None:
    keys = ApiKeys.named(ApiSettings(), environment)
    assert "the-key" not in repr(keys)
    async with served(stores, clock, ids, project, Books(), InProcessLocks(), keys) as http:
        answer = await http.get("/conversations/anna/tracker", headers=MAY_WRITE)
    assert answer.status_code == status
    if status == 403:
        assert "is off: put a key of your own" in answer.json()["message"]


def test_a_key_that_can_be_guessed_is_warned_of_and_never_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ApiKeys.named(ApiSettings(), {"CS_BOT_API_KEY": "s3cret", "CS_BOT_API_READ_KEY": "x" * 16})
    assert caplog.messages == [
        "the key in CS_BOT_API_KEY can be guessed: it has fewer than 16 characters"
    ]


@pytest.mark.parametrize(
    ("ask", "status", "sentence"),
    [
        (lambda http: http.post("/model/parse", content=b"{"), 400, "body: it is no JSON"),
        (lambda http: http.post("/model/parse", content=b"[" * 90_000), 400, "it is no JSON"),
        (lambda http: http.post("/model/parse", json=[]), 400, 'send {"text": "..."}'),
        (lambda http: http.post("/model/parse", json={"text": 5}), 400, "there is no text"),
        (lambda http: http.post("/model/parse", json={"text": "x" * 4001}), 400, "at most 4000"),
        (
            lambda http: http.post("/model/parse", json={"text": "a", "message_id": 5}),
            400,
            "message_id: it is no id",
        ),
        (
            lambda http: http.post("/model/parse?emulation_mode=LUIS", json={"text": "a"}),
            501,
            "emulation_mode is not served",
        ),
        (
            lambda http: http.post("/model/parse", content=b" " * 1_000_000),
            413,
            "more than 262144 bytes",
        ),
        (
            lambda http: http.get("/conversations/anna/tracker?include_events=SOME"),
            400,
            "Should be one of ALL, APPLIED, AFTER_RESTART, NONE",
        ),
        (lambda http: http.get("/conversations/anna/tracker?until=nan"), 400, "'until'"),
        (lambda http: http.get(f"/conversations/{'x' * 201}/tracker"), 400, "200 characters"),
        (lambda http: http.get("/conversations/a%00/tracker"), 400, "no NUL"),
        (
            lambda http: http.post(
                "/conversations/a/tracker/events?execute_side_effects=true", json=SLOT
            ),
            501,
            "the REST channel says nothing unless it is asked",
        ),
        (
            lambda http: http.post(
                "/conversations/a/tracker/events?execute_side_effects=yes", json=SLOT
            ),
            400,
            "write true or false",
        ),
        (
            lambda http: http.post("/conversations/a/tracker/events", json={"event": "reminder"}),
            501,
            "events 'reminder' cannot be added here",
        ),
        (
            lambda http: http.put("/conversations/a/tracker/events", json=[]),
            501,
            "PUT /conversations/a/tracker/events is not served here",
        ),
        (lambda http: http.post("/model/train", json={}), 501, "is not served here"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_in_rasas_form(
    http: httpx.AsyncClient,
    ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]],
    status: int,
    sentence: str,
) -> None:
    http.headers.update(MAY_WRITE)
    answer = await ask(http)
    assert answer.status_code == status
    body = answer.json()
    assert sentence in body["message"]
    assert "\n" not in body["message"]
    assert set(body) == {"version", "status", "message", "reason", "details", "help", "code"}
    assert (body["status"], body["code"]) == ("failure", status)


async def test_a_locked_store_is_told_apart_from_a_mistake(
    http: httpx.AsyncClient, conversations: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(_: str) -> None:
        raise Busy("/srv/bot.db: the database is locked")

    monkeypatch.setattr(conversations, "conversation", locked)
    answer = await http.get("/conversations/anna/tracker", headers=MAY_READ)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "bot.db" not in answer.text
