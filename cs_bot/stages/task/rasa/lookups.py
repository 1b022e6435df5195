"""Reads lookups: words by which an entity is found, from the YAML or from a file beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cs_bot.stages.task.project import Pattern
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node

_FILES = (".txt", ".csv")


def read_lookup(name: Node, element: Node, draft: Draft) -> None:
    """Read a lookup into the draft: `examples`, or the lines of the file that is named instead."""
    written = next(
        (node for key in ("examples", "elements", "file") if (node := element.child(key))), None
    )
    if written is None:
        raise name.wrong(f"{name.text()!r} has no examples", "add `examples: |`")
    note_lookup(name.text(), written, draft)


def note_lookup(name: str, written: Node, draft: Draft) -> None:
    """Take words of an entity into the draft as one pattern, the longest words first."""
    words = {word for word in _words(name, written, draft) if word}
    if words:
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        expression = "|".join(_bounded(word) for word in longest_first)
        draft.patterns.append(Pattern(name, expression, written.where))


def _words(name: str, written: Node, draft: Draft) -> Iterator[str]:
    file = _file_named(written)
    if file is None:
        draft.note_stray(written)
        yield from (line for line, _ in written.lines())
        return
    for path in _places(written, file, draft):
        if path.is_file():
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            yield from (line.strip() for line in text.splitlines())
            return
    draft.remark(
        written,
        f"there is no file {file!r}",
        f"the lookup {name!r} finds nothing",
        "put the file there, or the words under `examples: |`",
    )


def _file_named(written: Node) -> str | None:
    """Return the file that stands in place of words: one line that ends as a file's name does."""
    if isinstance(written.value, list):
        return None
    lines = [line.strip() for line in written.text().splitlines() if line.strip()]
    words = lines[0].removeprefix("- ").strip() if len(lines) == 1 else ""
    return words if words.lower().endswith(_FILES) else None


def _places(written: Node, file: str, draft: Draft) -> Iterator[Path]:
    """Yield where a file may lie: beside the YAML, and where the whole project does."""
    for folder in (draft.files.get(written.file), draft.directory):
        if folder is not None:
            yield folder / file


def _bounded(word: str) -> str:
    """Return the pattern of a word that, where it is written in Latin letters, stands alone."""
    return "".join(_bounds(word))


def _bounds(word: str) -> Iterator[str]:
    latin = r"[0-9A-Za-z]"
    yield f"(?<!{latin})" if re.match(latin, word) else ""
    yield re.escape(word)
    yield f"(?!{latin})" if re.match(latin, word[-1]) else ""
