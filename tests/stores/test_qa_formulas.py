"""Text that looks like a formula: harmless in the file, and itself again when it is read."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cs_bot.stores.qa_files import read_pairs, write_pairs
from cs_bot.stores.qa_files.formulas import neutralised, original
from cs_bot.types import QAPair, Wording

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋")
FORMS = st.sampled_from(["csv", "tsv", "xlsx", "jsonl", "json"])

# Line breaks have a meaning in cells with several texts; what XML cannot hold has a test below.
line = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip())
dangerous = st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "'=", "''-"]), line)
question = line | dangerous
answer = st.lists(question, min_size=1, max_size=3).map("\n".join)
similar = st.lists(question, max_size=3).map(tuple)
pair = st.builds(
    QAPair,
    id=question,
    question=question,
    similar=similar,
    answer=answer,
    locale=st.sampled_from(["zh", "en"]),
    translations=st.dictionaries(
        st.sampled_from(["fr", "de"]), st.builds(Wording, question, similar, answer), max_size=2
    ),
    category=st.just("") | question,
    tags=similar,
    task=st.none() | question,
)
pairs = st.lists(pair, min_size=1, max_size=4, unique_by=lambda one: one.id)


@given(pairs=pairs, suffix=FORMS)
def test_whatever_is_written_is_read_back(
    pairs: list[QAPair], suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / f"pairs.{suffix}"
    write_pairs(path, pairs)
    assert read_pairs(path) == pairs


@given(text=st.text() | dangerous)
def test_a_neutralised_text_never_begins_like_a_formula(text: str) -> None:
    cell = neutralised(text)
    assert not cell.lstrip(" ").startswith(STARTS)
    assert original(cell) == text


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "＝1+1"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
@pytest.mark.parametrize("dialect", ["cs-bot", "fastgpt", "maxkb", "ragflow", "dify"])
def test_no_cell_of_an_export_is_a_formula(
    text: str, suffix: str, dialect: str, tmp_path: Path
) -> None:
    path = tmp_path / f"pairs.{suffix}"
    wording = Wording(text, (text, "a"), text)
    write_pairs(
        path, [QAPair(text, text, (text,), text, translations={"en": wording})], dialect=dialect
    )
    for cell in cells(path):
        assert not cell.startswith(STARTS)


def cells(path: Path) -> list[str]:
    """Return every cell of a table; those of a workbook must be text."""
    if path.suffix == ".xlsx":
        found = [cell for row in load_workbook(path)["pairs"].iter_rows() for cell in row]
        assert {cell.data_type for cell in found if cell.value is not None} == {"s"}
        return [str(cell.value) for cell in found if cell.value is not None]
    with path.open(encoding="utf-8-sig", newline="") as file:
        mark = "," if path.suffix == ".csv" else "\t"
        return [cell for row in csv.reader(file, delimiter=mark) for cell in row]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("text", ["a\x0bb", "a\x01b", "a\rb", "a\r\nb", "a\tb", "a\x7fb"])
def test_control_characters_survive(text: str, suffix: str, tmp_path: Path) -> None:
    pair = QAPair("a", "退货", (), text)
    write_pairs(tmp_path / f"p.{suffix}", [pair])
    assert read_pairs(tmp_path / f"p.{suffix}") == [pair]


def test_a_break_within_a_similar_question_becomes_a_space_in_a_table(tmp_path: Path) -> None:
    pair = QAPair("a", "退货", ("a\nb", "c"), "点售后")
    write_pairs(tmp_path / "p.csv", [pair])
    assert read_pairs(tmp_path / "p.csv") == [replace(pair, similar=("a b", "c"))]


def test_excel_knows_the_encoding_of_a_csv_by_its_mark(tmp_path: Path) -> None:
    write_pairs(tmp_path / "p.csv", [QAPair("a", "退货", (), "点售后")])
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbfid,question,")
