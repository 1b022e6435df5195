from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files import DIALECTS, ReadOptions, read_file, read_pairs, write_pairs
from cs_bot.types import QAPair, Wording

GOOD: dict[str, Any] = {
    "id": "a",
    "question": "怎么退货",
    "similar": None,
    "answer": "点申请售后。",
}
FULL = QAPair(
    "a",
    "怎么退货",
    ("我要退货", "退, 货"),
    '点"申请售后"。\n再寄回。',
    locale="zh",
    translations={"en": Wording("How do I return it?", ("Return it",), "Tap after-sales.")},
    category="退换",
    tags=("售后", "常见"),
    task="start_return",
)


def jsonl(folder: Path, *rows: Any) -> Path:
    path = folder / "pairs.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(BadInput) as refused:
        read_pairs(path, **options)
    assert refused.value.remedy
    return str(refused.value)


def test_a_short_row_is_a_pair(tmp_path: Path) -> None:
    assert read_pairs(jsonl(tmp_path, GOOD)) == [QAPair("a", "怎么退货", (), "点申请售后。")]


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.csv"])
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    plain = QAPair("b", "Can I pay later?", (), "Yes.", locale="en")
    write_pairs(tmp_path / name, [FULL, plain])
    assert read_pairs(tmp_path / name) == [FULL, plain]


@pytest.mark.parametrize("similar", [("a|b",), ("a|b", "c"), ("退,货", '"x"', "y")])
def test_similar_questions_survive_a_table_whatever_marks_they_hold(
    similar: tuple[str, ...], tmp_path: Path
) -> None:
    pair = QAPair("a", "怎么退货", similar, "点售后")
    write_pairs(tmp_path / "pairs.csv", [pair])
    assert read_pairs(tmp_path / "pairs.csv") == [pair]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_pairs(tmp_path / "none" / "pairs.csv", [FULL])


def test_the_language_is_told_from_the_question(tmp_path: Path) -> None:
    rows = [{**GOOD, "question": "Can I return this?"}, {**GOOD, "id": "b", "locale": "en"}]
    assert [pair.locale for pair in read_pairs(jsonl(tmp_path, *rows))] == ["en", "en"]


def test_empty_lines_and_empty_similar_questions_do_not_count(tmp_path: Path) -> None:
    path = jsonl(tmp_path, "", {**GOOD, "similar": ["", "退货 "]}, "")
    assert read_pairs(path)[0].similar == ("退货",)


def test_fields_without_a_meaning_are_named_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{**GOOD, "source": "x"}, {**GOOD, "id": "b", "source": "y", "translation": "HT"}]
    assert len(read_pairs(jsonl(tmp_path, *rows))) == 2
    assert len(caplog.records) == 1
    assert "source, translation" in caplog.text


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([GOOD, {**GOOD, "id": "b"}, GOOD], "pairs.jsonl:3: the id 'a' stands on line 1 already"),
        ([{**GOOD, "answer": None}], "pairs.jsonl:1: 'answer' is missing or empty"),
        ([{**GOOD, "answer": "  "}], "pairs.jsonl:1: 'answer' is missing or empty"),
        ([{"id": "a", "answer": "x"}], "pairs.jsonl:1: 'question' is missing or empty"),
        ([{**GOOD, "id": 7}], "pairs.jsonl:1: 'id' must be text in quotes, not 7"),
        ([{**GOOD, "similar": "退货"}], "pairs.jsonl:1: 'similar' must be a list of texts"),
        ([{**GOOD, "similar": ["a", 1]}], "pairs.jsonl:1: 'similar' must be a list of texts"),
        ([{**GOOD, "en": "How?"}], "pairs.jsonl:1: 'en' must be an object"),
        ([{**GOOD, "en": {"question": "How?"}}], "pairs.jsonl:1: 'en.answer' is missing or empty"),
        ([GOOD, "{oops"], "pairs.jsonl:2: not valid JSON"),
        ([GOOD, "[1]"], "pairs.jsonl:2: not a JSON object"),
        ([], "pairs.jsonl: there are no pairs"),
    ],
)
def test_a_wrong_row_is_refused_with_line_and_field(
    rows: list[Any], said: str, tmp_path: Path
) -> None:
    assert said in refusal(jsonl(tmp_path, *rows))


def test_for_evaluation_an_answer_may_lack(tmp_path: Path) -> None:
    path = jsonl(tmp_path, {**GOOD, "answer": None}, {"id": "b", "question": "x"})
    assert [pair.answer for pair in read_pairs(path, answers_required=False)] == ["", ""]


