"""`cs-bot knowledge import | imports | undo | export` with files of every kind."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from .conftest import Ran, Run

PARKING = {"id": "shop-1", "question": "门店有停车位吗？", "answer": "地下二层免费停车。"}
TABLE = "标准问,答案,相似问\n门店有停车位吗？,地下二层免费停车。,开车来停哪里\n"
BAD = """标准问,答案,相似问
门店有停车位吗？,地下二层免费停车。,开车来停哪里
,忘了写问题,
忘了写答案,,
门店几点关门？,晚上十点。,
"""


def parsed(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def drafts(run: Run, bot: Path, folder: Path) -> Mapping[str, Any]:
    file = folder / "all-drafts.jsonl"
    assert run("knowledge", "export", file, "--bot", bot).code == 0
    return {row["id"]: row for row in map(json.loads, file.read_text("utf-8").splitlines())}


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_a_gb18030_csv_with_bad_rows_is_imported_without_them_and_undone(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    before = drafts(run, bot, tmp_path)
    file, errors = written(tmp_path / "faq.csv", BAD, "gb18030"), tmp_path / "errors.csv"
    ran = run("knowledge", "import", file, "--skip-bad", errors, "--bot", bot)
    assert (ran.code, ran.out) == (
        0,
        f"2 added, 0 changed, 0 unchanged, 2 left out (see {errors}); "
        "release r2 with 64 pairs answers now\n",
    )
    with errors.open(encoding="utf-8-sig", newline="") as rows:
        assert [row["line"] for row in csv.DictReader(rows)] == ["3", "4"]
    assert len(drafts(run, bot, tmp_path)) == 64
    ran = run("knowledge", "undo", "--bot", bot)
    assert (ran.code, ran.out) == (
        0,
        "import i1 of faq.csv undone: 2 removed, 0 put back; release r2 still answers: "
        "run `cs-bot knowledge publish` to publish the drafts, "
        "or `cs-bot knowledge rollback` to let an earlier release answer\n",
    )
    assert drafts(run, bot, tmp_path) == before


def test_one_bad_row_keeps_the_whole_file_out(run: Run, bot: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "faq.csv", BAD)
    ran = run("knowledge", "import", file, "--bot", bot)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"cs-bot: {file}: 2 of 4 rows cannot be used; nothing was imported; correct them, "
        "or leave them out with --skip-bad ERRORS.csv",
        f"  {file}:3: '标准问' is missing or empty; write it",
        f"  {file}:4: '答案' is missing or empty; write it",
    ]
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"


def test_errors_that_cannot_be_written_keep_everything_out(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "faq.csv", BAD)
    ran = run("knowledge", "import", file, "--skip-bad", tmp_path / "no" / "e.csv", "--bot", bot)
    assert (ran.code, "e.csv: cannot be written" in ran.err) == (2, True)
    assert run("knowledge", "diff", "--bot", bot).out == "The drafts are what is published.\n"


def test_errors_do_not_overwrite_the_file_they_are_of(
    run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "faq.csv", BAD)
    ran = run("knowledge", "import", file, "--skip-bad", file, "--bot", shared_bot)
    assert ran.err == "cs-bot: --skip-bad: this is the file to import; name another file\n"
    assert file.read_text(encoding="utf-8") == BAD


def test_without_bad_rows_no_errors_are_written(run: Run, bot: Path, tmp_path: Path) -> None:
    file, errors = written(tmp_path / "faq.csv", TABLE), tmp_path / "errors.csv"
    ran = run("knowledge", "import", file, "--skip-bad", errors, "--draft", "--json", "--bot", bot)
    assert parsed(ran)["skipped"] == 0
    assert not errors.exists()


def test_a_workbook_is_imported_from_the_sheet_that_is_named(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    book = Workbook()
    for name, question in (("旧", "旧问题"), ("新", "门店有停车位吗？")):
        sheet = book.create_sheet(name)
        sheet.append(["题目", "内容"])
        sheet.append([question, "地下二层免费停车。"])
    book.save(tmp_path / "faq.xlsx")
    mapped = ["--map", "question=题目", "--map", "answer=内容"]
    ran = run(
        *["knowledge", "import", tmp_path / "faq.xlsx", "--sheet", "新", *mapped, "--draft"],
        *["--json", "--bot", bot],
    )
    assert parsed(ran) == {"added": 1, "changed": 0, "unchanged": 0, "release": None}
    diff = parsed(run("knowledge", "diff", "--json", "--bot", bot))
    assert list(diff["added"].values()) == ["门店有停车位吗？"]


@pytest.mark.parametrize("words", ["question", "=标题", "question=", ""])
def test_a_mapping_that_maps_nothing_is_refused(
    words: str, run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "faq.csv", TABLE)
    ran = run("knowledge", "import", file, "--map", words, "--bot", shared_bot)
    assert ran.code == 2
    assert ran.err == f"cs-bot: --map: {words!r} maps nothing; write it as question=标题\n"


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    old = drafts(run, shared_bot, tmp_path)
    first, second = list(old.values())[:2]
    told = [
        PARKING,
        {**first, "answer": "改过了。"},
        second,
        {**PARKING, "id": "shop-2"},
        {**PARKING, "id": "shop-3", "question": second["question"]},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told)
    file = written(tmp_path / "faq.jsonl", lines)
    ran = run("knowledge", "import", file, "--dry-run", "--bot", shared_bot)
    assert (ran.code, ran.err) == (0, "")
    assert [line.split() for line in ran.out.splitlines()[:4]] == [
        ["added", "shop-1", "line", "1", PARKING["question"]],
        ["added", "shop-2", "line", "4", PARKING["question"]],
        ["added", "shop-3", "line", "5", second["question"]],
        ["changed", first["id"], "line", "2", first["question"], "(answer)"],
    ]
    assert ran.out.splitlines()[4:] == [
        f"duplicate shop-2 (line 4): {PARKING['question']!r} equals {PARKING['question']!r} "
        "of shop-1 (line 1), the same answer",
        f"conflict  shop-3 (line 5): {second['question']!r} equals {second['question']!r} "
        f"of {second['id']} (line 3), another answer",
        "3 added, 1 changed, 1 unchanged, 1 duplicates, 1 conflicts, 0 bad rows; "
        "read as cs-bot, UTF-8; nothing was imported",
    ]
    assert drafts(run, shared_bot, tmp_path) == old
    assert parsed(run("knowledge", "imports", "--json", "--bot", shared_bot)) == []


def test_a_dry_run_tells_machines_the_same(run: Run, shared_bot: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "faq.csv", BAD.replace("门店几点关门？", "如何申请退货"), "gb18030")
    ran = run("knowledge", "import", file, "--dry-run", "--json", "--bot", shared_bot)
    answer = json.loads(ran.out)
    assert ran.code == 2  # as the import itself would end
    assert [row["line"] for row in answer["added"]] == [2, 5]
    assert answer["conflicts"][0]["other"]["id"] == "ec-016"
    assert answer["bad"][0] == {
        "where": f"{file}:3",
        "line": 3,
        "column": "标准问",
        "problem": "'标准问' is missing or empty",
        "remedy": "write it",
    }
    assert (answer["dialect"], answer["encoding"], answer["sheet"]) == ("cs-bot", "GB18030", None)


def test_a_dry_run_names_bad_rows_on_standard_error(
    run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "faq.csv", BAD)
    ran = run("knowledge", "import", file, "--dry-run", "--bot", shared_bot)
    assert ran.code == 2
    assert ran.out.endswith("2 bad rows; read as cs-bot, UTF-8; nothing was imported\n")
    assert ran.err.splitlines()[0] == f"bad row   {file}:3: '标准问' is missing or empty; write it"


def test_of_a_long_dry_run_a_hundred_lines_are_shown(
    run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    rows = "".join(f"{n} 号柜台在哪里,答 {n},\n" for n in range(150))
    file = written(tmp_path / "faq.csv", f"标准问,答案,相似问\n{rows}")
    lines = run("knowledge", "import", file, "--dry-run", "--bot", shared_bot).out.splitlines()
    assert (len(lines), lines[100]) == (102, "... and 50 more, all of them with --json")


def test_an_archived_pair_counts_in_a_dry_run_as_in_the_import(
    run: Run, bot: Path, tmp_path: Path
) -> None:
    row = json.dumps(PARKING, ensure_ascii=False)
    file = written(tmp_path / "faq.jsonl", row)
    run("knowledge", "import", file, "--bot", bot)
    run("knowledge", "undo", "--bot", bot)  # published meanwhile, so that it is archived
    shown = parsed(run("knowledge", "import", file, "--dry-run", "--json", "--bot", bot))
    assert [one["fields"] for one in shown["changed"]] == [["archived"]]
    counts = parsed(run("knowledge", "import", file, "--draft", "--json", "--bot", bot))
    assert (counts["added"], counts["changed"]) == (0, 1)


def test_imports_are_listed_and_undone_from_the_last(run: Run, bot: Path, tmp_path: Path) -> None:
    for name in ("one.jsonl", "two.jsonl"):
        row = {**PARKING, "answer": name}
        file = written(tmp_path / name, json.dumps(row))
        run("knowledge", "import", file, "--draft", "--bot", bot)
    undone = parsed(run("knowledge", "undo", "--json", "--bot", bot))
    assert (undone["id"], undone["file"], undone["changed"]) == ("i2", "two.jsonl", 1)
    lines = run("knowledge", "imports", "--bot", bot).out.splitlines()
    assert lines[0].startswith("i2 ")
    assert "  two.jsonl  undone 20" in lines[0]
    assert lines[1].endswith("     1 added      0 changed  one.jsonl")
    ran = run("knowledge", "undo", "--bot", bot)
    assert ran.out == (
        "import i1 of one.jsonl undone: 1 removed, 0 put back; the drafts are what is published\n"
    )
    ran = run("knowledge", "undo", "--bot", bot)
    assert (ran.code, ran.err) == (1, "cs-bot: there is no import to undo\n")


@pytest.mark.parametrize("dialect", ["fastgpt", "maxkb", "ragflow", "dify", "anyq"])
def test_an_export_for_another_system_comes_back(
    dialect: str, run: Run, shared_bot: Path, tmp_path: Path
) -> None:
    file = tmp_path / "faq.xlsx"
    assert run("knowledge", "export", file, "--dialect", dialect, "--bot", shared_bot).code == 0
    ran = run(
        *["knowledge", "import", file, "--dialect", dialect, "--dry-run", "--json"],
        *["--bot", shared_bot],
    )
    shown = parsed(ran)
    assert (shown["bad"], shown["dialect"]) == ([], dialect)
    assert len(shown["added"]) >= 62


def test_a_workbook_is_exported_and_comes_back(run: Run, shared_bot: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.xlsx"
    assert run("knowledge", "export", file, "--bot", shared_bot).code == 0
    shown = parsed(run("knowledge", "import", file, "--dry-run", "--json", "--bot", shared_bot))
    assert (shown["unchanged"], shown["added"], shown["changed"]) == (62, [], [])
