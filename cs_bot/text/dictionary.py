"""Jieba's dictionary of Chinese words, loaded when first asked: 33 MB, a fifth of a second."""

from __future__ import annotations

from functools import cache
from typing import Any


def cut(text: str) -> list[str]:
    """Return the text as words of the dictionary; what is in no word stands alone."""
    words: list[str] = _jieba().cut(text, False)
    return words


def holds(word: str) -> bool:
    """Whether the dictionary has the word."""
    return bool(_jieba().has_word(word))


def frequency(word: str) -> int:
    """Return how often the dictionary's corpus has a word that is in it."""
    return int(_jieba().suggest_freq(word))


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba
