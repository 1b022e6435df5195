"""Every sentence of the reading of files has its words for the console, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cs_bot
from cs_bot.admin.import_words import refusal_words, spoken
from cs_bot.errors import BadInput, Conflict

QA_FILES = Path(cs_bot.__file__).parent / "stores" / "qa_files"
SAYING = {"BadInput", "Unusable", "WrongField", "_wrong", "_not", "_no_workbook"}
NAMED = {"what", "remedy", "empty"}
NO_SENTENCE = {"", "7", "'7': 7", "'7' 7"}


def told() -> Iterator[str]:
    """Yield what qa_files says, with 7 in place of every value."""
    for path in QA_FILES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            yield from _of_call(node) if isinstance(node, ast.Call) else ()
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMED:
                yield from _texts(node.value)


def _of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in SAYING:
        return
    for argument in call.args:
        yield from _texts(argument)
    for keyword in call.keywords:
        if keyword.arg in NAMED:
            yield from _texts(keyword.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else _value(part)
            for part in node.values
        )


def _value(part: ast.expr) -> str:
    assert isinstance(part, ast.FormattedValue)
    return "'7'" if part.conversion == ord("r") else "7"


@pytest.mark.parametrize("words", sorted(set(told()) - NO_SENTENCE))
def test_everything_that_is_said_of_a_file_can_be_said_in_chinese(words: str) -> None:
    chinese = spoken(words).spoken("zh")
    assert re.search("[\u4e00-\u9fff]", chinese), chinese
    assert "{" not in re.sub(r"\{\"question\".*?\}", "", chinese)
    english = spoken(words).spoken("en")
    assert "--" not in english
    assert not re.search("[\u4e00-\u9fff]", english)


def test_the_walk_over_the_code_finds_its_sentences() -> None:
    found = set(told())
    assert "is missing or empty" in found
    assert len(found) > 40


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        ("'问题' is missing or empty", "“问题”是空的", "'问题' is missing or empty"),
        (
            "'tags' must be a list of texts, not 7",
            "“tags”应为文字的列表，不能是 7",
            "'tags' must be a list of texts, not 7",
        ),
        (
            "'答案': the cell holds the error #REF!",
            "“答案”：单元格是错误值 #REF!",
            "'答案': the cell holds the error #REF!",
        ),
        ("did you mean 'answer'?", "是否指“answer”？", "did you mean 'answer'?"),
        ("something new", "something new", "something new"),
        ("'{0}' is missing or empty", "“{0}”是空的", "'{0}' is missing or empty"),
    ],
)
def test_names_and_values_stay_as_they_are(words: str, zh: str, en: str) -> None:
    assert (spoken(words).spoken("zh"), spoken(words).spoken("en")) == (zh, en)


def test_what_is_as_long_as_a_book_is_shortened() -> None:
    words = f"the question {'怎么退货' * 20_000!r} stands on line 2 already"
    said = spoken(words).spoken("zh")
    assert said.startswith("问题“怎么退货")
    assert said.endswith("退货”在第 2 行已经出现过")
    assert len(said) < 400


def test_a_refusal_names_the_line_and_what_to_do_but_no_path() -> None:
    error = BadInput("not valid CSV: x", where="/srv/faq.csv:3", remedy="save the file as UTF-8")
    assert (
        refusal_words(error).spoken("zh") == "第 3 行：不是有效的 CSV（x）。请把文件另存为 UTF-8。"
    )
    assert refusal_words(error).spoken("en") == "Line 3: not valid CSV: x; save the file as UTF-8."


def test_of_many_edited_pairs_the_rest_is_counted() -> None:
    error = Conflict(
        "import i1 of a.csv cannot be undone: pairs of it were edited since: "
        "'a' by li, 'b' and 3 more; correct or archive its pairs one by one instead"
    )
    assert "：“a”（li）、“b”，另外还有 3 条。" in refusal_words(error).spoken("zh")
