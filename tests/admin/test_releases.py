from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.admin.drafts import Drafts
from cs_bot.stores.protocols import Stores
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair


async def make(console: httpx.AsyncClient, pair_id: str, question: str, **more: Any) -> None:
    body = {"id": pair_id, "question": question, "answer": "好的。", **more}
    assert (await console.post("/pairs", json=body)).status_code == 201


async def publish(console: httpx.AsyncClient, note: str = "") -> dict[str, Any]:
    answer = await console.post("/releases", json={"note": note})
    assert answer.status_code == 201, answer.text
    release: dict[str, Any] = answer.json()
    return release


async def test_publishing_makes_the_drafts_live_and_tells_the_index(
    console: httpx.AsyncClient, stores: Stores, told: list[str]
) -> None:
    await make(console, "a", "能退吗")
    release = await publish(console, "首次发布")
    assert release["id"] == "r1"
    assert (release["note"], release["created_by"], release["pairs"]) == ("首次发布", "Li", 1)
    assert release["current"] is True
    assert told == ["published"]
    assert [pair.id for pair in await stores.knowledge.release_pairs("r1")] == ["a"]
    page = (await console.get("/pairs")).json()
    assert (page["items"][0]["status"], page["pending"]) == ("published", 0)


async def test_the_draft_shows_what_publishing_would_change(console: httpx.AsyncClient) -> None:
    for pair_id, question in (("a", "能退吗"), ("b", "能换吗"), ("c", "能修吗")):
        await make(console, pair_id, question)
    await publish(console)
    await make(console, "d", "能寄吗")
    await console.put("/pairs/b", json={"question": "可换吗", "answer": "可以", "version": 1})
    await console.delete("/pairs/c")
    assert (await console.get("/releases/draft")).json() == {
        "added": [{"id": "d", "question": "能寄吗"}],
        "changed": [{"id": "b", "question": "可换吗"}],
        "removed": [{"id": "c", "question": "能修吗"}],
        "problems": [],
    }


async def test_publishing_nothing_new_is_a_conflict(
    console: httpx.AsyncClient, told: list[str]
) -> None:
    await make(console, "a", "能退吗")
    await publish(console)
    answer = await console.post("/releases", json={"note": ""})
    assert answer.status_code == 409
    assert answer.json()["problems"] == []
    assert told == ["published"]


async def test_equal_questions_in_two_pairs_block_publishing(
    console: httpx.AsyncClient, told: list[str]
) -> None:
    await make(console, "a", "能退吗", similar=["可以退货吗"])
    await make(console, "b", "怎么退", similar=["可以退貨嗎？"])
    answer = await console.post("/releases", json={"note": ""})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "conflict"
    places = [(problem["pair_id"], problem["field"]) for problem in answer.json()["problems"]]
    assert places == [("a", "similar.0"), ("b", "similar.0")]
    assert "'可以退貨嗎？' equals '可以退货吗' of a" in answer.json()["problems"][1]["message"]
    assert (await console.get("/releases/draft")).json()["problems"] == answer.json()["problems"]
    assert (await console.get("/releases")).json() == {"current": None, "items": []}
    assert told == []


async def test_an_archived_pair_blocks_nothing(console: httpx.AsyncClient) -> None:
    await make(console, "a", "能退吗")
    await make(console, "b", "能退吗？")
    await console.delete("/pairs/b")
    assert (await publish(console))["pairs"] == 1


async def test_an_imported_pair_without_words_or_answer_blocks_publishing(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    await stores.knowledge.import_pairs([QAPair("a", " ", (), " ")], by="import")
    answer = await console.post("/releases", json={"note": ""})
    places = [(problem["pair_id"], problem["field"]) for problem in answer.json()["problems"]]
    assert places == [("a", "answer"), ("a", "question")]


async def test_rolling_back_makes_an_earlier_release_live_and_keeps_the_drafts(
    console: httpx.AsyncClient, told: list[str], stores: Stores
) -> None:
    await make(console, "a", "能退吗")
    await publish(console)
    await make(console, "b", "能换吗")
    await publish(console)
    answer = await console.post("/releases/r1/rollback")
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["current"]) == ("r1", True)
    assert told == ["published"] * 3
    assert await stores.knowledge.current_release() == "r1"
    releases = (await console.get("/releases")).json()
    assert releases["current"] == "r1"
    assert [(item["id"], item["current"]) for item in releases["items"]] == [
        ("r2", False),
        ("r1", True),
    ]
    assert (await console.get("/pairs/b")).status_code == 200


async def test_rolling_back_to_a_release_that_never_was_is_not_found(
    console: httpx.AsyncClient, told: list[str]
) -> None:
    assert (await console.post("/releases/r9/rollback")).status_code == 404
    assert told == []


async def test_an_index_that_cannot_follow_does_not_undo_the_release(
    stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    async def no_index() -> None:
        raise OSError("no index")

    drafts = Drafts(stores.knowledge, normalized=normalized, published=no_index)
    await stores.knowledge.create_pair(QAPair("a", "能退吗", (), "可以"), by="Li")
    assert (await drafts.publish(note="", by="Li")).id == "r1"
    assert "could not follow" in caplog.text


async def test_ask_shows_the_answer_and_every_step(
    console: httpx.AsyncClient, told: list[str]
) -> None:
    answer = await console.post("/ask", json={"text": " 能退吗 ", "locale": "zh"})
    assert answer.status_code == 200
    assert told == ["zh 能退吗"]
    reply, steps = answer.json()["reply"], answer.json()["steps"]
    assert reply["text"] == "七天内可以退。\n[好的]"
    assert (reply["source"], reply["ref"], reply["score"]) == ("kbqa", "ec-017", 0.93)
    assert reply["suggestions"] == [{"id": "ec-016", "question": "怎么取消订单"}]
    assert reply["blocks"][0] == {"kind": "text", "text": "七天内可以退。", "format": "plain"}
    assert [(step["stage"], step["outcome"]) for step in steps] == [
        ("cache", "miss"),
        ("kbqa", "answered"),
    ]
    assert steps[0]["detail"] is None
    assert steps[1]["detail"] == "threshold: 0.8; decision: direct"
    assert steps[1]["candidates"][0]["features"] == {"bm25": 3.2, "margin": None}


async def test_ask_shows_what_a_customer_would_see_and_no_button_payloads(
    console: httpx.AsyncClient,
) -> None:
    answer = await console.post("/ask", json={"text": "好的", "locale": "zh"})
    assert "/affirm" not in answer.text


async def test_asking_nothing_is_refused(console: httpx.AsyncClient, told: list[str]) -> None:
    answer = await console.post("/ask", json={"text": "  ", "locale": "zh"})
    assert answer.json()["error"]["fields"] == {"text": "This is required."}
    assert told == []


async def test_the_api_is_documented_with_its_types_and_errors(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    publish = paths["/api/v1/admin/releases"]["post"]
    assert publish["tags"] == ["releases"]
    shapes = {
        status: answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for status, answer in publish["responses"].items()
    }
    assert shapes["201"] == "ReleaseView"
    assert shapes["409"] == shapes["422"] == "ErrorBody"
