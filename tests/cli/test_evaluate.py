from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from cs_bot.cli import main

STARTER = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[Any]]:
    """What the starter scores on its own questions beside TF-IDF, and what it predicts for each."""
    made = tmp_path_factory.mktemp("evaluated") / "predictions.jsonl"
    arguments = ["--bot", str(STARTER), "--baseline", "--predictions", str(made), "--json"]
    with redirect_stdout(StringIO()) as out:
        assert main(["evaluate", "kbqa", *arguments]) == 0
    rows = [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()]
    return json.loads(out.getvalue()), rows


def test_the_starter_is_evaluated_on_its_own_questions(evaluated: tuple[Any, list[Any]]) -> None:
    scores, rows = evaluated
    assert len(rows) == scores["queries"] >= 120
    assert all(row["candidates"] for row in rows)
    assert scores["r5"] > 0.85
    assert scores["oos_answered"] < 0.05


def test_plain_tfidf_is_scored_beside_it_on_the_same_questions(
    evaluated: tuple[Any, list[Any]],
) -> None:
    scores, _ = evaluated
    assert scores["queries"] == scores["baseline"]["queries"]
    assert scores["r1"] > scores["baseline"]["r1"] + 0.1
    assert scores["auroc"] > scores["baseline"]["auroc"]


def test_questions_without_labels_are_predicted_and_not_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs, queries = tmp_path / "pairs.jsonl", tmp_path / "queries.jsonl"
    pairs.write_text('{"id": "a", "question": "怎么退货", "answer": null}\n', encoding="utf-8")
    queries.write_text('{"qid": "1", "query": "我要退货"}\n', encoding="utf-8")
    made = tmp_path / "predictions.jsonl"
    arguments = ["--pairs", str(pairs), "--queries", str(queries), "--predictions", str(made)]
    assert main(["evaluate", "kbqa", *arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"queries": 1}
    assert json.loads(made.read_text(encoding="utf-8"))["candidates"][0]["id"] == "a"


def test_a_file_that_is_not_there_is_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--bot", str(STARTER), "--queries", str(tmp_path / "none.jsonl")]
    assert main(["evaluate", "kbqa", *arguments]) == 2
    assert "none.jsonl: cannot be read" in capsys.readouterr().err


def test_opposite_questions_are_made_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faq, queries = tmp_path / "faq.jsonl", tmp_path / "queries.jsonl"
    faq.write_text(
        '{"id": "a", "question": "怎么退货", "answer": null}\n'
        '{"id": "b", "question": "7天内可以退款吗", "answer": null}\n',
        encoding="utf-8",
    )
    queries.write_text('{"qid": "1", "query": "我怎么退货", "faq_id": "a"}\n', encoding="utf-8")
    made = tmp_path / "predictions.jsonl"
    arguments = ["--faq", str(faq), "--queries", str(queries), "--predictions", str(made)]
    assert main(["evaluate", "contrast", *arguments, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.keys() == {"test", "development", "loss"}
    rows = [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == sum(report[half]["all"]["asked"] for half in ("test", "development"))
    assert {"14天内可以退款吗", "7天内不可以退款吗"} <= {row["query"] for row in rows}
    assert not any(row["opposite"] for row in rows)
    assert main(["evaluate", "contrast", *arguments]) == 0
    assert "unguarded" in capsys.readouterr().out


def test_the_starter_hardly_ever_gives_the_opposite_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["evaluate", "contrast", "--bot", str(STARTER), "--json"]) == 0
    everything = json.loads(capsys.readouterr().out)["test"]["all"]
    assert everything["asked"] > 300
    assert everything["unguarded"] > 0.5
    assert everything["opposite"] < 0.005
