"""Taiwan's words beside the mainland's, from the tables of OpenCC."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_LEAST = 2
"""Characters of a word; a single one (a chemical element, say) is part of too many others."""


@cache
def mainland_words() -> dict[str, str]:
    """Return Taiwan's words with the mainland's word for each, both in simplified characters.

    Text in traditional characters has its words exchanged when it is normalised; this is for
    Taiwan's words in simplified ones, where they may also be the mainland's for something else.
    Such words are left out.
    """
    from opencc import OpenCC

    table = files("opencc").joinpath("dictionary/TWPhrasesRev.txt").read_text(encoding="utf-8")
    simplified = OpenCC("t2s").convert
    rows = [line.split("\t") for line in simplified(table).casefold().splitlines() if "\t" in line]
    words = {taiwan: mainland.split()[0] for taiwan, mainland in rows}
    own = {word for _, mainland in rows for word in mainland.split()}
    return {
        taiwan: mainland
        for taiwan, mainland in words.items()
        if len(taiwan) >= _LEAST and len(mainland) >= _LEAST and taiwan not in own
    }
