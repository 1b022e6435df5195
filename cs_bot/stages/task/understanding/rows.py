"""Reads labelled messages from JSON Lines, and from the `nlu` key of Rasa YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.stages.task.project import Example, Mention
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import read_yaml
from cs_bot.stages.task.rasa.training import read_training
from cs_bot.stages.task.understanding.labelled import Act, Labelled


def read_labelled(*paths: Path) -> list[Labelled]:
    """Return the messages of all files; raises `BadInput` with file, line, field, remedy."""
    rows = [row for path in paths for row in _rows(path)]
    if not rows:
        files = ", ".join(map(str, paths))
        raise BadInput("there are no messages", where=files, remedy="write one message a line")
    return rows


def _rows(path: Path) -> Iterator[Labelled]:
    if path.suffix.lower() in (".yml", ".yaml"):
        yield from _rasa(path)
        return
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            yield _Row(line, f"{path}:{number}").labelled()


def _rasa(path: Path) -> Iterator[Labelled]:
    draft = Draft()
    node = read_yaml(path).child("nlu")
    if node is None:
        raise BadInput("there is no `nlu` key", where=str(path), remedy="name a file of examples")
    read_training(node, draft)
    for example, _ in draft.examples:
        yield of_example(example)


def of_example(example: Example) -> Labelled:
    """Return an example of a Rasa project as a labelled message."""
    return Labelled(example.text, (example.intent,), example.entities)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="check the path"
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"not UTF-8 at byte {error.start}", where=str(path), remedy="save it as UTF-8"
        ) from None


class _Row:
    """One line of JSON; every complaint names its place and its field."""

    def __init__(self, line: str, where: str) -> None:
        self._where = where
        try:
            self._row = json.loads(line)
        except ValueError as error:
            raise BadInput(f"not valid JSON: {error}", where=where, remedy="correct it") from None
        if not isinstance(self._row, dict):
            raise self._wrong("not a JSON object", 'write {"text": ..., "intent": ...}')

    def labelled(self) -> Labelled:
        text = self._row.get("text")
        if not isinstance(text, str):
            raise self._wrong("the field `text` is missing or no text", "write the message there")
        before = self._row.get("prev")
        return Labelled(
            text,
            self._intents(),
            self._spans(text),
            self._acts(),
            "intents" in self._row,
            before if isinstance(before, str) else "",
        )

    def _intents(self) -> tuple[str, ...] | None:
        if "intents" in self._row:
            names = self._list("intents")
            if not all(isinstance(name, str) for name in names):
                raise self._wrong("the field `intents` holds what is no text", "list names")
            return tuple(names)
        if "intent" not in self._row:
            return None
        intent = self._row["intent"]
        if intent is not None and not isinstance(intent, str):
            raise self._wrong(
                "the field `intent` is no text", "write a name, or null for out of scope"
            )
        return (intent,) if intent else ()

    def _spans(self, text: str) -> tuple[Mention, ...] | None:
        if self._row.get("slots") is None:
            return None
        return tuple(self._span(item, text) for item in self._list("slots"))

    def _span(self, item: Any, text: str) -> Mention:
        if not isinstance(item, dict) or not isinstance(item.get("slot"), str):
            raise self._wrong("the field `slots` holds what is no slot", 'write {"slot": ...}')
        start, end = _place(item.get("start")), _place(item.get("end"))
        if not 0 <= start < end <= len(text):
            raise self._wrong(
                f"the field `slots` has no place in the text for {item['slot']!r}",
                "write `start` and `end`, counted in characters from 0",
            )
        return Mention(item["slot"], item.get("value", text[start:end]), start, end)

    def _acts(self) -> tuple[Act, ...] | None:
        if self._row.get("acts") is None:
            return None
        acts = self._list("acts")
        if not all(isinstance(act, list) and len(act) == len(_ACT) for act in acts):
            raise self._wrong("the field `acts` holds what is no act", f"write [{', '.join(_ACT)}]")
        return tuple((str(a), str(d), str(s), str(v)) for a, d, s, v in acts)

    def _list(self, field: str) -> list[Any]:
        value = self._row[field]
        if not isinstance(value, list):
            raise self._wrong(f"the field `{field}` is no list", "write [...]")
        return value

    def _wrong(self, what: str, remedy: str) -> BadInput:
        return BadInput(what, where=self._where, remedy=remedy)


_ACT = ("act", "domain", "slot", "value")


def _place(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
