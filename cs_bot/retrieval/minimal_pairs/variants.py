"""Makes the minimal pairs of a knowledge base: each wording with exactly one thing changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from cs_bot.retrieval.contrast.word_files import Contrast, Unit, read_contrasts, read_units
from cs_bot.retrieval.minimal_pairs import rewriting
from cs_bot.retrieval.minimal_pairs.rewriting import Change, Half
from cs_bot.text.normalize import normalized
from cs_bot.types import QAPair

_NO_LETTER = re.compile(r"[\W_]+")
_VALUES = ("number", "date", "name", "object")
_SUBJECT = 0.5
"""Part of a pair's wordings that hold a number, date, name or object it is about."""
_POINT = 0.25
"""Part of them that hold a word whose opposite, or another action, makes another question."""
_FEW = 8
"""Wordings in a language from which on that can be told."""
_PACKAGES: tuple[tuple[Half, str], ...] = (
    ("development", "cs_bot.retrieval.contrast"),
    ("test", "cs_bot.retrieval.minimal_pairs"),
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A question that must not get the answer of the pair it was made from."""

    pair_id: str
    wording: str
    changed: str
    kind: str
    half: Half


def variants(pairs: Sequence[QAPair], compared: Callable[[str], str] = normalized) -> list[Variant]:
    """Return the minimal pairs of all wordings; none that the knowledge base itself asks.

    `compared` brings a text to the form in which the knowledge base compares it.
    """
    known = {_bare(compared(text)) for pair in pairs for text in pair.questions()}
    seen: set[str] = set()
    made = []
    for pair in pairs:
        for wording in pair.questions():
            for change in _changes(wording):
                if _harmless(change, pair):
                    continue
                bare = _bare(compared(change.text))
                if bare not in known and bare not in seen:
                    seen.add(bare)
                    made.append(Variant(pair.id, wording, change.text, change.kind, change.half))
    return made


def _harmless(change: Change, pair: QAPair) -> bool:
    """Return whether the answer stays the same.

    Another wording of the pair says as much, or most wordings do without what was replaced: in
    `transfer $100 to Bob` the sum is an example, not the subject.
    """
    if change.instead and any(change.instead in text.casefold() for text in pair.questions()):
        return True
    if not change.replaced:
        return False
    wordings = [text for text in pair.questions() if text.isascii() == change.text.isascii()]
    holding = sum(change.replaced in text.casefold() for text in wordings)
    least = _SUBJECT if change.kind in _VALUES else _POINT
    return len(wordings) >= _FEW and holding < least * len(wordings)


def _changes(wording: str) -> Iterator[Change]:
    for half, _ in _PACKAGES:
        rows, units = _lists(half)
        yield from rewriting.exchanged(wording, rows, half)
        yield from rewriting.remeasured(wording, units, half)
    yield from rewriting.redated(wording)
    yield from rewriting.remodelled(wording)
    yield from rewriting.denied(wording, _verbs())


@cache
def _lists(half: Half) -> tuple[list[Contrast], dict[str, Unit]]:
    words = Path(str(files(dict(_PACKAGES)[half]).joinpath("words")))
    return read_contrasts(words / "contrasts.csv"), read_units(words / "units.csv")


@cache
def _verbs() -> tuple[str, ...]:
    rows = [row for half, _ in _PACKAGES for row in _lists(half)[0] if row.kind == "action"]
    return tuple(word for row in rows for side in row.sides for word in side if not word.isascii())


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", text)
