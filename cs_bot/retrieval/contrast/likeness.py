"""Tells whether words that stand in the place of others say the same."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from cs_bot.retrieval.contrast.alignment import Alignment
from cs_bot.retrieval.contrast.cutting import Word
from cs_bot.retrieval.contrast.lexicon import packaged
from cs_bot.text.meanings import LONGEST, same_meaning

_TYPO = 0.84
"""Letters in common from which on two English words are one, misspelt."""
_BESIDE = 2
"""Characters on either side that may belong to the words: `喜欢`, `喜爱`."""


def mean_the_same(aligned: Alignment) -> bool:
    """Return whether the two are words of Chinese with one meaning, be it with what is beside."""
    one, other = written(aligned.asked), written(aligned.known)
    if not one or not other or one.isascii() or other.isascii():
        return False
    before, after = written(aligned.before)[-_BESIDE:], written(aligned.after)[:_BESIDE]
    beginnings = [before[at:] for at in range(len(before), -1, -1)]
    endings = [after[:size] for size in range(len(after) + 1)]
    longer = LONGEST - max(len(one), len(other))
    return any(
        same_meaning(start + one + end, start + other + end)
        for start in beginnings
        for end in endings
        if len(start) + len(end) <= longer
    )


def alike(asked: Sequence[Word], known: Sequence[Word]) -> bool:
    """Return whether the words are spelt alike, stand for each other, or are of two languages."""
    one, other = written(asked), written(known)
    if one.isascii() != other.isascii():
        return True
    if all(any(_stands_for(a, k) for k in known) for a in asked):
        return True
    if not one.isascii():
        return False
    contained = min(len(one), len(other)) >= 4 and (one in other or other in one)
    longest = max(len(one), len(other))
    return contained or (longest >= 7 and SequenceMatcher(None, one, other).ratio() >= _TYPO)


def _stands_for(one: Word, other: Word) -> bool:
    return one.form == other.form or packaged().on_one_side(one.form, other.form)


def written(words: Sequence[Word]) -> str:
    """Return the words as they stand in the text."""
    glue = " " if words and words[0].written.isascii() else ""
    return glue.join(word.written for word in words)
