"""What a file has for columns, and reading it by what a person says they are."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import Columns, ReadOptions, columns_of, read_content, sheets_of

CSV = Path("faq.csv")


def seen(content: str, name: str = "faq.csv", *fields: str, headed: bool = True) -> Columns:
    return columns_of(Path(name), content.encode(), ReadOptions(fields=fields, headed=headed))


def pairs(told: Columns) -> list[tuple[str, str]]:
    return [(column.heading, column.field) for column in told.columns]


def workbook(**sheets: list[list[str]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_each_column_has_its_heading_its_field_and_some_cells() -> None:
    found = seen("问题,备注,答案\n怎么退,x,点售后\n开票,,点发票\n")
    assert pairs(found) == [("问题", "question"), ("备注", ""), ("答案", "answer")]
    assert [column.sample for column in found.columns] == [
        ("怎么退", "开票"),
        ("x", ""),
        ("点售后", "点发票"),
    ]
    assert found.headed


def test_headings_that_nobody_knows_are_told_without_a_field() -> None:
    found = seen("标题,内容\n怎么退,点售后\n")
    assert pairs(found) == [("标题", ""), ("内容", "")]


def test_of_two_columns_that_may_be_the_question_the_first_has_it() -> None:
    assert pairs(seen("问题,提问,答案\na,b,c\n"))[:2] == [("问题", "question"), ("提问", "")]


def test_a_file_without_headings_begins_with_its_first_pair() -> None:
    found = seen("怎么退货?,点售后。\n开票?,点发票。\n")
    assert pairs(found) == [("", "question"), ("", "answer")]
    assert not found.headed
    assert found.columns[0].sample == ("怎么退货?", "开票?")


def test_cells_beyond_the_last_heading_are_columns_where_they_mean_something() -> None:
    found = seen("q,a,indexes\n怎么退,点售后,能退吗,可退吗\n")
    assert pairs(found)[2:] == [("indexes", "similar"), ("", "similar")]


def test_the_keys_of_json_are_its_columns() -> None:
    lines = [
        {"标题": "怎么退", "回答": "点售后"},
        {"标题": "开票", "回答": "点发票", "标签": ["a", "b"]},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    found = seen(text, "faq.jsonl")
    assert pairs(found) == [("标题", ""), ("回答", "answer"), ("标签", "tags")]
    assert found.columns[2].sample == ("", "a\nb")


def test_the_objects_of_fastgpt_are_known_by_their_keys() -> None:
    text = json.dumps([{"q": "怎么退", "a": "点售后", "indexes": []}], ensure_ascii=False)
    assert [field for _, field in pairs(seen(text, "faq.json"))] == [
        "question",
        "answer",
        "similar",
    ]


def test_a_workbook_tells_its_sheets() -> None:
    content = workbook(说明=[["写法"]], 数据=[["问题", "答案"], ["怎么退", "点售后"]])
    assert sheets_of(Path("a.xlsx"), content) == ("说明", "数据")
    found = columns_of(Path("a.xlsx"), content, ReadOptions(sheet="数据"))
    assert (found.sheet, pairs(found)[0]) == ("数据", ("问题", "question"))


def test_what_a_person_says_of_the_columns_is_taken_and_nothing_guessed() -> None:
    content = "标题,问题,内容,分类\n怎么退,旧,点售后|寄回,售后\n".encode()
    options = ReadOptions(fields=("question", "", "answer", ""))
    (pair,) = read_content(CSV, content, options).pairs
    assert (pair.question, pair.answer, pair.category, pair.similar) == (
        "怎么退",
        "点售后|寄回",
        "",
        (),
    )


def test_several_columns_may_be_similar_questions() -> None:
    content = "a,b,c,d\n怎么退,能退吗|可退吗,退货,点售后\n".encode()
    options = ReadOptions(fields=("question", "similar", "similar", "answer"))
    (pair,) = read_content(CSV, content, options).pairs
    assert pair.similar == ("能退吗", "可退吗", "退货")


def test_a_person_may_say_that_there_are_no_headings() -> None:
    options = ReadOptions(fields=("answer", "question"), headed=False)
    reading = read_content(CSV, "点售后,怎么退\n,开票\n".encode(), options)
    assert [(pair.question, pair.answer) for pair in reading.pairs] == [("怎么退", "点售后")]
    assert (reading.bad[0].line, reading.bad[0].what) == (2, "'answer' is missing or empty")
    assert not seen("点售后,怎么退\n", "faq.csv", "answer", "question", headed=False).headed


def test_the_keys_of_json_can_be_said_too() -> None:
    lines = [
        {"t": "怎么退", "x": 7, "body": {"de": 1}},
        {"t": "开票", "body": "点发票", "e": "Bill?"},
    ]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    options = ReadOptions(fields=("question", "", "answer", "en.question"))
    reading = read_content(Path("faq.jsonl"), content, options)
    assert [row.line for row in reading.bad] == [1, 2]
    assert "'answer' must be text" in reading.bad[0].what
    assert reading.bad[1].what == "'en.answer' is missing or empty"


def test_the_cells_are_still_read_as_the_form_of_the_file_has_them() -> None:
    content = '分段标题,分段内容,问题,备注\n退货,点售后,"怎么退\n能|退吗",x\n'
    options = ReadOptions(fields=("", "answer", "questions", "category"))
    reading = read_content(CSV, content.encode(), options)
    assert reading.dialect == "maxkb"
    (pair,) = reading.pairs
    assert (pair.question, pair.similar, pair.category) == ("怎么退", ("能|退吗",), "x")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("question", ""), "lacks answer"),
        (("question", "question", "answer"), "two columns may be the question"),
        (("question", "answr"), "did you mean 'answer'"),
    ],
)
def test_columns_that_cannot_be_meant_so_are_refused(fields: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_content(CSV, b"a,b\n1,2\n", ReadOptions(fields=fields))
