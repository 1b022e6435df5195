"""YAML values that remember where they stand, so that every complaint can name file and line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cs_bot.errors import BadInput


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file; `line` and `column` count from 1, a column of 0 is not known."""

    value: Any
    file: str
    line: int
    column: int = 0
    exact: bool = False
    """Whether complaints name the column, too."""

    @property
    def where(self) -> str:
        """The place as `file:line`."""
        return f"{self.file}:{self.line}"

    @property
    def place(self) -> str:
        """The place for complaints: `file:line`, or `file:line:column`."""
        return f"{self.where}:{self.column}" if self.exact and self.column else self.where

    def wrong(self, what: str, remedy: str) -> BadInput:
        """Return the error that says what is wrong here."""
        return BadInput(what, where=self.place, remedy=remedy)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield keys and values of a mapping; raises `BadInput` when it is none."""
        if self.value is None:
            return
        if not isinstance(self.value, CommentedMap):
            raise self.wrong(f"keys were expected, not {self.value!r}", "write `name: value` lines")
        places = self.value.lc.data or {}
        for key in self.value:
            # merged keys have no place
            line, column = places[key][:2] if key in places else (self.line - 1, self.column - 1)
            yield str(key), Node(self.value[key], self.file, line + 1, column + 1, self.exact)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of a mapping; raises `BadInput` when it is none."""
        return tuple(name for name, _ in self.items())

    def elements(self) -> Iterator[Node]:
        """Yield the elements of a list; raises `BadInput` when it is none."""
        if self.value is None:
            return
        if not isinstance(self.value, CommentedSeq):
            raise self.wrong(f"a list was expected, not {self.value!r}", "write lines with `- `")
        for number, element in enumerate(self.value):
            line, column = self.value.lc.item(number)[:2]
            yield Node(element, self.file, line + 1, column + 1, self.exact)

    def child(self, key: str) -> Node | None:
        """Return the value of one key of a mapping, None where there is none."""
        return next((node for name, node in self.items() if name == key), None)

    def text(self) -> str:
        """Return a value that must be text; raises `BadInput`."""
        if isinstance(self.value, bool | dict | list) or self.value is None:
            raise self.wrong(f"text was expected, not {self.value!r}", "put the words in quotes")
        return str(self.value)

    def flag(self) -> bool:
        """Return a value that must be true or false; raises `BadInput`."""
        if not isinstance(self.value, bool):
            raise self.wrong(f"true or false was expected, not {self.value!r}", "write one of them")
        return bool(self.value)

    def number(self, least: float = -math.inf) -> float:
        """Return a number, no less than `least`; raises `BadInput`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong(f"a number was expected, not {self.value!r}", "write one")
        if not least <= self.value < math.inf:
            raise self.wrong(f"{self.value!r} is out of range", f"write {least:g} or more")
        return float(self.value)

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts; a single text counts as a list of one."""
        if isinstance(self.value, list):
            return tuple(element.text() for element in self.elements())
        return () if self.value is None else (self.text(),)

    def lines(self) -> Iterator[tuple[str, Node]]:
        """Yield the `- ` lines of a block of examples, each with its place."""
        if isinstance(self.value, list):
            for element in self.elements():
                yield _example(element), element
            return
        for place in self._written_lines():
            if place.value.startswith("-"):
                yield place.value[1:].strip(), place

    def stray_lines(self) -> Iterator[Node]:
        """Yield the lines of a block of examples that are none, for they lack their `- `."""
        if not isinstance(self.value, list):
            yield from (place for place in self._written_lines() if place.value[0] != "-")

    def _written_lines(self) -> Iterator[Node]:
        for number, line in enumerate(self.text().splitlines(), self.line + 1):
            stripped = line.strip()
            if stripped and not stripped.startswith("#"):
                yield Node(stripped, self.file, number)


def _example(element: Node) -> str:
    """Return the text of an example that is written as a mapping with metadata, or plainly."""
    written = element.child("text") if isinstance(element.value, dict) else element
    if written is None:
        raise element.wrong("an example lacks its `text`", "add `text:`")
    return written.text().strip().removeprefix("- ").strip()


def read_yaml(path: Path, *, shown: str | None = None) -> Node:
    """Return the root of a YAML file; raises `BadInput` with file, line and remedy."""
    file = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"not UTF-8 at byte {error.start}", where=file, remedy="save the file as UTF-8"
        ) from None
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}",
            where=file,
            remedy="put a file there that this user may read",
        ) from None
    return parse_yaml(text, file)


def parse_yaml(text: str, file: str) -> Node:
    """Return the root of YAML text; raises `BadInput` with file, line and column."""
    try:
        value = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        problem = (error.problem or error.context or "broken").splitlines()[0]
        if isinstance(error, DuplicateKeyError):
            key = problem.partition(" with value ")[0].removeprefix("found duplicate key ")
            what = f"the key {key} stands here for the second time"
            raise BadInput(what, where=place, remedy="keep one of the two") from None
        raise BadInput(
            f"not valid YAML: {problem}", where=place, remedy="check indentation and quotes there"
        ) from None
    except YAMLError as error:
        raise BadInput(
            f"not valid YAML: {str(error).splitlines()[0]}", where=file, remedy="correct it"
        ) from None
    except RecursionError:
        raise BadInput("nested without end", where=file, remedy="nest it less") from None
    return Node(value, file, 1)


def plain(value: Any) -> Any:
    """Return YAML values as built-in dicts, lists and scalars, without their places."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)
