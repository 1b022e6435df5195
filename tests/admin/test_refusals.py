from __future__ import annotations

import json
import logging
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from cs_bot.admin.refusals import Refused, error_answer
from cs_bot.admin.route import ConsoleRoute
from cs_bot.admin.sentences import says, spoken_locale
from cs_bot.errors import BadInput, Busy, Conflict, CsBotError, NotFound


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadInput("this is no cursor of ours", where="cursor"), 422, "invalid"),
        (NotFound("QA pair", "x"), 404, "not_found"),
        (Conflict("somebody was faster"), 409, "conflict"),
        (Busy("the database is locked"), 503, "unavailable"),
        (Refused("forbidden"), 403, "forbidden"),
    ],
)
def test_every_error_of_the_house_has_its_status(error: CsBotError, status: int, code: str) -> None:
    answer = error_answer(error, "en")
    assert answer.status_code == status
    assert json.loads(bytes(answer.body))["error"]["code"] == code


def test_an_unexpected_error_shows_an_id_that_is_in_the_log_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = error_answer(ZeroDivisionError("/srv/secret"), "zh")
    error = json.loads(bytes(answer.body))["error"]
    assert (answer.status_code, error["code"]) == (500, "internal")
    error_id = error["message"].removeprefix("服务器出错，日志编号 ").removesuffix("。")
    assert error_id in caplog.text
    assert "/srv/secret" in caplog.text
    assert "secret" not in bytes(answer.body).decode()


def test_a_broken_database_file_is_for_the_log_not_for_the_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = error_answer(BadInput("the database file is damaged", where="/srv/bot.db"), "en")
    assert answer.status_code == 500
    assert b"/srv" not in bytes(answer.body)
    assert "damaged" in caplog.text


async def test_a_handler_that_crashes_is_answered_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = FastAPI()

    async def crash() -> None:
        raise RuntimeError("secret detail")

    app.router.add_api_route("/crash", crash, route_class_override=ConsoleRoute)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.get("/crash")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert any(record.exc_info for record in caplog.records if record.levelno == logging.ERROR)


async def test_a_path_that_is_not_there_gets_the_error_shape(console: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/nope"), ("PUT", "/session"), ("GET", "/pairs/a/b")):
        answer = await console.request(method, path)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


async def test_a_body_that_is_too_long_is_refused(console: httpx.AsyncClient) -> None:
    answer = await console.post("/ask", json={"text": "x" * 70_000, "locale": "zh"})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "The body is larger than 65536 bytes."


@pytest.mark.parametrize("body", ["{", "[" * 60_000, "null", "[]", '"x"', '{"text":"\\ud800"}'])
async def test_a_body_that_is_no_usable_json_is_refused(
    console: httpx.AsyncClient, body: str
) -> None:
    answer = await console.post("/ask", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid"


async def test_no_answer_may_be_cached(console: httpx.AsyncClient) -> None:
    for path in ("/pairs", "/pairs/nope"):
        answer = await console.get(path)
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_first_language_asked_for_decides() -> None:
    asked = ("zh", "zh-CN,zh;q=0.9,en;q=0.8", "ZH-hant", "en-GB,zh;q=0.5", "fr", "")
    assert [spoken_locale(value) for value in asked] == ["zh", "zh", "zh", "en", "en", "en"]


def test_every_sentence_that_the_code_names_can_be_said_in_both_languages() -> None:
    said = says("equal_question", text="{x}", other="ec-1", question="能退吗")
    assert said.spoken("zh") == "“{x}”与 ec-1 的“能退吗”实际相同；请改写其中一条，或合并两条问答。"
    assert "'{x}' equals '能退吗' of ec-1" in said.spoken("en")


async def test_a_database_that_another_program_holds_is_unavailable_not_broken(
    console: httpx.AsyncClient, tmp_path: Path
) -> None:
    import sqlite3

    other = sqlite3.connect(tmp_path / "bot.db")
    other.execute("BEGIN EXCLUSIVE")
    answer = await console.post("/pairs", json={"question": "能退吗", "answer": "可以"})
    other.rollback()
    other.close()
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert (await console.get("/pairs")).json()["total"] == 0
