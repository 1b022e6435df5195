"""The HTTP companions of the socket, as browsers and SDKs call them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.channels.chat import Chat
from cs_bot.channels.limits import Limits
from cs_bot.channels.routes import chat_routes
from cs_bot.errors import Busy
from cs_bot.stores.protocols import Conversation, Inbound, Stores
from cs_bot.testing.clock import FakeClock

ROOT = "/api/v1/chat"
SHOP = {"origin": "https://shop.example"}
EVIL = {"origin": "https://evil.example"}


@pytest.fixture
async def http(chat: Chat) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(chat_routes(chat))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as client:
        yield client


async def session(http: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await http.post(f"{ROOT}/sessions", json={"key": "web_demo", **body})
    assert response.status_code == 200, response.text
    opened: dict[str, Any] = response.json()
    return opened


def bearer(opened: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {opened['visitor_token']}"}


async def test_the_config_tells_a_widget_all_it_needs(http: httpx.AsyncClient) -> None:
    config = (await http.get(f"{ROOT}/config", params={"key": "web_demo"})).json()
    assert config["name"] == {"zh": "小助手", "en": "Assistant"}
    assert config["greeting"] == {"zh": "您好", "en": "Hello"}
    assert config["quick_questions"] == {"zh": ["多久发货?"]}
    assert config["protocols"] == ["csbot.v1"]
    assert config["limits"] == {"frame": 65_536, "text": 4_000}
    assert config["theme"] == {"color": "#1d4ed8"}


async def test_an_unchanged_config_is_not_sent_again(http: httpx.AsyncClient) -> None:
    first = await http.get(f"{ROOT}/config", params={"key": "web_demo"})
    known = {"if-none-match": first.headers["etag"]}
    again = await http.get(f"{ROOT}/config", params={"key": "web_demo"}, headers=known)
    assert (again.status_code, again.content) == (304, b"")


async def test_an_unknown_channel_is_not_found(http: httpx.AsyncClient) -> None:
    assert (await http.get(f"{ROOT}/config", params={"key": "nobody"})).status_code == 404
    answer = await http.post(f"{ROOT}/sessions", json={"key": "nobody"})
    assert answer.status_code == 404


async def test_a_new_visitor_gets_an_id_a_token_and_no_conversation_yet(
    http: httpx.AsyncClient,
) -> None:
    opened = await session(http)
    assert opened["visitor_id"] == "v_1"
    assert opened["conversation"] is None
    assert opened["ws_url"] == "ws://bot.example/api/v1/chat/ws"


async def test_a_known_visitor_keeps_id_and_conversation(
    http: httpx.AsyncClient, stores: Stores, clock: FakeClock
) -> None:
    first = await session(http)
    thread = await stores.conversations.open(None, channel="web_demo", user_id="v_1", locale="zh")
    clock.forward(days=80)
    again = await session(http, visitor_token=first["visitor_token"])
    assert again["visitor_id"] == "v_1"
    assert again["conversation"] == {"id": thread.id, "epoch": thread.epoch, "top_seq": 0}
    clock.forward(days=80)  # the token was renewed: ninety days count from the last session
    assert (await session(http, visitor_token=again["visitor_token"]))["visitor_id"] == "v_1"


async def test_a_visitor_away_for_too_long_is_a_new_one(
    http: httpx.AsyncClient, clock: FakeClock
) -> None:
    first = await session(http)
    clock.forward(days=90)
    assert (await session(http, visitor_token=first["visitor_token"]))["visitor_id"] == "v_2"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "JSON"),
        (b"{}", "key"),
        (b'{"key": 1}', "key"),
        (b'{"key": "web_demo", "visitor_token": 5}', "visitor_token"),
    ],
)
async def test_a_bad_request_says_what_is_wrong(
    http: httpx.AsyncClient, body: bytes, says: str
) -> None:
    answer = await http.post(f"{ROOT}/sessions", content=body)
    assert answer.status_code == 400
    assert says in answer.json()["detail"]


async def test_a_body_without_end_is_cut_off(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"{ROOT}/sessions", content=b" " * 65_537)
    assert answer.status_code == 413


class TestManyNewVisitors:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(sessions=2)

    async def test_of_one_address_have_to_wait(self, http: httpx.AsyncClient) -> None:
        first = await session(http)
        await session(http)
        refused = await http.post(f"{ROOT}/sessions", json={"key": "web_demo"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        await session(http, visitor_token=first["visitor_token"])  # nobody new


async def test_history_comes_page_by_page(http: httpx.AsyncClient, stores: Stores) -> None:
    opened = await session(http)
    log = stores.conversations
    thread = await log.open(None, channel="web_demo", user_id="v_1", locale="zh")
    for n in range(1, 26):
        await log.accept(thread.id, Inbound(str(n), f"text {n}", "zh"))

    async def seqs(**query: int) -> list[int]:
        path = f"{ROOT}/conversations/{thread.id}/events"
        page = (await http.get(path, params=query, headers=bearer(opened))).json()
        assert (page["top_seq"], page["epoch"]) == (25, thread.epoch)
        return [event["seq"] for event in page["events"]]

    assert await seqs() == list(range(6, 26))
    assert await seqs(before_seq=6) == list(range(1, 6))
    assert await seqs(after_seq=20) == list(range(21, 26))
    assert await seqs(after_seq=0, limit=3) == [1, 2, 3]
    assert await seqs(limit=100_000) == list(range(1, 26))
    assert await seqs(limit=-5) == [25]


async def test_history_of_somebody_else_is_not_found(
    http: httpx.AsyncClient, stores: Stores
) -> None:
    stranger = await session(http)
    thread = await stores.conversations.open(
        None, channel="web_demo", user_id="somebody", locale="zh"
    )
    for path in (thread.id, "c_404"):
        answer = await http.get(f"{ROOT}/conversations/{path}/events", headers=bearer(stranger))
        assert answer.status_code == 404


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x.y.z"}, {"authorization": "x"}])
async def test_history_needs_a_token(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await http.get(f"{ROOT}/conversations/c_1/events", headers=headers)
    assert answer.status_code == 401


async def test_a_page_on_the_list_may_read_the_answers(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{ROOT}/config", params={"key": "web_shop"}, headers=SHOP)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["vary"] == "Origin"


async def test_a_page_on_the_list_may_read_refusals_too(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{ROOT}/config", params={"key": "nobody"}, headers=SHOP)
    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"


async def test_any_other_page_may_not(http: httpx.AsyncClient) -> None:
    for key in ("web_shop", "web_demo"):
        answer = await http.post(f"{ROOT}/sessions", json={"key": key}, headers=EVIL)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


async def test_a_browser_may_ask_beforehand(http: httpx.AsyncClient) -> None:
    for path in ("sessions", "config", "conversations/c_1/events"):
        allowed = await http.options(f"{ROOT}/{path}", headers=SHOP)
        assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
        assert "Authorization" in allowed.headers["access-control-allow-headers"]
        refused = await http.options(f"{ROOT}/{path}", headers=EVIL)
        assert "access-control-allow-origin" not in refused.headers


class LockedStore:
    """Stands for the log while another program holds the database."""

    async def open(self, *_: object, **__: object) -> Conversation:
        raise Busy("var/cs_bot.db: the database is locked by another program")


async def test_a_locked_database_is_told_to_pages_without_naming_it(
    http: httpx.AsyncClient, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"key": "web_shop"}
    opened = (await http.post(f"{ROOT}/sessions", json=own, headers=SHOP)).json()
    monkeypatch.setattr(chat, "conversations", LockedStore())
    body = {**own, "visitor_token": opened["visitor_token"]}
    refused = await http.post(f"{ROOT}/sessions", json=body, headers=SHOP)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert refused.headers["access-control-allow-origin"] == SHOP["origin"]
    assert "cs_bot.db" not in refused.text
