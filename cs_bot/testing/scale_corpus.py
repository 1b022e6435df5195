"""Makes a large knowledge base of real sentences, the same one every time.

The public data sets hold some 50,000 sentences. Beyond that, two of them are joined into one
question: its words stay those that people use, and no two questions are alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

_HELD_OUT = "queries.jsonl"
_SETS = (
    *("zh-paraphrase-tatoeba", "zh-faq-medical", "zh-faq-mssupport", "zh-faq-product"),
    *("zh-faq-banking", "zh-faq-ecommerce", "zh-chitchat-qna", "zh-mining-mix"),
    *("en-faq-banking77", "en-faq-clinc150", "en-faq-dstc9", "en-chitchat-qna", "en-nlu-hwu64"),
    *("en-nlu-snips", "en-intent-hint3"),
)
_FIELDS = ("question", "query", "text")
_LONGEST = 40
"""Characters of a sentence that is taken; questions of a knowledge base are short."""
_STRIDE = 7919
"""A prime: walks over all sentences before it meets one again."""
_EVERY = 16
"""Of the customers' questions, one in so many is asked and not indexed."""


def questions(data: Path, most: int) -> list[str]:
    """Return that many distinct questions, real ones first; fewer where there are too few."""
    real = _indexed(data)
    # Neighbours in a file are of one kind: a stride mixes the kinds in a small base too.
    mixed = [real[at * _STRIDE % len(real)] for at in range(len(real))]
    return list(islice(_distinct(chain(mixed, _joined(mixed))), most))


def asked(data: Path, most: int) -> list[str]:
    """Return questions that customers asked and that no base holds in these words."""
    held = _held_out(data)
    return [held[at * _STRIDE % len(held)] for at in range(min(most, len(held)))]


def _indexed(data: Path) -> list[str]:
    held = set(_held_out(data))
    return [text for text in dict.fromkeys(_sentences(_files(data))) if text not in held]


def _held_out(data: Path) -> list[str]:
    of_customers = [path for path in _files(data) if path.name == _HELD_OUT]
    return list(dict.fromkeys(_sentences(of_customers)))[::_EVERY]


def _joined(real: list[str]) -> Iterator[str]:
    for lap in range(1, len(real)):
        for at, text in enumerate(real):
            yield f"{text.rstrip('?？。.!！')}，{real[(at * 31 + lap * _STRIDE) % len(real)]}"


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text


def _files(data: Path) -> list[Path]:
    return [path for name in _SETS for path in sorted((data / name).glob("*.jsonl"))]


def _sentences(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            written = [row.get(field, "") for field in _FIELDS] + list(row.get("similar", ()))
            yield from (text for text in written if 0 < len(text) <= _LONGEST)
