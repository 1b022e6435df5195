"""What the answers say of a long question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cs_bot.retrieval import answers_leg
from cs_bot.retrieval.answers_leg import AnswersLeg
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.wordings import Wordings
from cs_bot.testing.encoder import WordEncoder
from cs_bot.text.clauses import rambling
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens
from cs_bot.types import QAPair, Wording

PAIRS = (
    QAPair(
        "leak",
        "机器坏了怎么办",
        ("机器出了问题",),
        "冰箱下面一直漏水, 厨房地上有水: 请先拔掉插头, 清理堵住的排水孔。",
    ),
    QAPair("noise", "机器有毛病", ("机器不正常", "机器不对劲"), "洗衣机抖动请调平四个脚。"),
    QAPair("bill", "怎么开发票", (), "在订单里点申请发票。"),
)
STORY = (
    "我去年在你们这里买的机器, 今天早上起来一看厨房地上全是水, 冰箱下面一直在漏水, "
    "排水孔那里好像堵住了, 我老婆说机器有点毛病, 请问应该怎么处理才好呢"
)
ENCODER = WordEncoder()


def leg(pairs: tuple[QAPair, ...] = PAIRS, synonyms: Synonyms | None = None) -> AnswersLeg | None:
    synonyms = synonyms or Synonyms()
    return AnswersLeg.of(pairs, Wordings.of(pairs, synonyms), synonyms)


def said(query: str, rows: list[int], of: AnswersLeg | None = None) -> list[float]:
    told = of or leg()
    assert told is not None
    asked = told.asked(tokens(query))
    assert asked is not None
    return [round(score, 3) for score in asked.of(np.array(rows)).tolist()]


def first(
    pairs: tuple[QAPair, ...], query: str, encoders: int = 2
) -> tuple[str, dict[str, float], float]:
    by_words = Snapshot.by_words("r1", pairs)
    indexed = Snapshot.build("r1", pairs, ENCODER) if encoders else by_words
    read = indexed.with_answers()
    snapshot = read.joined(ENCODER) if encoders == 2 else read
    text = snapshot.compared(normalized(query))
    vector = ENCODER.encode([text])[0]
    best = snapshot.search(
        text, vector if encoders else None, 5, vector if encoders == 2 else None
    )[0]
    return best.id, dict(best.features), best.score


@pytest.mark.parametrize("encoders", [0, 2])
def test_a_story_finds_the_pair_whose_answer_speaks_of_it(encoders: int) -> None:
    assert rambling(normalized(STORY)) == 1
    silent = tuple(replace(pair, answer="") for pair in PAIRS)
    assert first(silent, STORY, encoders)[0] == "noise"

    pair, features, _ = first(PAIRS, STORY, encoders)

    assert pair == "leak"
    assert features["answers"] == 1


def test_the_answers_are_asked_beside_one_encoder_as_well() -> None:
    assert "answers" in first(PAIRS, STORY, encoders=1)[1]


def test_a_short_question_does_not_ask_the_answers() -> None:
    silent = tuple(replace(pair, answer="") for pair in PAIRS)
    pair, features, score = first(PAIRS, "冰箱漏水的机器坏了")
    assert "answers" not in features
    assert (pair, features, score) == first(silent, "冰箱漏水的机器坏了")


def test_answers_never_make_a_question_surer_than_it_was() -> None:
    silent = tuple(replace(pair, answer="") for pair in PAIRS[:1])
    assert first(PAIRS[:1], STORY)[2] == pytest.approx(first(silent, STORY)[2])


def test_all_wordings_of_a_pair_have_the_score_of_its_answer() -> None:
    of_leak, *_ = scores = said("冰箱漏水排水孔", [0, 1, 2, 3, 4, 5])
    assert scores[:2] == [of_leak, of_leak] == [1, 1]
    assert scores[2] == scores[3] == scores[4] < 1


def test_it_recalls_the_canonical_question_of_a_pair() -> None:
    told = leg()
    assert told is not None
    asked = told.asked(tokens("洗衣机抖动"))
    assert asked is not None
    assert asked.near().tolist()[0] == 2


def test_it_says_nothing_of_what_no_answer_speaks_of() -> None:
    told = leg()
    assert told is not None
    assert told.asked(tokens("xyzzy")) is None


def test_answers_in_other_languages_and_synonyms_count() -> None:
    english = Wording("my machine broke", (), "Unplug the leaking fridge.")
    pairs = (replace(PAIRS[0], translations={"en": english}), *PAIRS[1:])
    assert said("leaking fridge", [0, 3], leg(pairs)) == [1, 0]
    folded = Synonyms([("冰箱", "雪柜")])
    assert said("冰箱", [0, 2], leg((replace(PAIRS[0], answer="雪柜"), *PAIRS[1:]), folded)) == [
        1,
        0,
    ]


def test_without_answers_or_with_too_many_pairs_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert leg(()) is None
    assert leg(tuple(replace(pair, answer=" ") for pair in PAIRS)) is None
    monkeypatch.setattr(answers_leg, "_MOST_PAIRS", 2)
    assert leg() is None


def test_only_the_beginning_of_an_endless_answer_is_read() -> None:
    long = replace(PAIRS[0], answer="水" * 5000 + "冰箱")
    told = leg((long, *PAIRS[1:]))
    assert told is not None
    assert told.asked(tokens("冰箱")) is None
