from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from cs_bot.errors import BadInput
from cs_bot.models.encoders import MOST_CHARACTERS
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.evaluation import (
    EvaluationQuery,
    asking,
    measured,
    predict,
    read_queries,
    refuse_unknown_pairs,
)
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.normalize import MOST_READ
from cs_bot.types import QAPair

ENCODER = WordEncoder()
SHOP = Snapshot.build(
    "r1",
    [QAPair("return", "怎么退货", (), "点售后"), QAPair("invoice", "如何开发票", (), "点发票")],
    ENCODER,
)
ASK = asking(SHOP, ENCODER, KbqaSettings())


def file(folder: Path, text: str) -> Path:
    path = folder / "queries.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_question_is_predicted_with_candidates_and_time() -> None:
    seconds = count()
    queries = [EvaluationQuery("q1", "怎么退货", "return"), EvaluationQuery("q2", "天气", None)]
    first, second = predict(ASK, queries, clock=lambda: next(seconds) / 1000)
    row = first.as_dict()
    assert (row["qid"], row["zone"], row["ms"]) == ("q1", "answer", 1.0)
    assert row["candidates"][0]["id"] == "return"
    assert json.loads(json.dumps(row)) == row
    assert second.zone == "none"
    assert len(second.candidates) == 2
    scores = measured(queries, [first, second])
    assert scores is not None
    assert (scores["r1"], scores["oos_none"]) == (1, 1)


def test_slips_are_read_as_the_stage_reads_them_unless_a_setting_says_otherwise() -> None:
    slip = "怎么退或"
    assert ASK(slip)[1] == ASK("怎么退货")[1]
    left = asking(SHOP, ENCODER, KbqaSettings(spelling=False))
    assert left(slip)[1] != ASK(slip)[1]


def test_of_a_very_long_question_no_more_is_encoded_and_read_than_of_a_customers() -> None:
    encoder = WordEncoder()
    ask = asking(SHOP, encoder, KbqaSettings())
    asked = ask("我的退货怎么办" * 3_000)
    assert [len(text) for text in encoder.encoded] == [MOST_CHARACTERS]
    assert asked == ask(("我的退货怎么办" * 3_000)[:MOST_READ])


def test_an_empty_question_is_predicted_too() -> None:
    (made,) = predict(ASK, [EvaluationQuery("q", "")])
    assert (made.zone, made.candidates) == ("none", ())


def test_a_label_may_be_null_or_lack(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        '{"qid": "1", "query": "a", "faq_id": null}\n\n{"qid": "2", "query": "b", "kind": "x"}\n',
    )
    assert read_queries(path) == [
        EvaluationQuery("1", "a", None, labelled=True),
        EvaluationQuery("2", "b", None, labelled=False),
    ]


def test_scores_are_left_out_where_a_label_lacks() -> None:
    queries = [EvaluationQuery("q", "怎么退货", labelled=False)]
    assert measured(queries, predict(ASK, queries)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no questions"),
        ("{", "queries.jsonl:1: not valid JSON"),
        ("3", "queries.jsonl:1: not a JSON object"),
        ('{"qid": "1"}', "queries.jsonl:1: 'query' is missing"),
        ('{"qid": "1", "query": "a", "faq_id": 3}', "queries.jsonl:1: 'faq_id' is missing or no"),
        ('{"qid": "1", "query": "a"}\n{"qid": "1", "query": "b"}', "queries.jsonl:2: the qid '1'"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read_queries(file(tmp_path, text))
    assert said in str(refused.value)


def test_a_label_must_name_one_of_the_pairs(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        '{"qid": "1", "query": "a", "faq_id": "return"}\n'
        '{"qid": "2", "query": "b", "faq_id": null}\n'
        '{"qid": "3", "query": "c", "faq_id": "retrun"}\n',
    )
    refuse_unknown_pairs(read_queries(path)[:2], SHOP.pairs.values())
    with pytest.raises(BadInput) as refused:
        refuse_unknown_pairs(read_queries(path), SHOP.pairs.values())
    assert str(refused.value).startswith(f"{path}:3: 'faq_id' names 'retrun', which is no pair")
