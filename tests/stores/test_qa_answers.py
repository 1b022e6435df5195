"""Further answers, related pairs and times in files: exact in and out, errors by field."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.blocks import Button, Buttons, Card, Image, Text
from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import read_pairs, write_pairs
from cs_bot.testing.rich_answers import rich_answers
from cs_bot.types import Answer, QAPair

MIDNIGHT = datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=8)))
PLAIN = QAPair("b", "怎么退货？", (), "点申请售后。")
RICH = QAPair(
    "a",
    "邮费多少？",
    (),
    "5 元。",
    answers=(
        Answer("金卡免邮。", tiers=("gold",), channels=("web_demo", "rest")),
        Answer(
            "",
            (
                Text("见下：", "md"),
                Image("https://shop.example/fees.png", "运费表"),
                Buttons(
                    (
                        Button("a1", "怎么退货", "say:怎么退货？"),
                        Button("a2", "官网", url="https://shop.example/"),
                        Button("a3", "查物流", "/order_status"),
                    ),
                    once=False,
                ),
                Card("大促", "包邮", "https://shop.example/x.png", "海报"),
            ),
            locales=("zh",),
            valid_from=MIDNIGHT,
            valid_until=MIDNIGHT + timedelta(days=1),
        ),
    ),
    related=("b", "c"),
    valid_until=datetime(2027, 1, 1, tzinfo=UTC),
)
ROW: dict[str, Any] = {"id": "a", "question": "邮费多少？", "answer": "5 元。"}


def jsonl(folder: Path, *rows: Any) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read_pairs(path)
    return str(refused.value)


@pytest.mark.parametrize("name", ["p.jsonl", "p.json", "p.csv", "p.tsv", "p.xlsx"])
def test_a_rich_pair_is_read_back_as_it_was_written(name: str, tmp_path: Path) -> None:
    write_pairs(tmp_path / name, [RICH, PLAIN])
    assert read_pairs(tmp_path / name) == [RICH, PLAIN]


def test_json_says_what_a_button_does_and_leaves_out_what_is_empty(tmp_path: Path) -> None:
    write_pairs(tmp_path / "p.jsonl", [RICH, PLAIN])
    first, second = map(json.loads, (tmp_path / "p.jsonl").read_text().splitlines())
    assert first["answers"][0] == {
        "text": "金卡免邮。",
        "channels": ["web_demo", "rest"],
        "tiers": ["gold"],
    }
    assert first["answers"][1]["blocks"][2]["buttons"] == [
        {"title": "怎么退货", "say": "怎么退货？"},
        {"title": "官网", "url": "https://shop.example/"},
        {"title": "查物流", "task": "order_status"},
    ]
    assert first["answers"][1]["valid_from"] == "2026-12-01T00:00:00+08:00"
    assert (first["related"], first["valid_until"]) == (["b", "c"], "2027-01-01T00:00:00+00:00")
    assert set(second) == {"id", "question", "similar", "answer", "locale"}


def test_a_table_has_a_column_for_each_the_answers_as_json(tmp_path: Path) -> None:
    write_pairs(tmp_path / "p.csv", [RICH])
    head, row = (tmp_path / "p.csv").read_text("utf-8-sig").splitlines()
    assert head == "id,question,similar,answer,locale,related,valid_until,answers"
    assert row.startswith("a,邮费多少？,,5 元。,zh,b|c,2027-01-01T00:00:00+00:00,")


def test_chinese_headings_are_known(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("问题,答案,相关问答,失效时间\n邮费,5 元,b|c,2027-01-01T00:00Z\n", "utf-8")
    (pair,) = read_pairs(path)
    assert (pair.related, pair.valid_until) == (("b", "c"), RICH.valid_until)


RELATED = st.lists(st.from_regex(r"[a-z][a-z|0-9-]{0,5}", fullmatch=True), max_size=5)


@given(
    st.lists(
        st.tuples(rich_answers(), RELATED),
        max_size=3,
    ),
    st.sampled_from(["p.jsonl", "p.json", "p.csv"]),
)
def test_whatever_is_in_an_answer_comes_back(
    told: list[tuple[tuple[Answer, ...], list[str]]], name: str
) -> None:
    pairs = [
        replace(PLAIN, id=f"p{n}", question=f"问 {n}", answers=answers, related=tuple(related))
        for n, (answers, related) in enumerate(told, 1)
    ] + [PLAIN]
    with tempfile.TemporaryDirectory() as folder:
        write_pairs(Path(folder) / name, pairs)
        assert read_pairs(Path(folder) / name) == pairs


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"valid_from": "2026-12-01"}, "'valid_from' must be a time with its zone, such as 2026"),
        ({"valid_until": "soon"}, "'valid_until' must be a time with its zone"),
        (
            {"valid_from": "2026-12-02T00:00Z", "valid_until": "2026-12-01T00:00Z"},
            "'valid_until' must be later than valid_from; exchange the two times",
        ),
        ({"related": "b"}, "'related' must be a list of texts"),
        ({"answers": {}}, "'answers' must be a list"),
        ({"answers": ["x"]}, "'answers.0' must be an object"),
        ({"answers": "[oops"}, "'answers' is not valid JSON"),
        ({"answers": [{}]}, "'answers.0' has neither a text nor a block; write a text or take"),
        ({"answers": [{"text": "x", "chanels": ["web"]}]}, "'answers.0.chanels' is no field"),
        ({"answers": [{"text": "x", "channels": "web"}]}, "'answers.0.channels' must be a list"),
        ({"answers": [{"text": "x", "locales": ["fr"]}]}, "'answers.0.locales.0' must be 'zh' or"),
        ({"answers": [{"text": "x" * 16_001}]}, "'answers.0.text' has more than 16,000 characters"),
        ({"answers": [{"text": "x\0"}]}, "'answers.0.text' holds a NUL character"),
        ({"answers": [{"text": "x\ud800"}]}, "'answers.0.text'"),
        ({"answers": [{"text": "x"}] * 21}, "'answers' has 21 items; at most 20 are taken"),
        (
            {"answers": [{"text": "x", "valid_until": "2026-12-01T00:00"}]},
            "'answers.0.valid_until' must be a time with its zone",
        ),
        (
            {"answers": [{"blocks": [{"kind": "video"}]}]},
            "'answers.0.blocks.0' has the kind 'video'; known are text, image, buttons, card",
        ),
        ({"answers": [{"blocks": [{}]}]}, "'answers.0.blocks.0' has no kind"),
        (
            {"answers": [{"blocks": [{"kind": "image", "url": "javascript:x()", "alt": "x"}]}]},
            "'answers.0.blocks.0.url' must begin with http:// or https://",
        ),
        (
            {"answers": [{"blocks": [{"kind": "image", "url": "https://a.example/"}]}]},
            "'answers.0.blocks.0.alt' is missing; write it",
        ),
        (
            {"answers": [{"blocks": [{"kind": "buttons", "buttons": []}]}]},
            "'answers.0.blocks.0.buttons' is empty",
        ),
        (
            {"answers": [{"blocks": [{"kind": "buttons", "buttons": [{"title": "x"}]}]}]},
            "'answers.0.blocks.0.buttons.0' must do one thing: say a text, open a url or start a "
            "task; write one of say, url and task",
        ),
        (
            {
                "answers": [
                    {"blocks": [{"kind": "card", "title": "x", "buttons": [
                        {"title": "x", "url": "data:text/html,x"}]}]}
                ]
            },
            "'answers.0.blocks.0.buttons.0.url' must begin with http://, https://, mailto: or tel:",
        ),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_with_line_and_field(
    fields: dict[str, Any], said: str, tmp_path: Path
) -> None:
    refused = refusal(jsonl_escaped(tmp_path, {**ROW, "id": "ok"}, {**ROW, **fields}))
    assert f"pairs.jsonl:2: {said}" in refused


def jsonl_escaped(folder: Path, *rows: Any) -> Path:
    """Write JSON that may hold half a character."""
    path = folder / "pairs.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_a_cell_with_a_wrong_answer_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('问题,答案,更多答案\n邮费,5 元,"[{""blocks"": 1}]"\n', "utf-8")
    assert "p.csv:2: 'answers.0.blocks' must be a list" in refusal(path)


def test_other_systems_have_no_place_for_it_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_pairs(tmp_path / "p.csv", [RICH, PLAIN], dialect="fastgpt")
    assert "fastgpt has no place for further answers" in caplog.text
    assert "left out of 1 pairs: a" in caplog.text
    caplog.clear()
    write_pairs(tmp_path / "p.csv", [PLAIN], dialect="fastgpt")
    assert caplog.text == ""


def test_for_evaluation_other_sets_may_keep_anything_under_these_names(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {**ROW, "answers": [{"text": "x", "answer_start": 3}]})
    (pair,) = read_pairs(path, answers_required=False)
    assert pair.answers == ()
