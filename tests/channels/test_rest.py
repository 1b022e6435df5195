"""Rasa's REST channel: its payloads in, its payloads out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.blocks import Button, Buttons, Card, Custom, Image, Notice, Suggest, Suggestion, Text
from cs_bot.channels.rasa_payloads import rasa_objects
from cs_bot.channels.rest import rest_routes
from cs_bot.errors import Busy
from cs_bot.stores.protocols import Stores, TurnRecord
from cs_bot.testing.frame_transcripts import transcript_script
from cs_bot.testing.scripted_bot import Script, ScriptedBot
from cs_bot.types import Message, Picked, Pressed, Submitted

WEBHOOK = "/webhooks/rest/webhook"


@pytest.fixture
def script() -> Script:
    return transcript_script


@pytest.fixture
async def http(
    bot: ScriptedBot, stores: Stores, ids: Callable[[str], str]
) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(
        rest_routes(answers=bot, conversations=stores.conversations, ids=ids, locale="zh")
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://bot.example"
    ) as client:
        yield client


async def say(http: httpx.AsyncClient, message: str, sender: str = "u1") -> list[dict[str, Any]]:
    response = await http.post(WEBHOOK, json={"sender": sender, "message": message})
    assert response.status_code == 200, response.text
    objects: list[dict[str, Any]] = response.json()
    return objects


async def test_a_message_is_answered_in_one_call(http: httpx.AsyncClient) -> None:
    assert await say(http, "多久发货?") == [{"recipient_id": "u1", "text": "一般 48 小时内发货。"}]


async def test_a_reply_may_come_line_by_line(http: httpx.AsyncClient) -> None:
    body = {"sender": "u1", "message": "多久发货?"}
    answer = await http.post(WEBHOOK, params={"stream": "true"}, json=body)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == [{"recipient_id": "u1", "text": "一般 48 小时内发货。"}]


async def test_a_list_is_a_text_with_buttons_that_come_back_as_a_pick(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    [asked] = await say(http, "发货")
    assert asked["text"] == "您是想问:"
    assert [button["title"] for button in asked["buttons"]] == [
        "多久发货?",
        "如何修改收货地址?",
        "都不是",
    ]
    assert await say(http, asked["buttons"][1]["payload"]) == [
        {"recipient_id": "u1", "text": "这是 ec-031 的答案。"}
    ]
    assert (bot.heard[-1].text, bot.heard[-1].payload) == ("如何修改收货地址?", Picked("ec-031"))
    await say(http, asked["buttons"][2]["payload"])
    assert (bot.heard[-1].text, bot.heard[-1].payload) == ("都不是", Picked(None))


async def test_a_button_keeps_its_payload_and_comes_back_as_a_press(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    [asked] = await say(http, "我的包裹")
    assert [button["payload"] for button in asked["buttons"]] == ["/order_status", "多久发货?"]
    await say(http, "/order_status")
    assert (bot.heard[-1].text, bot.heard[-1].payload) == ("查物流", Pressed("/order_status"))


async def test_a_payload_nobody_offered_is_just_text(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    await say(http, "/order_status")
    assert (bot.heard[-1].text, bot.heard[-1].payload) == ("/order_status", None)


async def test_a_form_says_what_to_send_and_takes_it(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    [form] = await say(http, "转人工")
    assert "称呼 (name*)" in form["text"]
    assert form["custom"]["form_id"] == "leave_message"
    values = {"name": "王芳", "contact": "13800000000"}
    filled = "/submit" + json.dumps({"form_id": "leave_message", "values": values})
    assert (await say(http, filled))[0]["text"] == "留言已收到，我们会尽快与您联系。"
    assert bot.heard[-1].payload == Submitted("leave_message", values)
    again = await http.post(WEBHOOK, json={"sender": "u1", "message": filled})
    assert again.status_code == 400


async def test_senders_have_a_namespace_and_conversations_of_their_own(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    await say(http, "hi", "one")
    await say(http, "hi", "two")
    await say(http, "hi", "one")
    assert [message.user.id for message in bot.heard] == ["rest:one", "rest:two", "rest:one"]
    assert bot.heard[0].conversation_id == bot.heard[2].conversation_id
    assert bot.heard[0].conversation_id != bot.heard[1].conversation_id


async def test_metadata_may_name_the_language(http: httpx.AsyncClient, bot: ScriptedBot) -> None:
    body = {"sender": "u1", "message": "hi", "metadata": {"locale": "en-GB"}}
    await http.post(WEBHOOK, json=body)
    await http.post(WEBHOOK, json={**body, "metadata": {"locale": 5}})
    assert [message.locale for message in bot.heard] == ["en", "zh"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "JSON"),
        (b"[]", "body"),
        (b'{"message": "hi"}', "sender"),
        (b'{"sender": "", "message": "hi"}', "sender"),
        (b'{"sender": "u", "message": 5}', "message"),
        (b'{"sender": "u", "message": " "}', "message"),
        (b'{"sender": "u", "message": "a\\u0000"}', "message"),
        (b'{"sender": "u", "message": "a", "metadata": []}', "metadata"),
        (b'{"sender": "u", "message": "a", "metadata": {"n": [NaN]}}', "not finite"),
        (json.dumps({"sender": "u", "message": "x" * 4_001}).encode(), "4000"),
        (b'{"sender": "u", "message": "/pick{"}', "JSON object"),
        (b'{"sender": "u", "message": "/pick{}"}', "id"),
        (b'{"sender": "u", "message": "/pick{\\"id\\": \\"q\\"}"}', "offered"),
        (b'{"sender": "u", "message": "/submit{}"}', "form_id"),
        (b'{"sender": "u", "message": "/submit{\\"form_id\\":\\"f\\",\\"values\\":{}}"}', "form"),
    ],
)
async def test_bad_input_is_one_sentence(http: httpx.AsyncClient, body: bytes, says: str) -> None:
    answer = await http.post(WEBHOOK, content=body)
    assert answer.status_code == 400
    assert says in answer.json()["detail"]


async def test_a_message_of_one_megabyte_is_cut_off(http: httpx.AsyncClient) -> None:
    body = {"sender": "u1", "message": "x" * 1_000_000}
    assert (await http.post(WEBHOOK, json=body)).status_code == 413


async def test_a_locked_store_is_told_apart_from_a_mistake(
    stores: Stores, ids: Callable[[str], str]
) -> None:
    class Locked:
        async def reply(self, message: Message) -> TurnRecord:
            raise Busy("the database is locked", remedy="try again")

    app = FastAPI()
    app.include_router(
        rest_routes(answers=Locked(), conversations=stores.conversations, ids=ids, locale="zh")
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as http:
        answer = await http.post(WEBHOOK, json={"sender": "u1", "message": "hi"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json()["detail"] == "the server is busy; send it again in a moment"


def test_each_block_becomes_an_object_and_choices_join_their_text() -> None:
    row = Buttons((Button("b", "Site", url="https://a.example"), Button("c", "Go", "/go")))
    blocks = (Text("one"), row, Image("https://a.example/i.png"), Notice("bye"), row)
    button = {"type": "web_url", "title": "Site", "url": "https://a.example"}
    buttons = [button, {"title": "Go", "payload": "/go"}]
    assert rasa_objects(blocks, "u", "en") == [
        {"recipient_id": "u", "text": "one", "buttons": buttons},
        {"recipient_id": "u", "image": "https://a.example/i.png"},
        {"recipient_id": "u", "text": "bye", "buttons": buttons},
    ]
    assert rasa_objects((row,), "u", "en")[0]["text"] == "1. Site\n2. Go"
    assert rasa_objects((blocks[0], blocks[2], row), "u", "en") == [
        {"recipient_id": "u", "text": "one", "buttons": buttons},
        {"recipient_id": "u", "image": "https://a.example/i.png"},
    ]


def test_json_of_the_operators_own_keeps_the_name_rasa_has_for_it() -> None:
    blocks = (Custom({"type": "rating"}), Custom({"type": "video"}, "See", "attachment"))
    assert rasa_objects(blocks, "u", "en") == [
        {"recipient_id": "u", "custom": {"type": "rating"}},
        {"recipient_id": "u", "attachment": {"type": "video"}},
    ]


def test_a_card_is_one_object_and_related_questions_have_no_last_line() -> None:
    card = Card("Sale", "Free postage", "https://a.example/i.png", "", (Button("b", "Go", "/go"),))
    related = Suggest((Suggestion("q1", "Returns?"),))
    assert rasa_objects((card, Text("Also:"), related), "u", "en") == [
        {
            "recipient_id": "u",
            "text": "Sale\nFree postage",
            "image": "https://a.example/i.png",
            "buttons": [{"title": "Go", "payload": "/go"}],
        },
        {
            "recipient_id": "u",
            "text": "Also:",
            "buttons": [{"title": "Returns?", "payload": '/pick{"id": "q1"}'}],
        },
    ]


async def test_a_button_of_a_card_comes_back_as_a_press(
    http: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    await say(http, "双十一")
    await say(http, "/order_status")
    assert (bot.heard[-1].text, bot.heard[-1].payload) == ("查物流", Pressed("/order_status"))


async def test_metadata_is_kept_with_the_message(
    http: httpx.AsyncClient, bot: ScriptedBot, stores: Stores
) -> None:
    metadata = {"customer": {"tier": "gold"}, "locale": "en"}
    await http.post(WEBHOOK, json={"sender": "u1", "message": "hi", "metadata": metadata})
    assert bot.heard[-1].metadata == metadata
    [turn] = (await stores.conversations.history(bot.heard[-1].conversation_id)).turns
    assert turn.metadata == metadata


async def test_the_channel_says_that_it_is_there(http: httpx.AsyncClient) -> None:
    assert (await http.get("/webhooks/rest/")).json() == {"status": "ok"}
