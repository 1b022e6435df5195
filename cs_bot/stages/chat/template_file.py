"""Reads `templates.yml`; every mistake is told with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from cs_bot.errors import BadInput, UnknownName
from cs_bot.stages.chat.templates import Template, TemplateButton
from cs_bot.text.texts import LOCALES, mentioned, read_text

_FIELDS = ("name", "patterns", "replies", "after", "needs", "written", "remember", "buttons")
_ALWAYS_THERE = frozenset({"bot_name"})


def load_templates(path: Path) -> tuple[Template, ...]:
    """Read the templates of a file; raises `BadInput` with the line of what is wrong."""
    rows = _parsed(path)
    if not isinstance(rows, CommentedSeq):
        raise BadInput(
            "must be a list of templates", where=f"{path}:1", remedy="begin with '- name:'"
        )
    templates = tuple(
        _Row(row, path, rows.lc.item(n)[0] + 1).template() for n, row in enumerate(rows)
    )
    _check_names(templates, rows, path)
    return templates


def _parsed(path: Path) -> Any:
    try:
        return YAML(typ="rt").load(read_text(path))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        raise BadInput(
            f"not valid YAML: {error.problem}", where=where, remedy="correct the line"
        ) from None


def _check_names(templates: Iterable[Template], rows: CommentedSeq, path: Path) -> None:
    seen: set[str] = set()
    names = {template.name for template in templates}
    remembered = {name for template in templates for name in template.remember}
    for n, template in enumerate(templates):
        where = f"{path}:{rows.lc.item(n)[0] + 1}"
        if template.name in seen:
            raise BadInput(f"{template.name!r} is there twice", where=where, remedy="rename one")
        seen.add(template.name)
        for name in template.after - names:
            raise UnknownName("template", name, names, where=where)
        _check_replies(template, remembered, where)


def _check_replies(template: Template, remembered: set[str], where: str) -> None:
    """See that replies use values that exist, and one of each language what is always there."""
    captured = set().union(*(pattern.groupindex for pattern in template.patterns))
    certain = set.intersection(*(set(pattern.groupindex) for pattern in template.patterns))
    certain |= set(template.needs)
    for locale, wordings in template.replies.items():
        needed = [set(mentioned(wording, where=where)) for wording in wordings]
        for name in set().union(*needed) - captured - remembered - _ALWAYS_THERE:
            raise UnknownName("value", name, captured | remembered | _ALWAYS_THERE, where=where)
        if not any(names <= certain | _ALWAYS_THERE for names in needed):
            raise BadInput(
                f"every {locale!r} reply of {template.name!r} needs a value that may be missing",
                where=where,
                remedy="add a reply without it",
            )
    for name in set(template.needs) - remembered:
        raise UnknownName("memory", name, remembered, where=where)
    for name in set(template.remember) - captured:
        raise UnknownName("capture", name, captured, where=where)


class _Row:
    """One template as written, with its place."""

    def __init__(self, row: Any, path: Path, line: int) -> None:
        self._path = path
        self._line = line
        if not isinstance(row, CommentedMap):
            raise self._error(
                "a template must have a name, patterns and replies", "write '- name:'"
            )
        self._row = row
        for key in row:
            if key not in _FIELDS:
                raise UnknownName("field", str(key), _FIELDS, where=self._where(key))

    def template(self) -> Template:
        """Return the template; raises `BadInput`."""
        written = self._row.get("written")
        return Template(
            name=self._name(),
            patterns=tuple(
                self._pattern(text, line) for text, line in self._lines("patterns", required=True)
            ),
            replies=self._replies(),
            needs=tuple(text for text, _ in self._lines("needs")),
            after=frozenset(text for text, _ in self._lines("after")),
            written=None if written is None else self._pattern(written, self._line_of("written")),
            remember=tuple(text for text, _ in self._lines("remember")),
            buttons=tuple(self._button(button) for button in self._row.get("buttons") or ()),
        )

    def _name(self) -> str:
        name = self._row.get("name")
        if not isinstance(name, str) or not name:
            raise self._error("a template lacks its name", "write 'name: greeting'")
        return name

    def _lines(self, key: str, *, required: bool = False) -> list[tuple[str, int]]:
        items = self._row.get(key, [])
        if not isinstance(items, CommentedSeq | list) or (required and not items):
            raise self._error(f"{key!r} must be a list", "write one on each line", key)
        for item in items:
            if not isinstance(item, str):
                raise self._error(f"{item!r} in {key!r} is no text", "put it in quotes", key)
        return [
            (item, items.lc.item(n)[0] + 1 if isinstance(items, CommentedSeq) else self._line)
            for n, item in enumerate(items)
        ]

    def _pattern(self, text: str, line: int) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise BadInput(
                f"the pattern {text!r} is wrong: {error}",
                where=f"{self._path}:{line}",
                remedy="correct it",
            ) from None

    def _replies(self) -> Mapping[str, tuple[str, ...]]:
        replies = self._row.get("replies")
        if not isinstance(replies, CommentedMap):
            raise self._error("'replies' must have 'zh' and 'en'", "add both", "replies")
        for locale in replies:
            if locale not in LOCALES:
                raise UnknownName("language", str(locale), LOCALES, where=self._where("replies"))
        return {locale: self._wordings(replies, locale) for locale in LOCALES}

    def _wordings(self, replies: CommentedMap, locale: str) -> tuple[str, ...]:
        wordings = replies.get(locale)
        if isinstance(wordings, str):
            wordings = [wordings]
        if not wordings or not all(isinstance(wording, str) and wording for wording in wordings):
            raise self._error(f"there is no {locale!r} reply", "add one", "replies")
        return tuple(wordings)

    def _button(self, button: Any) -> TemplateButton:
        title = button.get("title") if isinstance(button, CommentedMap) else None
        payload = button.get("payload") if isinstance(button, CommentedMap) else None
        if not isinstance(payload, str) or not isinstance(title, CommentedMap):
            raise self._error("a button needs a title and a payload", "add them", "buttons")
        if not all(isinstance(title.get(locale), str) for locale in LOCALES):
            raise self._error("a button needs its title in zh and en", "add it", "buttons")
        return TemplateButton({locale: title[locale] for locale in LOCALES}, payload)

    def _line_of(self, key: str) -> int:
        return int(self._row.lc.key(key)[0]) + 1 if key in self._row else self._line

    def _where(self, key: str) -> str:
        return f"{self._path}:{self._line_of(key)}"

    def _error(self, what: str, remedy: str, key: str = "") -> BadInput:
        where = self._where(key) if key else f"{self._path}:{self._line}"
        return BadInput(what, where=where, remedy=remedy)
