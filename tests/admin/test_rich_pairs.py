"""Further answers, related pairs and times over the operator API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PAIR: dict[str, Any] = {
    "question": "邮费多少？",
    "similar": [],
    "answer": "5 元。",
    "locale": "zh",
    "translations": {},
    "category": "",
    "tags": [],
    "task": None,
    "answers": [
        {"text": "金卡免邮。", "channels": ["web_demo"], "tiers": ["gold"]},
        {
            "blocks": [
                {"kind": "text", "text": "见下："},
                {"kind": "image", "url": "https://shop.example/fees.png", "alt": "运费表"},
                {
                    "kind": "buttons",
                    "buttons": [
                        {"title": "怎么退货", "say": "怎么退货？"},
                        {"title": "客服电话", "url": "tel:+86-400-1234"},
                        {"title": "查物流", "task": "order_status"},
                    ],
                },
                {
                    "kind": "card",
                    "title": "大促",
                    "text": "包邮",
                    "image": "https://shop.example/sale.png",
                    "alt": "海报",
                    "buttons": [{"title": "去看看", "url": "https://shop.example/sale"}],
                },
            ],
            "locales": ["zh"],
            "valid_from": "2026-12-01T00:00:00+08:00",
            "valid_until": "2026-12-02T00:00:00+08:00",
        },
    ],
    "related": ["ec-001"],
    "valid_from": None,
    "valid_until": "2027-01-01T00:00:00+00:00",
}


async def test_a_rich_pair_is_read_back_as_it_was_written(console: httpx.AsyncClient) -> None:
    made = await console.post("/pairs", json={**PAIR, "id": "ec-009"})
    assert made.status_code == 201, made.text
    read = (await console.get("/pairs/ec-009")).json()
    assert {name: read[name] for name in PAIR} == PAIR
    saved = await console.put("/pairs/ec-009", json={**PAIR, "version": 1})
    assert {name: saved.json()[name] for name in PAIR} == PAIR


async def test_its_words_are_found_by_the_search(console: httpx.AsyncClient) -> None:
    await console.post("/pairs", json={**PAIR, "id": "ec-009"})
    for words in ("金卡", "见下", "包邮", "客服电话"):
        assert (await console.get("/pairs", params={"search": words})).json()["total"] == 1


def button(**does: Any) -> dict[str, Any]:
    row = {"kind": "buttons", "buttons": [{"title": "x", **does}]}
    return {"answers": [{"blocks": [row]}]}


def block(**fields: Any) -> dict[str, Any]:
    return {"answers": [{"text": "x"}, {"blocks": [fields]}]}


AT = "answers.1.blocks.0"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"answers": [{}]}, {"answers.0": "This answer is empty"}),
        ({"answers": [{"text": "x", "channel": "y"}]}, {"answers.0.channel": "There is no such"}),
        ({"answers": [{"text": "x"}] * 21}, {"answers": "At most 20 of them."}),
        ({"answers": [{"text": "x\0"}]}, {"answers.0.text": "It holds a NUL character"}),
        ({"answers": [{"text": "x", "locales": ["fr"]}]}, {"answers.0.locales.0": "It must be"}),
        ({"valid_until": "2026-12-01"}, {"valid_until": "Write date, time and zone"}),
        (
            {"valid_from": "2026-12-01T00:00Z", "valid_until": "2026-12-01T08:00+08:00"},
            {"valid_until": "The end must be later than the beginning."},
        ),
        (
            {"answers": [{"text": "x", "valid_from": "never"}]},
            {"answers.0.valid_from": "Write date, time and zone"},
        ),
        (block(kind="video"), {AT: "There is no such content"}),
        (block(kind="text", text=" "), {f"{AT}.text": "This is required."}),
        (block(kind="buttons", buttons=[]), {f"{AT}.buttons": "This is required."}),
        (block(kind="card", title="x" * 81), {f"{AT}.title": "At most 80 characters."}),
        (
            block(kind="image", url="javascript:alert(1)", alt="x"),
            {f"{AT}.url": "The address must begin with http://"},
        ),
        (
            block(kind="card", title="x", image="data:image/png;base64,x"),
            {f"{AT}.image": "The address must begin with http://"},
        ),
        (button(), {"answers.0.blocks.0.buttons.0": "A button does one thing"}),
        (button(say="a", task="b"), {"answers.0.blocks.0.buttons.0": "A button does one thing"}),
        (
            button(url="javascript:alert(1)"),
            {"answers.0.blocks.0.buttons.0.url": "The link must begin with"},
        ),
        ({"related": ["a"] * 6}, {"related": "At most 5 of them."}),
    ],
)
async def test_what_is_wrong_is_named_by_field(
    console: httpx.AsyncClient, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    answer = await console.post("/pairs", json={**PAIR, **changes})
    assert answer.status_code == 422, answer.text
    told = answer.json()["error"]["fields"]
    assert told.keys() == fields.keys()
    for name, sentence in fields.items():
        assert told[name].startswith(sentence)


async def test_a_pair_is_never_related_to_itself(console: httpx.AsyncClient) -> None:
    made = await console.post("/pairs", json={**PAIR, "id": "a", "related": ["a", "b", "b", ""]})
    assert made.json()["related"] == ["b"]


async def test_a_button_without_a_task_keeps_the_drafts_from_being_published(
    console: httpx.AsyncClient,
) -> None:
    await console.post("/pairs", json={**PAIR, **button(task="return"), "id": "ec-009"})
    refused = await console.post("/releases", json={"note": ""})
    assert refused.status_code == 409
    (problem,) = refused.json()["problems"]
    assert problem["field"] == "answers.0.blocks.0.buttons.0.task"
    assert "'return'" in problem["message"]
    await console.put("/pairs/ec-009", json={**PAIR, "version": 1})
    assert (await console.post("/releases", json={"note": ""})).status_code == 201


async def test_an_answer_may_name_the_channels_and_tasks_of_the_bot(
    console: httpx.AsyncClient,
) -> None:
    choices = (await console.get("/answer-choices")).json()
    assert choices == {"channels": ["web_demo", "rest"], "tasks": ["order_status"]}


async def test_a_question_may_be_asked_in_another_situation(
    console: httpx.AsyncClient, told: list[str]
) -> None:
    body = {"text": "邮费", "channel": "rest", "tier": "gold", "at": "2026-12-01T00:00Z"}
    assert (await console.post("/ask", json=body)).status_code == 200
    await console.post("/ask", json={"text": "邮费", "at": None, "channel": "", "tier": ""})
    assert told == ["zh 邮费 channel=rest tier=gold at=2026-12-01 00:00:00+00:00", "zh 邮费"]
    wrong = await console.post("/ask", json={**body, "at": "soon"})
    assert wrong.json()["error"]["fields"].keys() == {"at"}
