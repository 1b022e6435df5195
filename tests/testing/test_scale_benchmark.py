from __future__ import annotations

import json
from pathlib import Path

import pytest

from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.scale_benchmark import measured
from cs_bot.testing.scale_corpus import asked, questions


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "zh-faq-banking"
    folder.mkdir()
    faq = [{"question": f"怎么办理第{n}种卡？", "similar": [f"办卡 {n}"]} for n in range(20)]
    queries = [{"qid": f"q{n}", "query": f"我想办第{n}种卡"} for n in range(40)]
    for name, rows in (("faq.jsonl", faq), ("queries.jsonl", queries)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_a_base_is_the_same_every_time_and_grows_beyond_the_real_sentences(data: Path) -> None:
    texts = questions(data, 200)
    assert texts == questions(data, 200)
    assert len(set(texts)) == 200
    assert texts[:50] == questions(data, 50)
    assert any("，" in text for text in texts)


def test_questions_that_are_asked_are_not_in_the_base(data: Path) -> None:
    asks = asked(data, 10)
    assert len(asks) == 3
    assert not set(asks) & set(questions(data, 77))


def test_every_figure_is_measured(data: Path, tmp_path: Path) -> None:
    figures = measured(questions(data, 30), asked(data, 9), WordEncoder(), tmp_path / "kept")
    assert figures["wordings"] == 30
    assert figures["recall_at_50"] == 1
    assert {"query_ms_p50", "edit_seconds", "start_seconds", "rank_bm25_ms_p50"} <= set(figures)
    assert not any(name.startswith("both") for name in figures)


def test_with_a_second_encoder_both_are_measured(data: Path, tmp_path: Path) -> None:
    second = WordEncoder()
    figures = measured(questions(data, 30), asked(data, 9), WordEncoder(), tmp_path, second=second)
    assert len(second.encoded) == 33
    assert figures["both_query_by_encode"] > 1
    again = WordEncoder()
    measured(questions(data, 30), asked(data, 9), WordEncoder(), tmp_path, second=again)
    assert len(again.encoded) == 3
