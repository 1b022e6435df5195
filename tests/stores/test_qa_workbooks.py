"""XLSX files: what people make with spreadsheet programs, and what is made to do harm."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import Limits, ReadOptions, read_file, read_pairs, write_pairs
from cs_bot.types import QAPair

HEADER = ["问题", "答案", "相似问"]


def workbook(path: Path, *sheets: tuple[str, Sequence[Any]]) -> Path:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, part: str, old: str, new: str) -> Path:
    """Change the text of one part of a workbook, as another program would have written it."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    with ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(BadInput) as refused:
        read_file(path, ReadOptions(**options)).refuse_bad()
    assert refused.value.remedy
    return str(refused.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "faq.xlsx"


def test_a_sheet_is_read_like_any_table(path: Path) -> None:
    rows = [HEADER, ["怎么退货", "点售后", "我要退货|退货\n能退吗"], [], [" 开票 ", "点发票", None]]
    reading = read_file(workbook(path, ("FAQ", rows)))
    assert (reading.sheet, reading.dialect, reading.bad) == ("FAQ", "cs-bot", ())
    assert [(row.line, row.pair.question, row.pair.similar) for row in reading.rows] == [
        (2, "怎么退货", ("我要退货|退货", "能退吗")),
        (4, "开票", ()),
    ]


def test_numbers_times_and_truths_are_text(path: Path) -> None:
    day = datetime(2026, 11, 27, 9, 30)  # noqa: DTZ001 - a sheet knows no zones
    rows = [HEADER, [1, 5.0], ["价格", 9.5], ["时间", day], ["对吗", True]]
    pairs = read_pairs(workbook(path, ("FAQ", rows)))
    assert [(pair.question, pair.answer) for pair in pairs] == [
        ("1", "5"),
        ("价格", "9.5"),
        ("时间", "2026-11-27 09:30:00"),
        ("对吗", "True"),
    ]


def test_the_first_sheet_that_holds_anything_is_read(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sheets = [("空", []), ("一", [HEADER, ["a", "b"]]), ("二", [HEADER, ["c", "d"]])]
    workbook(path, *sheets)
    assert [pair.question for pair in read_pairs(path)] == ["a"]
    assert caplog.messages == [f"{path}: read was the sheet 一, not: 空, 二 (see --sheet)"]
    assert [pair.question for pair in read_file(path, ReadOptions(sheet="二")).pairs] == ["c"]
    assert len(caplog.messages) == 1


def test_a_sheet_that_is_not_there_is_refused(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]]))
    assert "faq.xlsx: unknown sheet 'FQA'; did you mean 'FAQ'?" in refusal(path, sheet="FQA")


def test_empty_sheets_are_refused(path: Path) -> None:
    workbook(path, ("一", []), ("二", [["", " "]]))
    assert "faq.xlsx: all sheets are empty; name another file" in refusal(path)
    assert "faq.xlsx: the sheet '一' is empty" in refusal(path, sheet="一")


def test_a_bad_cell_is_named_as_spreadsheets_name_it(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"], ["c", None]]))
    assert refusal(path) == f"{path}, sheet FAQ, cell B3: '答案' is missing or empty; write it"


def test_a_formula_counts_by_its_stored_result(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", '="b"&"c"', '=""'], ["d", "=1+1", None]]))
    part = "xl/worksheets/sheet1.xml"
    changed(path, part, '<c r="B2"><f>"b"&amp;"c"</f><v />', '<c r="B2" t="str"><f>x</f><v>bc</v>')
    changed(path, part, '<c r="C2"><f>""</f><v />', '<c r="C2" t="str"><f>""</f><v></v>')
    changed(path, part, "<f>1+1</f><v />", "<f>1+1</f><v>2</v>")
    assert [(pair.question, pair.answer) for pair in read_pairs(path)] == [("a", "bc"), ("d", "2")]


def test_a_formula_without_a_stored_result_is_named(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b", "=A2"], ["c", '=HYPERLINK("http://x")']]))
    bad = read_file(path).bad
    assert [(row.where, row.what) for row in bad] == [
        (f"{path}, sheet FAQ, cell C2", "'相似问': the cell holds a formula without its result"),
        (f"{path}, sheet FAQ, cell B3", "'答案': the cell holds a formula without its result"),
    ]


def test_an_error_of_the_spreadsheet_is_named(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "#REF!"]]))
    said = refusal(path)
    assert "cell B2: '答案': the cell holds the error #REF!; correct it, or type a value" in said


