from __future__ import annotations

import numpy as np

from cs_bot.retrieval.postings import Counted
from cs_bot.retrieval.spelling import Vocabulary
from cs_bot.text.synonyms import Synonyms
from cs_bot.text.tokenize import tokens

NONE = Synonyms()


def counted(*texts: str) -> Counted:
    return Counted.of(map(tokens, texts))


def test_following_a_release_is_reading_it_anew() -> None:
    before = counted("怎么退货", "return an item")
    after = before.changed(np.array([0, -1]), [tokens("track the parcel 快递")])
    followed = Vocabulary.of(after, NONE, Vocabulary.of(before, NONE))
    anew = Vocabulary.of(after, NONE)
    assert followed.words == anew.words == ("return", "item", "track", "parcel")
    assert followed.spelt == anew.spelt
    assert followed.letters.tolist() == anew.letters.tolist()


def test_a_word_that_is_gone_is_held_no_more() -> None:
    before = counted("怎么退货", "return an item")
    after = before.changed(np.array([0, -1]), [tokens("track")])
    vocabulary = Vocabulary.of(after, NONE, Vocabulary.of(before, NONE))
    assert not vocabulary.holds("return")
    assert vocabulary.holds("track")


def test_words_of_the_synonyms_are_held_though_no_wording_has_them() -> None:
    synonyms = Synonyms([("快递", "包裹"), ("parcel", "package")])
    vocabulary = Vocabulary.of(counted("快递到哪了", "my parcel"), synonyms)
    assert vocabulary.times("包裹") == 1
    assert "package" in vocabulary.words
    assert "裹" in vocabulary.spelt["guo"]


def test_other_synonyms_make_another_vocabulary() -> None:
    before = Vocabulary.of(counted("快递到哪了"), Synonyms([("快递", "包裹")]))
    assert not Vocabulary.of(counted("快递到哪了"), NONE, before).holds("包裹")
