from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from cs_bot.stores.protocols import Stores
from cs_bot.types import QAPair

RETURNS: dict[str, Any] = {
    "question": "东西不想要了能退吗",
    "similar": ["可以退货吗", "怎么退货"],
    "answer": "签收后七天内可以退。",
    "locale": "zh",
    "translations": {
        "en": {"question": "Can I return this?", "similar": [], "answer": "Within seven days."}
    },
    "category": "售后",
    "tags": ["退货"],
    "task": None,
    "answers": [],
    "related": [],
    "valid_from": None,
    "valid_until": None,
}


async def make(console: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await console.post("/pairs", json={**RETURNS, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def found(console: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await console.get("/pairs", params=query)
    assert answer.status_code == 200, answer.text
    return [pair["id"] for pair in answer.json()["items"]]


async def test_a_new_pair_is_a_draft_that_waits(console: httpx.AsyncClient) -> None:
    made = await make(console, id="ec-017")
    assert made == {
        **RETURNS,
        "id": "ec-017",
        "status": "draft",
        "version": 1,
        "updated_at": 1893456000000,
        "updated_by": "Li",
    }
    page = (await console.get("/pairs")).json()
    assert page == {
        "items": [made],
        "total": 1,
        "page": 1,
        "size": 25,
        "categories": [{"name": "售后", "count": 1}],
        "pending": 1,
    }
    assert (await console.get("/pairs/ec-017")).json() == made


async def test_the_server_makes_an_id_where_none_is_given(console: httpx.AsyncClient) -> None:
    one, other = await make(console), await make(console)
    assert one["id"] != other["id"]
    assert (await console.get(f"/pairs/{one['id']}")).json() == one


async def test_an_id_that_is_taken_is_refused_at_its_field(console: httpx.AsyncClient) -> None:
    await make(console, id="ec-017")
    answer = await console.post("/pairs", json={**RETURNS, "id": "ec-017"})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {
        "id": "The id 'ec-017' is taken; choose another one."
    }


@pytest.mark.parametrize("bad_id", ["", "a/b", "a b", "..", "-x", "?", "x" * 65, "a\0"])
async def test_an_id_must_be_able_to_stand_in_an_address(
    console: httpx.AsyncClient, bad_id: str
) -> None:
    answer = await console.post("/pairs", json={**RETURNS, "id": bad_id})
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["id"]


async def test_saving_from_the_version_that_was_read_works(console: httpx.AsyncClient) -> None:
    made = await make(console)
    edited = await console.put(
        f"/pairs/{made['id']}", json={**RETURNS, "answer": "B", "version": 1}
    )
    assert edited.status_code == 200
    assert (edited.json()["answer"], edited.json()["version"]) == ("B", 2)


async def test_saving_from_an_older_version_is_a_conflict_that_shows_the_current_pair(
    console: httpx.AsyncClient,
) -> None:
    path = f"/pairs/{(await make(console))['id']}"
    theirs = (await console.put(path, json={**RETURNS, "answer": "theirs", "version": 1})).json()
    mine = await console.put(path, json={**RETURNS, "answer": "mine", "version": 1})
    assert mine.status_code == 409
    assert mine.json()["error"]["code"] == "conflict"
    assert mine.json()["current"] == theirs
    assert (await console.get(path)).json() == theirs


async def test_an_archived_pair_can_be_restored(console: httpx.AsyncClient) -> None:
    path = f"/pairs/{(await make(console))['id']}"
    assert (await console.delete(path)).json()["status"] == "archived"
    assert (await console.post(f"{path}/restore")).json()["status"] == "draft"


@pytest.mark.parametrize("pair_id", ["faq/returns/1", "售后 1", "50%", "a?b#c"])
async def test_an_imported_pair_can_be_edited_whatever_its_id(
    console: httpx.AsyncClient, stores: Stores, pair_id: str
) -> None:
    await stores.knowledge.import_pairs([QAPair(pair_id, "能退吗", (), "能")], by="import")
    path = f"/pairs/{quote(pair_id, safe='')}"
    assert (await console.get(path)).json()["id"] == pair_id
    edited = await console.put(path, json={**RETURNS, "version": 1})
    assert (edited.json()["id"], edited.json()["version"]) == (pair_id, 2)
    assert (await console.delete(path)).json()["status"] == "archived"
    assert (await console.post(f"{path}/restore")).json()["status"] == "draft"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_a_pair_that_is_not_there_is_not_found(
    console: httpx.AsyncClient, method: str
) -> None:
    answer = await console.request(method, "/pairs/nope", json={**RETURNS, "version": 1})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"question": "   "}, {"question": "This is required."}),
        ({"question": "x" * 501}, {"question": "At most 500 characters."}),
        ({"answer": ""}, {"answer": "This is required."}),
        ({"answer": "x" * 16_001}, {"answer": "At most 16000 characters."}),
        ({"similar": ["ok", "x" * 501]}, {"similar.1": "At most 500 characters."}),
        ({"similar": ["x"] * 5_001}, {"similar": "At most 5000 of them."}),
        ({"locale": "fr"}, {"locale": "It must be 'zh' or 'en'."}),
        ({"colour": "red"}, {"colour": "There is no such field; take it out."}),
        (
            {"translations": {"en": {"question": "Q?", "answer": ""}}},
            {"translations.en.answer": "This is required."},
        ),
        ({"answer": "a\0b"}, {"answer": "It holds a NUL character; take it out."}),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(
    console: httpx.AsyncClient, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    answer = await console.post("/pairs", json={**RETURNS, **changes})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == fields


async def test_a_chinese_screen_gets_chinese_sentences(console: httpx.AsyncClient) -> None:
    answer = await console.post(
        "/pairs", json={**RETURNS, "question": ""}, headers={"Accept-Language": "zh-CN,zh;q=0.9"}
    )
    assert answer.json()["error"]["fields"] == {"question": "必填。"}


async def test_a_pair_at_every_limit_is_taken(console: httpx.AsyncClient) -> None:
    full = {"question": "问" * 500, "similar": ["似" * 500] * 5_000, "answer": "答" * 16_000}
    made = await make(console, **full, translations={"en": full})
    assert made["translations"]["en"] == full
    asked = {"questions": [f"第{n}种问法" for n in range(10_002)]}
    answer = await console.post("/pairs/check", json=asked)
    assert (answer.status_code, answer.json()) == (200, {"equal": []})


async def test_blank_similar_questions_are_left_out(console: httpx.AsyncClient) -> None:
    assert (await make(console, similar=["", " 退货 ", "  "]))["similar"] == ["退货"]


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (0, "It is at least 1."),
        (10**30, "It is at most 2147483647."),
        ("1", "It cannot be used: Input should be a valid integer."),
    ],
)
async def test_a_version_that_cannot_be_is_named(
    console: httpx.AsyncClient, version: object, sentence: str
) -> None:
    made = await make(console)
    answer = await console.put(f"/pairs/{made['id']}", json={**RETURNS, "version": version})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {"version": sentence}


@pytest.mark.parametrize(
    "search", ["ec-017", "不想要", "怎么退", "七天", "CAN I RETURN", "seven days", " 不想要 "]
)
async def test_search_looks_into_every_wording_of_both_languages(
    console: httpx.AsyncClient, search: str
) -> None:
    await make(console, id="ec-017")
    await make(console, id="x-1", question="发票", similar=[], answer="可开", translations={})
    assert await found(console, search=search) == ["ec-017"]


async def test_wildcards_in_a_search_are_ordinary_characters(console: httpx.AsyncClient) -> None:
    await make(console, id="a", question="打 9_5 折怎么算", similar=[])
    await make(console, id="b", question="满减 50% 怎么算", similar=[])
    await make(console, id="c", question="C:\\temp 打不开", similar=[])
    for search, ids in {"%": ["b"], "_": ["a"], "\\": ["c"], "50%": ["b"], "9%5": []}.items():
        assert await found(console, search=search) == ids, search


async def test_a_search_for_a_nul_character_is_refused_not_run(console: httpx.AsyncClient) -> None:
    assert (await console.get("/pairs?search=%00")).status_code == 422


async def test_the_list_is_cut_into_pages_and_filtered(console: httpx.AsyncClient) -> None:
    for number in range(5):
        await make(console, id=f"p{number}", category="物流" if number % 2 else "售后")
    first = (await console.get("/pairs", params={"size": 2})).json()
    second = (await console.get("/pairs", params={"size": 2, "page": 2})).json()
    assert first["total"] == second["total"] == 5
    assert len({pair["id"] for pair in first["items"] + second["items"]}) == 4
    assert sorted(await found(console, category="物流")) == ["p1", "p3"]
    assert await found(console, status="archived") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("page=0", "page"), ("size=201", "size"), ("page=x", "page"), ("status=live", "status")],
)
async def test_a_query_that_makes_no_sense_is_named(
    console: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await console.get(f"/pairs?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]


async def test_the_check_finds_questions_that_are_equal_once_normalised(
    console: httpx.AsyncClient,
) -> None:
    await make(console, id="ec-017")
    asked = {"questions": ["可以退貨嗎？", "ＣＡＮ I RETURN THIS", "发票", ""]}
    answer = await console.post("/pairs/check", json=asked)
    assert answer.json()["equal"] == [
        {"text": "可以退貨嗎？", "pair_id": "ec-017", "question": "可以退货吗"},
        {"text": "ＣＡＮ I RETURN THIS", "pair_id": "ec-017", "question": "Can I return this?"},
    ]


async def test_the_check_does_not_compare_a_pair_with_itself(console: httpx.AsyncClient) -> None:
    await make(console, id="ec-017")
    body = {"id": "ec-017", "questions": ["可以退货吗"]}
    assert (await console.post("/pairs/check", json=body)).json() == {"equal": []}
