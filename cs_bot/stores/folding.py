"""How text is folded for searching, and how a search becomes a LIKE pattern."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

ESCAPE = "\\"


def folded(text: str) -> str:
    """Return the text without differences of case and width."""
    return unicodedata.normalize("NFKC", text).casefold()


def searchable(texts: Iterable[str]) -> str:
    """Return one folded column for many texts, one a line."""
    return folded("\n".join(texts))


def containing(search: str) -> str:
    """Return the LIKE pattern of texts that contain the search, its wildcards taken literally."""
    pattern = folded(search.strip())
    for special in (ESCAPE, "%", "_"):
        pattern = pattern.replace(special, ESCAPE + special)
    return f"%{pattern}%"
