"""Cuts a message into words, single Chinese characters, numbers and marks, with their places."""

from __future__ import annotations

import re

from cs_bot.stages.task.text import folded

Token = tuple[str, int, int]

_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f]+|[0-9]+|[^\W\d_\u3400-\u9fff]+|\S")


def tokens(text: str) -> list[Token]:
    """Return the tokens with start and end; full-width forms are read as narrow ones."""
    return [(found[0], found.start(), found.end()) for found in _TOKEN.finditer(folded(text))]