def test_cells_merged_downwards_hold_for_each_row(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客服知识库"])
    sheet.merge_cells("A1:C1")
    for row in (["分类", "问题", "答案"], ["售后", "退货", "一"], [None, "换货", "二"]):
        sheet.append(row)
    sheet.merge_cells("A3:A9")
    book.save(path)
    assert [(pair.question, pair.category) for pair in read_pairs(path)] == [
        ("退货", "售后"),
        ("换货", "售后"),
    ]


def test_a_workbook_may_lie_about_its_size(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]]))
    changed(path, "xl/worksheets/sheet1.xml", 'ref="A1:C2"', 'ref="A1:A1"')
    assert read_pairs(path)[0].answer == "b"


def test_a_workbook_by_another_name_is_known_by_its_content(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]])).rename(path.with_suffix(".csv"))
    assert read_pairs(path.with_suffix(".csv"))[0].question == "a"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a workbook that can be read: it does not begin like one"),
        (b"question,answer\n", "not a workbook that can be read: it does not begin like one"),
        (b"PK\x03\x04 and then nothing", "not a workbook that can be read: File is not a zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, "the workbook is encrypted, or it is an old .x"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, said: str, path: Path) -> None:
    path.write_bytes(content)
    assert f"{path}: {said}" in refusal(path)


def test_a_package_without_sheets_is_refused(path: Path) -> None:
    with ZipFile(path, "w") as package:
        package.writestr("hello.txt", "hello")
    assert "not a workbook that can be read: " in refusal(path)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]]))
    with ZipFile(path, "a", ZIP_DEFLATED) as package, package.open("xl/bomb.xml", "w") as part:
        for _ in range(250):
            part.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 1_000_000
    assert "the workbook unpacks to 250 MB; at most 200 MB are taken; save only" in refusal(path)


def test_a_row_or_a_column_far_out_takes_no_time(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"], ["c", "d"]]))
    part = "xl/worksheets/sheet1.xml"
    changed(path, part, '<row r="3"><c r="A3"', '<row r="99999999999"><c r="XFD99999999999"')
    assert [pair.question for pair in read_pairs(path)] == ["a"]


def test_entities_are_not_expanded_without_end(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]]))
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    part = "xl/worksheets/sheet1.xml"
    changed(path, part, "<worksheet", f'<!DOCTYPE x [<!ENTITY e0 "ha">{lines}]><worksheet')
    changed(path, part, "<t>a</t>", "<t>&e11;</t>")
    assert "not a workbook that can be read: " in refusal(path)


def test_areas_that_overlap_without_end_are_refused(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, *(["a", f"{n}"] for n in range(3_000))]))
    areas = '<mergeCell ref="A2:A3001"/>' * 1_000
    changed(path, "xl/worksheets/sheet1.xml", "</sheetData>", f"</sheetData>{areas}")
    assert "its merged areas overlap" in refusal(path)


def test_too_many_rows_are_refused(path: Path) -> None:
    workbook(path, ("FAQ", [HEADER, *([f"q{n}", "a"] for n in range(1_001))]))
    limits = Limits(bytes=10**7, rows=1_000)
    assert "the file has more than 1,000 rows; split it" in refusal(path, limits=limits)


@given(spoilt=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1))
def test_a_spoilt_workbook_is_read_or_refused(
    spoilt: list[tuple[float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = workbook(tmp_path_factory.mktemp("spoilt") / "faq.xlsx", ("FAQ", [HEADER, ["a", "b"]]))
    content = bytearray(path.read_bytes())
    for where, byte in spoilt:
        content[int(where * len(content))] = byte
    path.write_bytes(content)
    try:
        read_pairs(path)
    except BadInput as refused:
        assert refused.where.startswith(str(path))  # noqa: PT017 - either outcome is right


def test_without_openpyxl_it_is_said_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(path, ("FAQ", [HEADER, ["a", "b"]]))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "XLSX files need openpyxl" in refusal(path)
    assert refusal(path).endswith("; run: pip install 'cs-bot[xlsx]'")
    with pytest.raises(BadInput, match=r"run: pip install 'cs-bot\[xlsx\]'"):
        write_pairs(path, [QAPair("a", "b", (), "c")])


def test_a_text_too_long_for_a_cell_is_refused_on_export(path: Path) -> None:
    with pytest.raises(BadInput, match=r"row 2 has a text of 40,000 characters; .*; write \.csv"):
        write_pairs(path, [QAPair("a", "b", (), "x" * 40_000)])
    assert not path.exists()


def test_old_workbooks_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"old \.xls files are not written; name it \.xlsx"):
        write_pairs(tmp_path / "faq.xls", [QAPair("a", "b", (), "c")])


def test_what_is_written_opens_as_a_workbook(path: Path) -> None:
    from openpyxl import load_workbook

    write_pairs(path, [QAPair("a", "退货", ("退",), "点售后")])
    sheet = load_workbook(io.BytesIO(path.read_bytes()))["pairs"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["id", "question", "similar", "answer", "locale"],
        ["a", "退货", "退", "点售后", "zh"],
    ]
