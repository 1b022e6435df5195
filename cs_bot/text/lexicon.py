"""Reads the sensitive-word lists of a bot: words with categories and actions, and what is allowed.

Knows files and words; what happens to a message is the business of whoever asks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from cs_bot.errors import BadInput, UnknownName
from cs_bot.text.fold import fold
from cs_bot.text.matcher import Matcher
from cs_bot.text.texts import Texts, read_text, read_toml, texts

Action = Literal["block", "mask", "pass"]
ACTIONS: tuple[Action, ...] = get_args(Action)
_COLUMNS = ("word", "category", "action")


@dataclass(frozen=True, slots=True)
class Category:
    """What its words lead to where a word says nothing of its own; `template` names the reply."""

    name: str
    action: Action
    template: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed word."""

    word: str
    category: Category
    action: Action


@dataclass(frozen=True, slots=True)
class Found:
    """A listed word in a text: `text[start:end]` as written."""

    start: int
    end: int
    entry: Entry


class Lexicon:
    """All lists of a bot together, and the replies their categories name."""

    def __init__(
        self, entries: Mapping[str, Entry], allowed: frozenset[str], replies: Texts
    ) -> None:
        self._entries = entries
        self._matcher = Matcher(entries, allowed=allowed)
        self.replies = replies

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str) -> tuple[Found, ...]:
        """Return the listed words in the text, by place."""
        return tuple(
            Found(hit.start, hit.end, self._entries[hit.word]) for hit in self._matcher.hits(text)
        )


def load_lexicon(directory: Path) -> Lexicon:
    """Read `categories.toml`, `allow.txt` (may be missing) and every `*.csv` of the directory.

    Raises `BadInput` with file and line of what is wrong.
    """
    categories, replies = _categories(directory / "categories.toml")
    entries: dict[str, Entry] = {}
    for path in sorted(directory.glob("*.csv")):
        for line, row in _rows(path):
            entry = _entry(row, categories, where=f"{path}:{line}")
            if entry.word in entries:
                raise BadInput(
                    f"{entry.word!r} is listed twice", where=f"{path}:{line}", remedy="remove one"
                )
            entries[entry.word] = entry
    return Lexicon(entries, _allowed(directory / "allow.txt"), replies)


def _categories(path: Path) -> tuple[Mapping[str, Category], Texts]:
    values = read_toml(path)
    help_lines = texts(values.get("help"), where=f"{path}: help")
    names = frozenset(help_lines.names)
    table = values.get("replies", {})
    required = dict.fromkeys({*table, "broken"}, names)
    replies = texts(table, where=f"{path}: replies", required=required)
    filled = {
        key: {
            locale: replies(key, locale, **{name: help_lines(name, locale) for name in names})
            for locale in table[key]
        }
        for key in replies.names
    }
    categories = {
        name: _category(name, row, filled, where=f"{path}: categories.{name}")
        for name, row in values.get("categories", {}).items()
    }
    return categories, Texts(filled)


def _category(name: str, row: Any, replies: Mapping[str, object], *, where: str) -> Category:
    if not isinstance(row, dict) or "action" not in row:
        raise BadInput("has no action", where=where, remedy='write action = "block"')
    action = _action(row["action"], where=where)
    template = row.get("template", "")
    if (action == "block" or template) and template not in replies:
        raise UnknownName("reply", template, replies, where=where)
    return Category(name, action, template)


def _action(name: str, *, where: str) -> Action:
    if name not in ACTIONS:
        raise UnknownName("action", name, ACTIONS, where=where)
    return name


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    lines = read_text(path).splitlines()
    kept = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not kept or tuple(kept[0][1].split(",")) not in (_COLUMNS, _COLUMNS[:2]):
        raise BadInput(
            "the first row must name the columns",
            where=f"{path}:{kept[0][0] if kept else 1}",
            remedy=f"write {','.join(_COLUMNS)}",
        )
    for number, line in kept[1:]:
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if not 2 <= len(cells) <= len(_COLUMNS):
            raise BadInput(
                f"{len(cells)} columns",
                where=f"{path}:{number}",
                remedy="write word,category,action",
            )
        yield number, dict(zip(_COLUMNS, cells, strict=False))


def _entry(row: Mapping[str, str], categories: Mapping[str, Category], *, where: str) -> Entry:
    word = row["word"]
    if not fold(word):
        raise BadInput(f"{word!r} has no letter or digit", where=where, remedy="remove the row")
    if row["category"] not in categories:
        raise UnknownName("category", row["category"], categories, where=where)
    category = categories[row["category"]]
    action = _action(row.get("action") or category.action, where=where)
    if action == "block" and not category.template:
        raise BadInput(
            f"{word!r} is blocked, but {category.name!r} has no reply",
            where=where,
            remedy="name a template in categories.toml",
        )
    return Entry(word, category, action)


def _allowed(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    lines = (line.strip() for line in read_text(path).splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
