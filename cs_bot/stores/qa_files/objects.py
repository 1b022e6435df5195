"""Reads JSON: one object a line, a list of objects, or an object with such a list as `data`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cs_bot.errors import BadInput
from cs_bot.stores.qa_files.problems import Unusable

Objects = Iterator[tuple[int, dict[str, Any] | Unusable]]

SUFFIXES = (".jsonl", ".json", ".ndjson")
_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
_DATA = re.compile(r'"data"[ \t\r\n]*:[ \t\r\n]*(?=\[)')
_DECODER = json.JSONDecoder()


def read_objects(path: Path, text: str) -> Objects:
    """Yield each object with its line; raises `BadInput` for a list that is broken."""
    start = _list_start(text)
    return _lines(text) if start is None else _items(path, text, start)


def _list_start(text: str) -> int | None:
    """Return where the list of objects begins, or None when there is an object a line."""
    first = _match_end(_SPACE, text, 0)
    if text[first : first + 1] == "[":
        return first
    data = _DATA.search(text)
    if data is None or text[first : first + 1] != "{":
        return None
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data.end() if isinstance(whole.get("data"), list) else None


def _lines(text: str) -> Objects:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _object(line)


def _object(line: str) -> dict[str, Any] | Unusable:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unusable(f"not valid JSON: {error}", "correct the line", line)
    return _checked(value)


def _checked(value: Any) -> dict[str, Any] | Unusable:
    if isinstance(value, dict):
        return value
    remedy = 'write {"id": ..., "question": ..., "answer": ...}'
    return Unusable("not a JSON object", remedy, json.dumps(value, ensure_ascii=False))


def _items(path: Path, text: str, start: int) -> Objects:
    line, counted = 1, 0
    at = _match_end(_SPACE, text, start + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"not valid JSON: {error}", where=f"{path}:{line}", remedy="correct the list"
            ) from None
        yield line, _checked(value)
        at = _match_end(_BETWEEN, text, end)
    if start == _match_end(_SPACE, text, 0) and text[at + 1 :].strip():
        raise BadInput(
            "something follows the list",
            where=f"{path}:{text.count(chr(10), 0, at) + 1}",
            remedy="write one list, or one object a line",
        )


def _match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
