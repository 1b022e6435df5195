from __future__ import annotations

import numpy as np
import pytest

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


@pytest.mark.parametrize(
    "order", [[0, 1, 2], [2, 1, 0], [-1, 0, 1], [0, -1, 1, 2], [-1, -1, 2], [1], [-1], []]
)
def test_wordings_that_are_taken_over_are_as_if_made_anew(order: list[int]) -> None:
    synonyms = Synonyms()
    old = [QAPair(f"p{n}", f"退货{n}", (f"退{n}",) * (n > 0), "") for n in range(3)]
    new = [old[n] if n >= 0 else QAPair(f"n{at}", f"新{at}", (), "") for at, n in enumerate(order)]
    before, anew = Wordings.of(old, synonyms), Wordings.of(new, synonyms)
    made = Wordings.of(new, synonyms, before)
    assert made.texts == anew.texts
    assert [before.texts[row] if row >= 0 else None for row in made.kept] == [
        text if text in before.texts else None for text in made.texts
    ]
    assert list(made.owners) == list(anew.owners)
    assert list(made.canonical) == list(anew.canonical)
    assert list(made.sources) == order
    assert all(list(made.equal(text)) == list(anew.equal(text)) for text in made.texts)
