"""`cs-bot benchmark --scale` on a base small enough for a test, with a real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cs_bot.cli.bars import Bar
from cs_bot.cli.scale import print_scale
from cs_bot.starter import starter_directory

from .conftest import Run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "zh-faq-banking"
    folder.mkdir(parents=True)
    faq = [{"question": f"怎么办理第{n}种卡？", "similar": [f"办卡 {n}"]} for n in range(20)]
    queries = [{"qid": f"q{n}", "query": f"我想办第{n}种卡"} for n in range(40)]
    for name, rows in (("faq.jsonl", faq), ("queries.jsonl", queries)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder.parent


@pytest.mark.slow
def test_a_base_is_imported_and_asked_by_one_and_by_both_encoders(
    data: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CS_BOT_DATA", str(data))
    source, kept = starter_directory(), tmp_path / "kept"
    ran = run("benchmark", "--scale", 60, "--kept", kept, "--bot", source, "--json")
    assert ran.code == 0
    figures = json.loads(ran.out)["60"]
    assert figures["wordings"] == 60
    assert 0 < figures["import_seconds"] <= figures["answerable_seconds"]
    assert figures["both_query_by_encode"] > 1
    assert figures["recall_at_50"] == 1


def test_without_data_it_is_said_what_to_set(
    published: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CS_BOT_DATA", raising=False)
    ran = run("benchmark", "--scale", "--bot", published)
    assert ran.code == 2
    assert "CS_BOT_DATA: the large bases are made of public data sets; set it" in ran.err


def test_each_figure_stands_beside_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    small = {"query_ms_p50": 4.2, "recall_at_50": 0.9956, "import_seconds": 30.25}
    print_scale({20_000: small, 200_000: {"query_ms_p50": 8.0}})
    assert capsys.readouterr().out.splitlines() == [
        "20000 questions",
        "  import_seconds             30.25 s",
        "  query_ms_p50                 4.2 ms  at most 4       MISSED",
        "  recall_at_50               0.996     at least 0.98   met",
        "200000 questions",
        "  query_ms_p50                   8 ms  at most 10      met",
    ]


def test_a_figure_on_the_bar_clears_it() -> None:
    assert Bar("query_ms_p50", "ms", most=4).met(4.0)
    assert Bar("recall_at_50", "", least=0.98).met(0.98)
    assert not Bar("recall_at_50", "", least=0.98).met(0.979)
