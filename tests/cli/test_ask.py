"""`cs-bot ask`: one question, its answer, and every step on the way."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from .conftest import Run


def asked(run: Run, bot: Path, text: str, *options: str) -> dict[str, Any]:
    ran = run("ask", text, "--json", "--bot", bot, *options)
    assert (ran.code, ran.err) == (0, "")
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def test_json_holds_the_reply_and_the_trace_and_nothing_else(run: Run, shared_bot: Path) -> None:
    answer = asked(run, shared_bot, "如何申请退货？")
    assert answer.keys() == {"reply", "steps", "model"}
    assert answer["model"]["digest"]
    assert answer["reply"].keys() == {"text", "blocks", "source", "ref", "score", "suggestions"}
    assert answer["reply"]["source"] == "kbqa"
    assert answer["reply"]["ref"] == "ec-016"
    assert "申请售后" in answer["reply"]["text"]
    assert answer["reply"]["blocks"][0]["kind"] == "text"
    steps = [(step["stage"], step["outcome"]) for step in answer["steps"]]
    assert steps == [
        ("cache", "miss"),
        ("sensitive", "clean"),
        ("handoff", "not_asked"),
        ("task", "not_active"),
        ("kbqa", "answered"),
    ]
    assert all(step["ms"] > 0 for step in answer["steps"])
    assert answer["steps"][-1]["candidates"][0]["id"] == "ec-016"


def test_where_is_my_parcel_starts_the_task(run: Run, shared_bot: Path) -> None:
    answer = asked(run, shared_bot, "我的快递到哪了")
    assert (answer["reply"]["source"], answer["reply"]["ref"]) == ("task", "order_status")
    assert "订单号" in answer["reply"]["text"]


def test_an_unclear_question_brings_suggestions(run: Run, shared_bot: Path) -> None:
    answer = asked(run, shared_bot, "卡券怎么弄")
    assert answer["reply"]["source"] == "suggest"
    assert {"ec-031", "ec-033"} <= {line["id"] for line in answer["reply"]["suggestions"]}


def test_the_locale_chooses_the_language(run: Run, shared_bot: Path) -> None:
    answer = asked(run, shared_bot, "How do I return an item?", "--locale", "en")
    assert answer["reply"]["ref"] == "ec-016"
    assert "after-sales" in answer["reply"]["text"].lower()


def test_without_json_people_read_the_answer_and_its_steps(run: Run, shared_bot: Path) -> None:
    answer, *steps = run("ask", "如何申请退货？", "--bot", shared_bot).out.splitlines()
    assert "申请售后" in answer
    assert steps[-1].split()[:2] == ["kbqa", "answered"]


def test_a_button_under_an_answer_and_what_is_related(run: Run, shared_bot: Path) -> None:
    for text, locale, title in (
        ("如何查看订单状态？", "zh", "查询我的快递"),
        ("How do I check my order status?", "en", "Track my parcel"),
    ):
        blocks = asked(run, shared_bot, text, "--locale", locale)["reply"]["blocks"]
        kinds = [block["kind"] for block in blocks]
        assert kinds == ["text", "buttons", "text", "suggest"]
        assert [button["title"] for button in blocks[1]["buttons"]] == [title]
        assert [item["item_id"] for item in blocks[3]["items"]] == ["ec-003", "ec-009"]


def test_a_question_may_be_asked_in_another_situation(run: Run, bot: Path, tmp_path: Path) -> None:
    answers = [
        {"text": "金卡免邮。", "tiers": ["gold"]},
        {"text": "这里免邮。", "channels": ["web_demo"], "valid_until": "2027-01-01T00:00Z"},
    ]
    pair = {"id": "sale", "question": "大促邮费多少？", "answer": "5 元。", "answers": answers}
    file = tmp_path / "sale.jsonl"
    file.write_text(json.dumps({**pair, "related": ["ec-999"]}), encoding="utf-8")
    imported = run("knowledge", "import", file, "--bot", bot)
    assert imported.err.endswith("related ids without a pair: 1; --dry-run names them\n")
    shown = run("knowledge", "import", file, "--dry-run", "--bot", bot)
    assert "related   sale (line 1): there is no pair 'ec-999'" in shown.out

    def said(*options: str) -> list[str]:
        ran = run("ask", "大促邮费多少？", "--bot", bot, *options)
        assert (ran.code, ran.err) == (0, "")
        answer, *steps = ran.out.splitlines()
        return [answer, steps[-1].split("answer: ")[1]]

    then = ("--channel", "web_demo", "--at", "2026-12-31T23:59Z")
    assert said() == ["5 元。", "own"]
    assert said("--tier", "gold") == ["金卡免邮。", "1 of 2 (tier gold)"]
    assert said(*then)[0] == "这里免邮。"
    assert said("--channel", "web_demo", "--at", "2027-01-01T00:00Z")[0] == "5 元。"
    wrong = run("ask", "大促邮费多少？", "--bot", bot, "--at", "soon")
    assert (wrong.code, wrong.err) == (
        2,
        "cs-bot: --at: 'soon' is no time; write it as 2026-12-01T08:00\n",
    )


def test_asking_leaves_nothing_in_the_log(run: Run, bot: Path) -> None:
    asked(run, bot, "我的快递到哪了")
    with closing(sqlite3.connect(bot / "var/cs_bot.db")) as log:
        assert log.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
