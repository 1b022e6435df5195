"""Places in a JSON value: `state`, `last_scan.place`, `items[0].price`, `name.{locale}`; pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

JsonPath = tuple[str | int, ...]
"""Names and indexes from the outside in; empty is the whole value."""

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[(-?[0-9]{1,9})\]")


def parse_path(text: str) -> JsonPath:
    """Read a path; raises `ValueError` where it is none. `$` alone is the whole value."""
    written = text.strip()
    if written == "$":
        return ()
    written = written.removeprefix("$.")
    if written.startswith("$["):
        written = written[1:]
    steps: list[str | int] = []
    end = 0
    for step in _STEP.finditer(written):
        if step.start() != end:
            break
        steps.append(step[1] if step[1] is not None else int(step[2]))
        end = step.end()
    if not steps or end != len(written) or written.startswith("."):
        raise ValueError(f"{text!r} is no path")
    return tuple(steps)


def value_at(value: Any, path: JsonPath, filled: Callable[[str], str]) -> Any:
    """Return what lies there, None where nothing does; `filled` replaces `{slot}` in names."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if _reaches(value, step) else None
        else:
            value = value.get(filled(step)) if isinstance(value, dict) else None
    return value


def _reaches(value: Any, index: int) -> bool:
    return isinstance(value, list) and -len(value) <= index < len(value)
