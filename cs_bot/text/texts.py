"""Reads the bot's own sentences from a TOML file that operators edit: every one in zh and en."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput, UnknownName

LOCALES = ("zh", "en")


class Texts:
    """The sentences of one part of the bot, by key and language."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._sentences = sentences

    def __call__(self, key: str, locale: str, **values: str) -> str:
        """Return the sentence in this language (English for a language it lacks), filled in."""
        words = self._sentences[key]
        return words.get(locale, words["en"]).format(**values)

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of all sentences, in the order of the file."""
        return tuple(self._sentences)


def read_toml(path: Path) -> Mapping[str, Any]:
    """Return a TOML file's values; raises `BadInput` with the line of what is wrong."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"not valid TOML: {error}", where=str(path), remedy="correct the line"
        ) from None


def read_text(path: Path) -> str:
    """Return a file's text; raises `BadInput` when it is missing, no file, or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(
            "there is no such file", where=str(path), remedy="copy it from the starter bot"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput("not UTF-8", where=f"{path}:{line}", remedy="save it as UTF-8") from None
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}",
            where=str(path),
            remedy="put a file there that this user may read",
        ) from None


def texts(
    table: Any, *, where: str, required: Mapping[str, Collection[str]] | None = None
) -> Texts:
    """Return the sentences of a table; raises `BadInput` with the place of what is wrong.

    `required` names the keys that must be there, and the values each may mention in braces; other
    keys are unknown. Without it any key will do, and no values can be mentioned.
    """
    if not isinstance(table, dict):
        raise BadInput("there are no sentences", where=where, remedy="add the table")
    for key in table:
        if required is not None and key not in required:
            raise UnknownName("sentence", key, required, where=f"{where}.{key}")
    for key in required if required is not None else table:
        _check(table.get(key), f"{where}.{key}", (required or {}).get(key, ()))
    return Texts(table)


def _check(words: Any, where: str, values: Collection[str]) -> None:
    if not isinstance(words, dict):
        raise BadInput(
            "this sentence is missing", where=where, remedy='write { zh = "...", en = "..." }'
        )
    for locale in LOCALES:
        sentence = words.get(locale)
        if not isinstance(sentence, str) or not sentence.strip():
            raise BadInput(f"lacks its {locale!r} sentence", where=where, remedy="add it")
        for name in mentioned(sentence, where=f"{where}.{locale}"):
            if name not in values:
                raise UnknownName("value", name, values, where=f"{where}.{locale}")


def mentioned(sentence: str, *, where: str) -> tuple[str, ...]:
    """Return the names in braces; raises `BadInput` when a brace stands alone."""
    try:
        return tuple(
            name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None
        )
    except ValueError as error:
        raise BadInput(
            f"braces do not match: {error}", where=where, remedy="write {{ for a literal brace"
        ) from None
