"""Importing a file in the console: look first, apply exactly that, take it back."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook

from cs_bot.stores.protocols import Stores
from cs_bot.types import QAPair

FILE = "问题,答案,分类\n怎么退货,点售后,售后\n怎么开票,点发票,\n"
BAD = FILE + "周末上班吗,,\n怎么退货,打电话,\n"


async def check(console: httpx.AsyncClient, content: str | bytes, **query: Any) -> dict[str, Any]:
    answer = await console.post(
        "/imports/check", params={"file": "faq.csv", **query}, content=content
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def apply(
    console: httpx.AsyncClient, content: str | bytes, seen: str, **query: Any
) -> httpx.Response:
    params = {"file": "faq.csv", "seen": seen, **query}
    return await console.post("/imports", params=params, content=content)


async def applied(console: httpx.AsyncClient, content: str, **query: Any) -> dict[str, Any]:
    seen = (await check(console, content, **query))["seen"]
    answer = await apply(console, content, seen, **query)
    assert answer.status_code == 201, answer.text
    done: dict[str, Any] = answer.json()
    return done


def sentence(answer: httpx.Response) -> str:
    said: str = answer.json()["error"]["message"]
    return said


async def test_a_check_tells_what_the_file_holds_and_changes_nothing(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    found = await check(console, FILE.encode("gb18030"))
    assert (found["dialect"], found["encoding"], found["sheet"]) == ("cs-bot", "GB18030", None)
    assert [(one["heading"], one["field"]) for one in found["columns"]] == [
        ("问题", "question"),
        ("答案", "answer"),
        ("分类", "category"),
    ]
    assert found["columns"][0]["sample"] == ["怎么退货", "怎么开票"]
    assert [(one["line"], one["question"], one["answer"]) for one in found["added"]] == [
        (2, "怎么退货", "点售后"),
        (3, "怎么开票", "点发票"),
    ]
    assert (found["problem"], found["counts"]["added"]) == (None, 2)
    assert await stores.knowledge.draft_pairs() == ()


async def test_a_changed_pair_is_shown_before_and_after(console: httpx.AsyncClient) -> None:
    await applied(
        console, "id,question,answer,similar,en.question,en.answer\na,退,旧,x|y,Return,Old\n"
    )
    new = "id,question,answer,similar,en.question,en.answer\na,退,新,x|z,Return,New\n"
    found = await check(console, new)
    (changed,) = found["changed"]
    assert (changed["id"], changed["restored"]) == ("a", False)
    assert changed["differences"] == [
        {"field": "similar", "before": "x\ny", "after": "x\nz"},
        {"field": "answer", "before": "旧", "after": "新"},
        {"field": "en.answer", "before": "Old", "after": "New"},
    ]
    assert found["counts"]["unchanged"] == 0


async def test_what_is_there_already_is_unchanged(console: httpx.AsyncClient) -> None:
    await applied(console, FILE)
    found = await check(console, FILE)
    assert (found["counts"]["unchanged"], found["added"], found["changed"]) == (2, [], [])
    done = (await apply(console, FILE, found["seen"])).json()
    assert done == {
        "id": None,
        "added": 0,
        "changed": 0,
        "unchanged": 2,
        "skipped": 0,
        "clashing": 0,
    }


async def test_an_archived_pair_would_come_back(console: httpx.AsyncClient) -> None:
    await applied(console, "id,question,answer\na,退,旧\n")
    await console.delete("/pairs/a")
    (changed,) = (await check(console, "id,question,answer\na,退,旧\n"))["changed"]
    assert (changed["restored"], changed["differences"]) == (True, [])


async def test_duplicates_and_conflicts_are_named_with_both_sides(
    console: httpx.AsyncClient,
) -> None:
    await applied(console, "id,question,answer\nold,怎么退货,点售后\n")
    found = await check(console, "id,question,answer\nx,怎么退货？,点售后\ny,怎麼退貨,打电话\n")
    assert found["duplicates"][0]["other"] == {
        "id": "old",
        "line": None,
        "question": "怎么退货",
        "answer": "点售后",
    }
    assert (found["conflicts"][0]["asked"]["id"], found["conflicts"][0]["asked"]["line"]) == (
        "y",
        3,
    )


async def test_bad_rows_are_named_by_row_column_and_remedy(console: httpx.AsyncClient) -> None:
    found = await check(console, BAD)
    assert found["counts"]["bad"] == 2
    assert found["bad"] == [
        {
            "line": 4,
            "column": "答案",
            "problem": "'答案' is missing or empty",
            "remedy": "write it",
            "cells": ["周末上班吗", "", ""],
        },
        {
            "line": 5,
            "column": "问题",
            "problem": "the question '怎么退货' stands on line 2 already",
            "remedy": "put both into one row, or remove one",
            "cells": ["怎么退货", "打电话", ""],
        },
    ]


async def test_bad_rows_speak_chinese_to_who_reads_it(console: httpx.AsyncClient) -> None:
    console.headers["Accept-Language"] = "zh"
    found = await check(console, BAD)
    assert [(row["problem"], row["remedy"]) for row in found["bad"]] == [
        ("“答案”是空的", "请补上"),
        ("问题“怎么退货”在第 2 行已经出现过", "请合并成一行，或删除其中一行"),
    ]


async def test_a_file_with_bad_rows_is_imported_only_without_them(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    seen = (await check(console, BAD))["seen"]
    refused = await apply(console, BAD, seen)
    assert (refused.status_code, await stores.knowledge.draft_pairs()) == (422, ())
    assert sentence(refused).startswith("2 rows cannot be used")
    done = await apply(console, BAD, seen, skip_bad=True)
    assert (done.json()["added"], done.json()["skipped"]) == (2, 2)


async def test_bad_rows_can_be_taken_away_corrected_and_imported(
    console: httpx.AsyncClient,
) -> None:
    answer = await console.post("/imports/bad-rows?file=faq.csv", content=BAD + "=1+1,,\n")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["问题", "答案", "分类", "line", "column", "problem", "remedy"]
    assert rows[1][:6] == ["周末上班吗", "", "", "4", "答案", "'答案' is missing or empty"]
    assert rows[3][0] == "'=1+1"
    corrected = answer.content.decode("utf-8-sig").replace("周末上班吗,,", "周末上班吗,上,")
    found = await check(console, corrected)
    assert [one["question"] for one in found["added"]] == ["周末上班吗", "怎么退货"]


async def test_headings_that_nobody_knows_are_mapped_by_hand(console: httpx.AsyncClient) -> None:
    content = "标题,内容,备注\n怎么退货,点售后,内部\n"
    found = await check(console, content)
    assert found["problem"] == (
        "No column is the question or the answer yet; "
        "say below which column is the question and which the answer."
    )
    assert (found["seen"], found["added"]) == (None, [])
    assert [one["field"] for one in found["columns"]] == ["", "", ""]
    done = await applied(console, content, fields="question,answer,category")
    assert done["added"] == 1
    (pair,) = (await console.get("/pairs")).json()["items"]
    assert (pair["question"], pair["answer"], pair["category"]) == ("怎么退货", "点售后", "内部")


async def test_a_file_without_headings_is_read_from_its_first_row(
    console: httpx.AsyncClient,
) -> None:
    found = await check(console, "点售后,怎么退货\n", fields="answer,question", headed=False)
    assert (found["headed"], found["added"][0]["question"]) == (False, "怎么退货")
    assert [one["heading"] for one in found["columns"]] == ["", ""]


async def test_a_sheet_of_a_workbook_can_be_chosen(console: httpx.AsyncClient) -> None:
    book = Workbook()
    book.worksheets[0].append(["说明"])
    sheet = book.create_sheet("数据")
    sheet.append(["问题", "答案"])
    sheet.append(["怎么退货", "点售后"])
    content = io.BytesIO()
    book.save(content)
    found = await check(console, content.getvalue(), file="faq.xlsx", sheet="数据")
    assert (found["sheets"], found["sheet"]) == (["Sheet", "数据"], "数据")
    assert found["added"][0]["question"] == "怎么退货"


async def test_another_file_than_was_checked_is_not_imported(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    seen = (await check(console, FILE))["seen"]
    for content, query in ((FILE + "新,x,\n", {}), (FILE, {"fields": "question,answer,"})):
        answer = await apply(console, content, seen, **query)
        assert answer.status_code == 409
        assert sentence(answer).startswith("The file or the options are not those")
    assert await stores.knowledge.draft_pairs() == ()


async def test_what_somebody_edited_after_the_check_is_not_overwritten(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    await applied(console, "id,question,answer\na,退,旧\n")
    content = "id,question,answer\na,退,新\nb,换,好\n"
    seen = (await check(console, content))["seen"]
    await console.put("/pairs/a", json={"question": "退", "answer": "改过", "version": 1})
    answer = await apply(console, content, seen)
    assert answer.status_code == 409
    assert sentence(answer).startswith("Pairs that this import would replace were changed")
    assert [pair.answer for pair in await stores.knowledge.draft_pairs()] == ["改过"]
    again = (await check(console, content))["seen"]
    assert (await apply(console, content, again)).status_code == 201


async def test_of_two_operators_who_checked_the_same_ids_one_imports(
    console: httpx.AsyncClient,
) -> None:
    files = ["id,question,answer\na,退,一\n", "id,question,answer\na,退,二\n"]
    seen = [(await check(console, content))["seen"] for content in files]
    answers = await asyncio.gather(
        *(apply(console, c, s) for c, s in zip(files, seen, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


CLASHING = (
    "id,question,answer\na,怎么退货？,点售后\nb,怎么换货,点换货\nc,怎麼換貨,打电话\nd,开票,点\n"
)


async def test_pairs_that_ask_what_others_ask_can_be_left_out(console: httpx.AsyncClient) -> None:
    await applied(console, "id,question,answer\nold,怎么退货,点售后\n")
    found = await check(console, CLASHING)
    assert (found["counts"]["added"], found["counts"]["clashing"]) == (4, 2)
    done = (await apply(console, CLASHING, found["seen"], skip_clashing=True)).json()
    assert (done["added"], done["clashing"]) == (2, 2)
    items = (await console.get("/pairs")).json()["items"]
    assert sorted(item["id"] for item in items) == ["b", "d", "old"]
    assert (await console.post("/releases", json={"note": ""})).status_code == 201


async def test_no_other_pairs_are_left_out_than_were_seen(console: httpx.AsyncClient) -> None:
    seen = (await check(console, CLASHING))["seen"]
    await console.post("/pairs", json={"id": "new", "question": "怎么开票", "answer": "好"})
    assert (await apply(console, CLASHING, seen, skip_clashing=True)).status_code == 201
    await console.post("/imports/i1/undo")
    seen = (await check(console, CLASHING))["seen"]
    await console.post("/pairs", json={"id": "other", "question": "开票", "answer": "好"})
    assert (await apply(console, CLASHING, seen, skip_clashing=True)).status_code == 409


async def test_a_draft_edited_after_the_check_is_kept_also_when_pairs_are_left_out(
    console: httpx.AsyncClient,
) -> None:
    await applied(console, "id,question,answer\nd,开票,旧\n")
    seen = (await check(console, CLASHING))["seen"]
    await console.put("/pairs/d", json={"question": "开票", "answer": "改过", "version": 1})
    assert (await apply(console, CLASHING, seen, skip_clashing=True)).status_code == 409
    assert (await console.get("/pairs/d")).json()["answer"] == "改过"


async def test_imports_are_listed_and_the_last_is_undone(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    assert (await applied(console, FILE))["id"] == "i1"
    assert (await applied(console, "id,question,answer\nb,换,好\n"))["id"] == "i2"
    items = (await console.get("/imports")).json()["items"]
    assert [(one["id"], one["added"], one["imported_by"], one["last"]) for one in items] == [
        ("i2", 1, "Li", True),
        ("i1", 2, "Li", False),
    ]
    first = await console.post("/imports/i1/undo")
    assert (first.status_code, sentence(first)) == (
        409,
        "i1 is not the last import, i2 is; undo that one first.",
    )
    undone = await console.post("/imports/i2/undo")
    assert (undone.status_code, undone.json()["undone_by"]) == (200, "Li")
    assert len(await stores.knowledge.draft_pairs()) == 2
    assert [one["last"] for one in (await console.get("/imports")).json()["items"]] == [False, True]


async def test_an_import_whose_pairs_were_edited_is_not_undone(console: httpx.AsyncClient) -> None:
    await applied(console, "id,question,answer\na,退,旧\nb,换,好\n")
    await console.put("/pairs/a", json={"question": "退", "answer": "改过", "version": 1})
    await console.delete("/pairs/b")
    answer = await console.post("/imports/i1/undo")
    assert answer.status_code == 409
    assert sentence(answer) == (
        "Import i1 of faq.csv cannot be undone: pairs of it were edited since: "
        "'a' by Li, 'b' by Li. Correct or archive its pairs one by one instead."
    )
    console.headers["Accept-Language"] = "zh"
    assert sentence(await console.post("/imports/i1/undo")) == (
        "导入 i1（faq.csv）不能撤销，其中这些问答后来又被修改过：“a”（Li）、“b”（Li）。"
        "请逐条修改或归档要收回的问答。"
    )


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("faq.csv", b"", "The file is empty."),
        ("faq.csv", b"\n \n", "The file is empty."),
        ("faq.csv", "问题,答案\n\xff\xff\xff\n".encode("latin-1", "replace"), None),
        ("faq.xlsx", b"no workbook", "Not a workbook that can be read: it does not begin like one"),
        ("faq.csv", b'question,answer\n"a,b\n', "ot valid CSV: "),
        ("faq.csv", b"question,answer\na\xff,b\n", "ine 2: not UTF-8: byte 17 is 0xff"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    console: httpx.AsyncClient, file: str, content: bytes, said: str | None
) -> None:
    answer = await console.post("/imports/check", params={"file": file}, content=content)
    told = answer.json()
    spoken = told["problem"] if answer.status_code == 200 else told["error"]["message"]
    assert answer.status_code in {200, 422}
    assert spoken if said is None else said in spoken
    assert "/" not in spoken


async def test_a_file_that_is_too_large_is_refused(console: httpx.AsyncClient) -> None:
    content = b"x" * (20 * 1024 * 1024 + 1)
    answer = await console.post("/imports/check?file=faq.csv", content=content)
    assert answer.status_code == 422
    assert sentence(answer) == (
        "The file is larger than 20 MB and was not read; split it into several files."
    )


async def test_a_file_needs_a_session_before_it_is_read(anyone: httpx.AsyncClient) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"x")
        yield b"x"

    answer = await anyone.post("/imports/check?file=faq.csv", content=body())
    assert (answer.status_code, read) == (401, [])


async def test_a_name_with_folders_in_it_is_only_a_name(console: httpx.AsyncClient) -> None:
    found = await check(console, FILE, file="C:\\fakepath\\../../etc/常见问题.csv")
    assert found["file"] == "常见问题.csv"


@pytest.mark.parametrize(
    ("query", "field"),
    [({"file": ""}, "file"), ({"file": "a.csv", "shet": "x"}, "shet"), ({}, "file")],
)
async def test_a_query_that_is_wrong_names_its_field(
    console: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    answer = await console.post("/imports/check", params=query, content=FILE)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])


@pytest.mark.parametrize(
    "query", [{"dialect": "excel"}, {"fields": "question,answr"}, {"sheet": "x", "file": "a.xlsx"}]
)
async def test_an_option_that_does_not_exist_is_refused_or_told(
    console: httpx.AsyncClient, query: dict[str, str]
) -> None:
    answer = await console.post("/imports/check", params={"file": "faq.csv", **query}, content=FILE)
    told = answer.json()
    assert told["problem"] if answer.status_code == 200 else told["error"]["message"]
    assert answer.status_code in {200, 422}


async def test_lists_end_where_a_page_could_not_show_them(
    console: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"问题{n},答案,\n" for n in range(2_100))
    found = await check(console, FILE + rows)
    assert (found["counts"]["added"], len(found["added"])) == (2_102, 2_000)
    long = "".join(f"长{n},{'答' * 15_000},\n" for n in range(150))
    found = await check(console, FILE + long)
    assert found["counts"]["added"] == 152
    assert 2 < len(found["added"]) < 152


@pytest.mark.slow
async def test_a_large_file_does_not_keep_others_waiting(console: httpx.AsyncClient) -> None:
    rows = "".join(f"第{n}个问题怎么办,第{n}个答案,分类{n % 9}\n" for n in range(20_000))
    working = asyncio.ensure_future(applied(console, FILE + rows))
    served = 0
    while not working.done():
        assert (await console.get("/pairs?size=1")).status_code == 200
        served += 1
    assert working.result()["added"] == 20_002
    assert served > 20


async def test_the_template_is_a_file_that_can_be_imported(console: httpx.AsyncClient) -> None:
    for locale, heading in (("zh", "问题"), ("en", "question")):
        console.headers["Accept-Language"] = locale
        answer = await console.get("/imports/template")
        assert "attachment" in answer.headers["Content-Disposition"]
        found = await check(console, answer.content)
        assert (found["columns"][0]["heading"], found["counts"]["added"]) == (heading, 2)
        assert found["counts"]["bad"] == found["counts"]["conflicts"] == 0


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
async def test_what_is_exported_comes_back_unchanged(
    console: httpx.AsyncClient, stores: Stores, form: str
) -> None:
    told = [QAPair("a", "=1+1", ("@x",), "-2"), QAPair("b", "退", (), "好", category="+")]
    await stores.knowledge.import_pairs(told, by="li")
    answer = await console.get("/export", params={"form": form})
    assert answer.status_code == 200
    if form == "csv":
        assert "'=1+1" in answer.content.decode("utf-8-sig")
    found = await check(console, answer.content, file=f"pairs.{form}")
    assert found["counts"]["unchanged"] == 2


async def test_a_form_that_is_not_written_is_refused(console: httpx.AsyncClient) -> None:
    answer = await console.get("/export?form=xls")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["form"])


async def test_the_bodies_are_documented(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    check = paths["/api/v1/admin/imports/check"]["post"]
    assert "application/octet-stream" in check["requestBody"]["content"]
    shape = check["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert shape.endswith("ImportCheckView")
    names = {parameter["name"] for parameter in check["parameters"]}
    assert names == {"file", "dialect", "sheet", "fields", "headed"}
