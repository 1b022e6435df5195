"""What the packaged lists amount to when they are read together."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations
from pathlib import Path

from cs_bot.retrieval.contrast.lexicon import packaged
from cs_bot.retrieval.contrast.word_files import read_contrasts

CONTRASTS = Path(str(files("cs_bot.retrieval.contrast"))) / "words" / "contrasts.csv"


def test_no_two_sides_of_a_contrast_are_taken_for_one_word() -> None:
    lexicon = packaged()
    for row in read_contrasts(CONTRASTS):
        forms = [{lexicon.form(word) for word in side} for side in row.sides]
        assert not any(one & other for one, other in combinations(forms, 2)), row


def test_a_word_of_taiwan_is_compared_as_the_mainlands() -> None:
    lexicon = packaged()
    assert lexicon.form("伺服器") == lexicon.form("服务器")
    assert lexicon.form("随身碟") == lexicon.form("u盘")
