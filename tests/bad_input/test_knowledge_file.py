"""A QA file that cannot be used: nothing of it is imported, and what was there stays."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from .conftest import Refused

GOOD = '{"id": "shop-1", "question": "门店有停车位吗？", "answer": "有，在地下二层。"}'
KNOWLEDGE_TABLES = ["revisions", "drafts", "releases", "release_pairs", "current_release"]


def stored(bot: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(bot / "var/cs_bot.db")) as database:
        return {
            table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in KNOWLEDGE_TABLES
        }


@pytest.fixture
def unchanged(published_bot: Path) -> Iterator[Path]:
    """A bot whose drafts and releases must be at the end what they were at the beginning."""
    before = stored(published_bot)
    yield published_bot
    assert stored(published_bot) == before
    assert len(before["drafts"]) == 62


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            f'{GOOD}\n{{"id": "b", "question": "x", "answer": "y"}}\n{GOOD}\n',
            ":3: the id 'shop-1' stands on line 1 already; give one of the two another id",
        ),
        (f'{GOOD}\n{{"id": "b", "question": "x"}}\n', ":2: 'answer' is missing or empty; write it"),
        (
            f'{GOOD}\n{{"id": "b", "question": "x", "answer": null}}\n',
            ":2: 'answer' is missing or empty; write it",
        ),
        (f'{GOOD}\n\n{{"id": "b",,}}\n', ":3: not valid JSON: Expecting property name enclosed"),
        (f"{GOOD}\n[1]\n", ':2: not a JSON object; write {"id": ..., "question": ..., "answer"'),
        (
            f'{GOOD}\n{{"id": "b", "question": ["x"], "answer": "y"}}\n',
            ":2: 'question' must be text in quotes, not [\"x\"]; correct the value",
        ),
        ("", ": there are no pairs; write one pair a line"),
    ],
)
def test_a_file_with_one_mistake_is_refused_as_a_whole(
    content: str, said: str, refused: Refused, unchanged: Path, tmp_path: Path
) -> None:
    file = tmp_path / "faq.jsonl"
    file.write_text(content, encoding="utf-8")
    assert refused("knowledge", "import", file, "--bot", unchanged).startswith(f"{file}{said}")


def test_a_wrong_encoding_is_named_with_its_line(
    refused: Refused, unchanged: Path, tmp_path: Path
) -> None:
    file = tmp_path / "faq.jsonl"
    file.write_bytes(b'{"id": "a", "question": "q", "answer": "a"}\n' + b"\xff\xff")
    sentence = refused("knowledge", "import", file, "--bot", unchanged)
    assert sentence.startswith(f"{file}:2: not UTF-8: byte ")
    assert sentence.endswith("; save the file as UTF-8")


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def bomb() -> bytes:
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * 250 * 1024 * 1024)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "faq.xlsx",
            lambda: OLE * 64,
            ": the workbook is encrypted, or it is an old .xls; save it",
        ),
        ("faq.xls", lambda: OLE * 64, ": the workbook is encrypted, or it is an old .xls; save it"),
        ("faq.xlsx", lambda: b"PK\x03\x04oops", ": not a workbook that can be read: "),
        ("faq.xlsx", bomb, ": the workbook unpacks to 250 MB; at most 200 MB are taken; save only"),
        ("faq.csv", lambda: b"q" * 21_000_000, ": the file has 20.0 MB; at most 20 MB are taken"),
        ("faq.csv", lambda: b"", ":1: the header lacks question, answer; begin the file with"),
        ("faq.csv", lambda: b"question,answer,tags\na,b\0c,\n", ":2: 'answer' holds the character"),
        ("faq.csv", lambda: b'question,answer\na,"b\n', ":2: not valid CSV: unexpected end of da"),
        ("faq.json", lambda: b'[{"question": "a"', ":1: not valid JSON: "),
        ("faq.jsonl", lambda: b"a,b\n" * 50_001, ": the file has more than 50,000 rows; split it"),
    ],
)
def test_a_file_of_any_form_that_cannot_be_used_is_refused_in_one_sentence(
    name: str,
    content: Callable[[], bytes],
    said: str,
    refused: Refused,
    unchanged: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / name
    file.write_bytes(content())
    assert refused("knowledge", "import", file, "--bot", unchanged).startswith(f"{file}{said}")


@pytest.mark.parametrize(("name", "why"), [("", "Is a directory"), ("none.jsonl", "No such file")])
def test_what_is_no_file_is_named(
    name: str, why: str, refused: Refused, unchanged: Path, tmp_path: Path
) -> None:
    sentence = refused("knowledge", "import", tmp_path / name, "--bot", unchanged)
    assert sentence.startswith(f"{tmp_path / name}: cannot be read: {why}")
    assert sentence.endswith("; check the path")


@pytest.mark.parametrize("name", ["faq.jsonl/beneath.jsonl", "none/faq.csv", "folder"])
def test_an_export_that_cannot_be_written_leaves_what_was_there(
    name: str, refused: Refused, unchanged: Path, tmp_path: Path
) -> None:
    (tmp_path / "faq.jsonl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    sentence = refused("knowledge", "export", tmp_path / name, "--bot", unchanged)
    assert sentence.startswith(f"{tmp_path / name}: cannot be written: ")
    assert sentence.endswith("; name another file")
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "faq.jsonl").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "x"}', ":63: 'question' is missing or empty; write it"),
        (
            '{"id": "x", "question": "如何申请退货", "answer": "y"}',
            ": 2 problems to put right before publishing; correct the file",
        ),
    ],
)
def test_a_bot_whose_own_pairs_are_wrong_starts_with_none_of_them(
    line: str, said: str, unpublished_bot: Path, run: Any
) -> None:
    pairs = unpublished_bot / "knowledge/pairs.jsonl"
    with pairs.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    ran = run("ask", "hi", "--bot", unpublished_bot)
    assert ran.code == 2
    assert ran.err.startswith(f"cs-bot: {pairs}{said}")
    rows = {name: rows for name, rows in stored(unpublished_bot).items() if rows != []}
    assert rows.keys() <= {"current_release"}


def test_a_start_that_died_before_it_published_is_made_good(
    unpublished_bot: Path, run: Any
) -> None:
    """What a power cut between the import and the release leaves behind."""
    assert run("ask", "hi", "--bot", unpublished_bot).code == 0
    with closing(sqlite3.connect(unpublished_bot / "var/cs_bot.db")) as database, database:
        database.execute("UPDATE current_release SET release = NULL")
        database.execute("DELETE FROM release_pairs")
        database.execute("DELETE FROM releases")
    answer = json.loads(run("ask", "如何申请退货？", "--json", "--bot", unpublished_bot).out)
    assert answer["reply"]["ref"] == "ec-016"


def test_drafts_of_an_operator_are_not_published_by_a_start(
    unpublished_bot: Path, run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "faq.jsonl"
    file.write_text(GOOD + "\n", encoding="utf-8")
    assert run("knowledge", "import", file, "--draft", "--bot", unpublished_bot).code == 0
    assert run("ask", "hi", "--bot", unpublished_bot).code == 0
    assert json.loads(run("knowledge", "releases", "--json", "--bot", unpublished_bot).out) == []