def test_json_in_no_known_encoding_is_refused_with_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(b"\n" + json.dumps(GOOD, ensure_ascii=False).encode("gb18030") + b"\xff\n")
    said = refusal(path)
    assert "pairs.jsonl:2: not UTF-8: byte 26 is 0xd4, and not GB18030: byte 79 is 0xff" in said
    assert "save the file as UTF-8" in said


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "none.jsonl: cannot be read" in refusal(tmp_path / "none.jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheets_csv_is_read_in_its_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    table = 'question,answer,similar\n怎么退货,"点申请,售后",我要退货|退货\n\n开票,点发票,\n'
    path.write_bytes(table.encode(encoding))
    first, second = read_pairs(path)
    assert (first.question, first.answer) == ("怎么退货", "点申请,售后")
    assert first.similar == ("我要退货", "退货")
    assert first.id.startswith("q-")
    assert first.id != second.id
    assert read_pairs(path)[0].id == first.id


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("title,text\n", "pairs.csv:1: the header lacks question, answer"),
        ("", "pairs.csv:1: the header lacks question, answer"),
        ("question,answer\n", "pairs.csv: there are no pairs"),
        ("question,answer\na,\n", "pairs.csv:2: 'answer' is missing or empty"),
        ('question,answer\n"a\nb",c\nd,\n', "pairs.csv:4: 'answer' is missing or empty"),
        ("question,answer\na,b,c\n", "pairs.csv:2: 3 cells under 2 headings"),
        ("question,answer\na,b\na,c\n", "stands on line 2 already"),
        ('question,answer\na,"b\n', "pairs.csv:2: not valid CSV"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(table: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(table, encoding="utf-8")
    assert said in refusal(path)


def test_bytes_that_are_no_text_at_all_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes(b"question,answer\n\xff\xff,x\n")
    assert "pairs.csv:2: not UTF-8" in refusal(path)


MARKS = st.sampled_from(
    [
        "问题",
        "答案",
        "q",
        "a",
        "indexes",
        ",",
        "\t",
        "|",
        '"',
        "\n",
        "\r",
        "\0",
        "'=",
        "[",
        "{",
        "}",
    ]
)


@given(
    content=st.binary(max_size=200)
    | st.lists(MARKS | st.text(max_size=3)).map(lambda parts: "".join(parts).encode("utf-8")),
    suffix=st.sampled_from(["jsonl", "json", "csv", "tsv", "txt", "xlsx"]),
    dialect=st.none() | st.sampled_from(DIALECTS),
)
def test_any_bytes_are_read_or_refused(
    content: bytes, suffix: str, dialect: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / f"pairs.{suffix}"
    path.write_bytes(content)
    try:
        reading = read_file(path, ReadOptions(dialect=dialect))
    except BadInput as refused:
        assert refused.where.startswith(str(path))  # noqa: PT017 - either outcome is right
    else:
        assert all(row.where.startswith(str(path)) for row in reading.bad)


@pytest.mark.parametrize("target", [".", "folder", "pairs.jsonl/beneath.jsonl"])
def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "pairs.jsonl").write_text("as it was")
    with pytest.raises(BadInput, match=r"cannot be written: .*; name another file"):
        write_pairs(Path(target), [FULL])
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "pairs.jsonl"]
    assert (tmp_path / "pairs.jsonl").read_text() == "as it was"


@pytest.mark.parametrize("character", ["\\u0000", "\\ud83d"])
def test_characters_that_no_database_keeps_are_refused(character: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f'{{"id": "a", "question": "x{character}", "answer": "y"}}\n')
    assert "pairs.jsonl:1: 'question' holds the character U+" in refusal(path)


def test_lists_within_lists_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("[" * 100_000)
    assert "pairs.jsonl:1: not valid JSON" in refusal(path)


def test_a_heading_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f'"{"x" * 200_000}"\n')
    assert "pairs.csv:1: the header lacks question, answer" in refusal(path)


def test_to_ask_a_base_a_sentence_in_another_language_is_no_translation(tmp_path: Path) -> None:
    path = tmp_path / "canonical.jsonl"
    path.write_text('{"id": "t1", "question": "你用跑的。", "en": "Run."}\n', encoding="utf-8")
    (pair,) = read_pairs(path, answers_required=False)
    assert (pair.question, pair.translations) == ("你用跑的。", {})
    path.write_text(path.read_text("utf-8").replace('"en"', '"answer": "跑。", "en"'), "utf-8")
    with pytest.raises(BadInput, match="an object with question and answer"):
        read_pairs(path)
