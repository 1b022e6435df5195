"""Files with bad rows: every one is named, and can be left out and corrected."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import (
    BadRows,
    Limits,
    ReadOptions,
    read_file,
    read_pairs,
    write_bad_rows,
)

TABLE = """问题,答案,分类
怎么退货,点售后,售后
,点发票,财务
运费,,物流
怎么退货,打电话,售后
=1+1,,"a,b"
开票,点发票,财务
"""


def written(folder: Path, content: str | bytes, name: str = "faq.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_bad_row_is_named_with_line_column_and_remedy(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE)
    with pytest.raises(BadRows) as refused:
        read_pairs(path)
    assert str(refused.value).splitlines() == [
        f"{path}: 4 of 6 rows cannot be used; correct them",
        f"  {path}:3: '问题' is missing or empty; write it",
        f"  {path}:4: '答案' is missing or empty; write it",
        f"  {path}:5: the question '怎么退货' stands on line 2 already; "
        "put both into one row, or remove one",
        f"  {path}:6: '答案' is missing or empty; write it",
    ]


def test_of_many_bad_rows_a_hundred_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "question,answer,tags\n" + "a,,\n" * 130)
    with pytest.raises(BadRows) as refused:
        read_pairs(path)
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-1]) == (102, "  and 30 more")
    assert len(refused.value.rows) == 130


def test_good_rows_are_kept_beside_bad_ones(tmp_path: Path) -> None:
    reading = read_file(written(tmp_path, TABLE))
    assert [(row.pair.question, row.line) for row in reading.rows] == [("怎么退货", 2), ("开票", 7)]
    assert [(row.line, row.column) for row in reading.bad] == [
        (3, "问题"),
        (4, "答案"),
        (5, "问题"),
        (6, "答案"),
    ]


def test_bad_rows_are_written_down_to_be_corrected_and_read_again(tmp_path: Path) -> None:
    write_bad_rows(tmp_path / "errors.csv", read_file(written(tmp_path, TABLE)))
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["问题", "答案", "分类", "line", "column", "problem", "remedy"]
    assert rows[2] == ["运费", "", "物流", "4", "答案", "'答案' is missing or empty", "write it"]
    assert rows[4][:3] == ["'=1+1", "", "a,b"]  # no formula for whoever opens it
    corrected = [[*row[:1], row[1] or "满 99 免", *row[2:]] for row in rows if row[0]]
    with (tmp_path / "again.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(corrected)
    assert [pair.question for pair in read_pairs(tmp_path / "again.csv")] == [
        "运费",
        "怎么退货",
        "=1+1",
    ]


def test_bad_objects_are_written_down_as_they_are(tmp_path: Path) -> None:
    bad = {"id": "a", "question": "x", "answer": 5}
    reading = read_file(written(tmp_path, json.dumps(bad) + "\n{oops\n", "faq.jsonl"))
    write_bad_rows(tmp_path / "errors.csv", reading)
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][:3] == [json.dumps(bad), "1", "answer"]
    assert rows[2][0] == "{oops"
    assert rows[2][3].startswith("not valid JSON: ")


def test_a_broken_line_of_json_does_not_hide_the_next_ones(tmp_path: Path) -> None:
    good = '{"question": "a", "answer": "b"}\n'
    reading = read_file(written(tmp_path, f"{good}{{oops\n[1]\n", "faq.jsonl"))
    assert [row.line for row in reading.bad] == [2, 3]
    assert len(reading.rows) == 1


def test_rows_of_a_json_list_have_the_lines_they_begin_on(tmp_path: Path) -> None:
    rows: list[Any] = [{"question": "a", "answer": "b"}, {"question": "c"}, 7]
    reading = read_file(written(tmp_path, json.dumps(rows, indent=2), "faq.json"))
    assert [(row.line, row.what) for row in reading.bad] == [
        (6, "'answer' is missing or empty"),
        (9, "not a JSON object"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"question": "a"', "faq.json:1: not valid JSON: "),
        ('[\n{"question": "a", "answer": "b"},\n{oops}]', "faq.json:3: not valid JSON: "),
        ('[{"question": "a", "answer": "b"}]\n{}', "faq.json:1: something follows the list"),
        ("[]", "faq.json: there are no pairs"),
        ("", "faq.json: there are no pairs"),
    ],
)
def test_a_broken_list_is_refused(content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read_pairs(written(tmp_path, content, "faq.json"))
    assert said in str(refused.value)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * (3 * 1024 * 1024))
    limits = Limits(bytes=2 * 1024 * 1024, rows=10)
    with pytest.raises(BadInput, match=r"the file has 3\.0 MB; at most 2 MB are taken; spl"):
        read_file(path, ReadOptions(limits=limits))


@pytest.mark.parametrize("name", ["faq.csv", "faq.tsv", "faq.jsonl"])
def test_a_file_with_too_many_rows_is_refused(name: str, tmp_path: Path) -> None:
    row = '{"question": "a", "answer": "b"}\n' if name == "faq.jsonl" else "a,b,\n"
    path = written(tmp_path, "question,answer,tags\n" * ("json" not in name) + row * 1_002, name)
    if name == "faq.tsv":
        path.write_text(path.read_text().replace(",", "\t"))
    with pytest.raises(BadInput, match="the file has more than 1,000 rows; split it into several"):
        read_file(path, ReadOptions(limits=Limits(bytes=10**6, rows=1_000)))


@pytest.mark.parametrize("name", ["faq.csv", "faq.jsonl"])
def test_a_cell_of_five_megabytes_is_a_bad_row_like_any_other(name: str, tmp_path: Path) -> None:
    long = "x" * 5_000_000
    is_json = name == "faq.jsonl"
    rows = [("a", long), ("b", "c")]
    lines = (json.dumps({"question": q, "answer": a}) if is_json else f"{q},{a}," for q, a in rows)
    header = "" if is_json else "question,answer,tags\n"
    reading = read_file(written(tmp_path, header + "\n".join(lines), name))
    assert [row.what for row in reading.bad] == [
        "'answer' has 5,000,000 characters; at most 16,000 are taken"
    ]
    assert [pair.question for pair in reading.pairs] == ["b"]


def test_a_nul_byte_is_a_bad_row_like_any_other(tmp_path: Path) -> None:
    reading = read_file(written(tmp_path, b"question,answer,tags\na,b\x00c,\nd,e,\n"))
    assert [(row.line, row.what) for row in reading.bad] == [
        (2, "'answer' holds the character U+0000, which cannot be stored")
    ]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("question", "问" * 501, "'question' has 501 characters; at most 500 are taken"),
        ("similar", ["a", "问" * 501], "'similar' has a text of 501 characters; at most 500 are"),
        ("similar", ["a"] * 5_001, "'similar' has 5,001 items; at most 5,000 are taken"),
        ("answer", "答" * 16_001, "'answer' has 16,001 characters; at most 16,000 are taken"),
        ("category", "类" * 101, "'category' has 101 characters; at most 100 are taken"),
        ("tags", ["a"] * 51, "'tags' has 51 items; at most 50 are taken"),
        ("en", {"question": "a" * 501, "answer": "b"}, "'en.question' has 501 characters; at most"),
    ],
)
def test_what_the_console_could_not_save_is_a_bad_row(
    field: str, value: object, what: str, tmp_path: Path
) -> None:
    row = {"question": "怎么退货", "answer": "点售后", field: value}
    reading = read_file(written(tmp_path, json.dumps(row), "faq.jsonl"))
    assert [bad.what[: len(what)] for bad in reading.bad] == [what]


def test_a_pair_at_every_limit_is_read(tmp_path: Path) -> None:
    similar = [f"{n:0500}" for n in range(5_000)]
    row = {"question": " " + "问" * 500, "similar": similar, "answer": "答" * 16_000}
    (pair,) = read_pairs(written(tmp_path, json.dumps({**row, "en": row}), "faq.jsonl"))
    assert (len(pair.similar), len(pair.translations["en"].similar)) == (5_000, 5_000)


def test_what_is_only_evaluated_may_be_longer(tmp_path: Path) -> None:
    row = {"question": "问" * 3_000, "similar": ["a"] * 6_000}
    path = written(tmp_path, json.dumps(row), "faq.jsonl")
    (pair,) = read_pairs(path, answers_required=False)
    assert (len(pair.question), len(pair.similar)) == (3_000, 6_000)
