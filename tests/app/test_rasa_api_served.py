"""A Rasa project served over loopback, and the scripts that a Rasa user has for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa_sdk import Tracker

from cs_bot.app import opened
from cs_bot.listening import bound_socket
from cs_bot.server import serving
from cs_bot.settings import ServerSettings, load
from cs_bot.testing.chat_server import Address, open_session, raw_client, words

pytestmark = pytest.mark.slow

KEY = "a-key-of-their-own"
DOMAIN = """
version: "3.1"
intents: [greet, book, inform, who]
entities: [city, number]
slots:
  city:
    type: text
    mappings: [{type: from_entity, entity: city}]
  guests:
    type: float
    mappings: [{type: from_entity, entity: number}]
forms:
  book_form: {required_slots: [city, guests]}
actions: [action_who]
responses:
  utter_greet: [{text: Hello there!}]
  utter_ask_city: [{text: Which city?}]
  utter_ask_guests: [{text: How many of you?}]
  utter_booked: [{text: "A table for {guests} in {city}."}]
"""
DATA = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
    - hi there
- intent: book
  examples: |
    - book a table
    - I would like to reserve a table
    - a table please
- intent: inform
  examples: |
    - in [Rome](city)
    - in [Oslo](city) please
    - for two of us
- intent: who
  examples: |
    - who am I
    - do you know who I am
- lookup: city
  examples: |
    - Rome
    - Oslo
    - Kyiv
rules:
- rule: Greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: Ask
  steps: [{intent: book}, {action: book_form}, {active_loop: book_form}]
- rule: Book
  condition: [{active_loop: book_form}]
  steps: [{action: book_form}, {active_loop: null}, {action: utter_booked}]
- rule: Who
  steps: [{intent: who}, {action: action_who}]
"""
WHO = """
from rasa_sdk import Action


class Who(Action):
    def name(self):
        return "action_who"

    def run(self, dispatcher, tracker, domain):
        page = tracker.latest_message["metadata"]["page"]
        dispatcher.utter_message(text=f"{tracker.sender_id} on {page}")
        return []
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "actions").mkdir()
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "data" / "all.yml").write_text(DATA)
    (tmp_path / "actions" / "who.py").write_text(WHO)
    (tmp_path / "bot.toml").write_text('[bot]\nlocale = "en"\n[channels.web_demo]\n')
    monkeypatch.setenv("CS_BOT_API_KEY", KEY)
    return tmp_path


@pytest.fixture
async def address(project: Path) -> AsyncIterator[Address]:
    listening = bound_socket(ServerSettings(port=0))
    port = listening.getsockname()[1]
    async with opened(load(project)) as house, serving(house, listening):
        yield Address(port)


class Script:
    """What a Rasa user's script does."""

    def __init__(self, http: httpx.AsyncClient, sender: str) -> None:
        self._http = http
        self._sender = sender

    async def say(self, message: str, **metadata: str) -> list[str]:
        body = {"sender": self._sender, "message": message, "metadata": metadata}
        answer = await self._http.post("/webhooks/rest/webhook", json=body)
        return [said["text"] for said in answer.json()]

    async def tracker(self) -> Tracker:
        answer = await self._http.get(f"/conversations/{self._sender}/tracker")
        return Tracker.from_dict(answer.json())

    async def append(self, *events: dict[str, Any]) -> Tracker:
        path = f"/conversations/{self._sender}/tracker/events"
        answer = await self._http.post(path, json=list(events))
        assert answer.status_code == 200, answer.text
        return Tracker.from_dict(answer.json())


async def test_a_rasa_users_scripts_go_on_working(address: Address) -> None:
    key = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=address.http, headers=key, timeout=20) as http:
        await a_form_goes_on_from_what_a_script_sets(Script(http, "anna"))
        await a_script_begins_the_form(Script(http, "bob"))
        await an_action_knows_the_sender(Script(http, "carl"))
        await a_restart_forgets(Script(http, "anna"))
        await a_script_may_silence_the_bot(Script(http, "emil"))
        await a_script_may_take_a_message_back(Script(http, "fred"))
        await a_message_is_parsed(http)
        await a_visitor_of_the_widget_has_a_tracker_too(http, address)


