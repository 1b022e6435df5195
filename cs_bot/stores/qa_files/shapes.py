"""The rows and objects in which we, and other systems, write pairs down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cs_bot.stores.answers_json import answers_as_json, times_as_json
from cs_bot.stores.qa_files.headings import FIELDS
from cs_bot.stores.qa_files.layouts import OWN
from cs_bot.types import QAPair, Wording

Row = Sequence[str]

_MAXKB = (
    "分段标题（选填）",
    "分段内容（必填，问题答案，最长不超过4096个字符）",
    "问题（选填，单元格内一行一个）",
)


def rows_of(pairs: Sequence[QAPair], dialect: str) -> Iterator[Row]:
    """Yield the rows of a table, its headings first where the dialect has any."""
    if dialect == OWN:
        yield from _own_rows(pairs)
    elif dialect == "fastgpt":
        yield ("q", "a", "indexes")
        yield from ((w.question, w.answer, *w.similar) for w in _wordings(pairs))
    elif dialect == "maxkb":
        yield _MAXKB
        yield from ((w.question, w.answer, _lines(w)) for w in _wordings(pairs))
    else:
        if dialect == "dify":
            yield ("question", "answer")
        yield from _questions(pairs)


def objects_of(pairs: Sequence[QAPair], dialect: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON file."""
    if dialect == OWN:
        yield from (plain(pair) for pair in pairs)
    elif dialect == "fastgpt":
        for w in _wordings(pairs):
            indexes = [{"text": text} for text in w.similar]
            yield {"q": w.question, "a": w.answer, "indexes": indexes}
    else:
        yield from ({"question": text, "answer": answer} for text, answer in _questions(pairs))


def plain(pair: QAPair) -> dict[str, Any]:
    """Return a pair as our own JSON has it: what is empty is left out."""
    values: dict[str, Any] = {
        "id": pair.id,
        "question": pair.question,
        "similar": list(pair.similar),
        "answer": pair.answer,
        "category": pair.category,
        "tags": list(pair.tags),
        "task": pair.task,
        "locale": pair.locale,
        "related": list(pair.related),
        **times_as_json(pair),
        "answers": answers_as_json(pair.answers),
    }
    kept = {name: value for name, value in values.items() if value or name == "similar"}
    translated = {
        language: {"question": w.question, "similar": list(w.similar), "answer": w.answer}
        for language, w in pair.translations.items()
    }
    return {**kept, **translated}


def _own_rows(pairs: Sequence[QAPair]) -> Iterator[Row]:
    rows = [_flat(plain(pair)) for pair in pairs]
    names = tuple(dict.fromkeys((*FIELDS[:4], *(name for row in rows for name in row))))
    yield names
    for row in rows:
        yield [row.get(name, "") for name in names]


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{name}.")
        elif name == "answers":
            cells[name] = json.dumps(value, ensure_ascii=False)
        else:
            cells[prefix + name] = value if isinstance(value, str) else _cell(value)
    return cells


def _cell(items: Iterable[str]) -> str:
    """Return the texts of a list as one cell; a line break in one of them becomes a space."""
    lines = [" ".join(item.splitlines()) if "\n" in item else item for item in items]
    if any("|" in line for line in lines):
        return "".join(f"{line}\n" for line in lines)
    return "|".join(lines)


def _wordings(pairs: Iterable[QAPair]) -> Iterator[Wording]:
    """Yield what each pair says in each language: other systems know one language a pair."""
    for pair in pairs:
        yield pair.wording(pair.locale)
        yield from pair.translations.values()


def _questions(pairs: Iterable[QAPair]) -> Iterator[tuple[str, str]]:
    for wording in _wordings(pairs):
        for text in (wording.question, *wording.similar):
            yield text, wording.answer


def _lines(wording: Wording) -> str:
    texts = (wording.question, *wording.similar)
    return "\n".join(" ".join(text.split("\n")) for text in texts)
