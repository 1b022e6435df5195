from __future__ import annotations

import numpy as np

from cs_bot.retrieval.wordings import Wordings
from cs_bot.text.synonyms import Synonyms
from cs_bot.types import QAPair, Wording

PAIRS = (
    QAPair(
        "return",
        "怎么退货？",
        ("我要退货", "怎么退货"),
        "点售后",
        translations={"en": Wording("How to return?", ("Return it",), "Tap")},
    ),
    QAPair("postage", "邮费多少", (), "八元"),
)
WORDINGS = Wordings.of(PAIRS, Synonyms([["运费", "邮费"]]))


def test_each_wording_stands_once_in_the_form_in_which_it_is_compared() -> None:
    assert WORDINGS.texts == ("怎么退货", "我要退货", "how to return", "return it", "运费多少")
    assert list(WORDINGS.owners) == [0, 0, 0, 0, 1]


def test_the_canonical_question_of_every_language_is_known() -> None:
    assert list(np.flatnonzero(WORDINGS.canonical)) == [0, 2, 4]


def test_marks_and_spaces_do_not_count_in_equality() -> None:
    assert list(WORDINGS.equal("how-to return!")) == [2]
    assert list(WORDINGS.equal("how")) == []


def test_means_are_taken_per_pair_over_numbers_and_vectors() -> None:
    numbers = np.array([1, 2, 3, 6, 5], dtype=np.float32)
    assert list(WORDINGS.mean(numbers)) == [3, 5]
    np.testing.assert_array_equal(
        WORDINGS.mean(np.stack([numbers, -numbers], axis=1)), [[3, -3], [5, -5]]
    )


def test_no_pairs_are_no_wordings() -> None:
    empty = Wordings.of((), Synonyms())
    assert empty.texts == ()
    assert empty.mean(np.zeros((0, 4), dtype=np.float32)).shape == (0, 4)