async def a_form_goes_on_from_what_a_script_sets(anna: Script) -> None:
    assert await anna.say("book a table") == ["Which city?"]
    asked = await anna.tracker()
    assert (asked.active_loop_name, asked.get_slot("requested_slot")) == ("book_form", "city")
    assert asked.latest_message["intent"]["name"] == "book"
    set_ = await anna.append({"event": "slot", "name": "city", "value": "Lima"})
    assert set_.get_slot("city") == "Lima"
    assert await anna.say("for 4 people") == ["A table for 4 in Lima."]
    done = await anna.tracker()
    assert (done.active_loop_name, done.get_slot("guests")) == (None, 4)
    assert done.last_executed_action_has("utter_booked")


async def a_script_begins_the_form(bob: Script) -> None:
    begun = await bob.append(
        {"event": "user", "text": "book", "parse_data": {"intent": {"name": "book"}}},
        {"event": "action", "name": "book_form"},
        {"event": "active_loop", "name": "book_form"},
        {"event": "slot", "name": "requested_slot", "value": "city"},
        {"event": "bot", "text": "Which city?"},
        {"event": "action", "name": "action_listen"},
    )
    assert (begun.active_loop_name, begun.latest_action_name) == ("book_form", "action_listen")
    assert await bob.say("in Oslo please") == ["How many of you?"]
    left = await bob.append({"event": "active_loop", "name": None})
    assert (left.active_loop_name, left.get_slot("requested_slot")) == (None, None)
    assert await bob.say("hello") == ["Hello there!"]


async def an_action_knows_the_sender(carl: Script) -> None:
    assert await carl.say("who am I", page="/cart") == ["carl on /cart"]


async def a_restart_forgets(anna: Script) -> None:
    again = await anna.append({"event": "restart"})
    assert (again.get_slot("city"), again.events) == (None, [])
    assert await anna.say("book a table") == ["Which city?"]


async def a_script_may_silence_the_bot(emil: Script) -> None:
    assert (await emil.append({"event": "pause"})).is_paused()
    assert await emil.say("hello") == []
    assert not (await emil.append({"event": "resume"})).is_paused()
    assert await emil.say("hello") == ["Hello there!"]


async def a_script_may_take_a_message_back(fred: Script) -> None:
    await fred.say("hello")
    assert await fred.say("book a table") == ["Which city?"]
    back = await fred.append({"event": "rewind"})
    assert (back.active_loop_name, back.latest_message["text"]) == (None, "hello")
    assert await fred.say("book a table") == ["Which city?"]


async def a_message_is_parsed(http: httpx.AsyncClient) -> None:
    parsed = (await http.post("/model/parse", json={"text": "book a table in Kyiv"})).json()
    assert parsed["intent"]["name"] == "book"
    [city] = parsed["entities"]
    assert (city["entity"], city["value"], city["start"], city["end"]) == ("city", "Kyiv", 16, 20)
    stated = (await http.post("/model/parse", json={"text": '/inform{"city": "Rome"}'})).json()
    assert stated["intent"] == {"name": "inform", "confidence": 1.0}
    assert stated["entities"][0]["value"] == "Rome"


async def a_visitor_of_the_widget_has_a_tracker_too(
    http: httpx.AsyncClient, address: Address
) -> None:
    async with raw_client(address) as client:
        session = await open_session(address, "web_demo")
        welcome = await client.hello(session["visitor_token"], "web_demo")
        await client.say("book a table")
        dora = Script(http, welcome["data"]["conversation_id"])
        asked = await dora.tracker()
        assert asked.get_latest_input_channel() == "web_demo"
        assert asked.active_loop_name == "book_form"
        await dora.append({"event": "slot", "name": "city", "value": "Rome"})
        _, booked = await client.say("for 3 people")
        assert words(booked) == "A table for 3 in Rome."
        told = {"event": "bot", "text": "Your table is ready."}
        query = "execute_side_effects=true&output_channel=latest"
        path = f"/conversations/{welcome['data']['conversation_id']}/tracker/events?{query}"
        assert (await http.post(path, json=told)).status_code == 200
        assert words(await client.answer()) == "Your table is ready."
