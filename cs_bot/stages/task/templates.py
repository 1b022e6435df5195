"""Fills `{slot}` into addresses, texts and JSON; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")


class EmptyPlace(Exception):
    """A place for which there is no value."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} has no value")


def places_of(template: Any) -> Iterator[str]:
    """Yield the names in a template, whatever lists and tables it is made of."""
    if isinstance(template, str):
        yield from (found[1] for found in _PLACE.finditer(template))
    elif isinstance(template, dict):
        for item in template.values():
            yield from places_of(item)
    elif isinstance(template, list):
        for item in template:
            yield from places_of(item)


def filled_url(template: str, values: Mapping[str, Any]) -> str:
    """Return an address, each value quoted as one piece of it; raises `EmptyPlace`."""
    return _filled(template, values, lambda text: quote(text.encode("utf-8", "replace"), safe=""))


def filled_text(template: str, values: Mapping[str, Any]) -> str:
    """Return a text; raises `EmptyPlace`."""
    return _filled(template, values, str)


def filled_json(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a JSON value; a text that is one place only becomes the value itself, None too."""
    if isinstance(template, str):
        alone = _PLACE.fullmatch(template)
        return values.get(alone[1]) if alone else filled_text(template, values)
    if isinstance(template, dict):
        return {name: filled_json(item, values) for name, item in template.items()}
    if isinstance(template, list):
        return [filled_json(item, values) for item in template]
    return template


def filled_query(template: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of an address; one without a value is left out."""
    filled = filled_json(dict(template), values)
    return {name: as_text(value) for name, value in filled.items() if value is not None}


def as_text(value: Any) -> str:
    """Return a value as services expect it in a text: `true`, not `True`; lists with commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ",".join(map(as_text, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def _filled(template: str, values: Mapping[str, Any], put: Callable[[str], str]) -> str:
    def value_of(place: re.Match[str]) -> str:
        value = values.get(place[1])
        if value is None or value == "":
            raise EmptyPlace(place[1])
        return put(as_text(value))

    return _PLACE.sub(value_of, template)
