"""Reads the key `apis`: actions that are one HTTP request and need no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cs_bot.stages.task.api import FAILED, Api, Written
from cs_bot.stages.task.environment import masked
from cs_bot.stages.task.rasa.api_outcomes import need_slots, parts_of, read_outcomes
from cs_bot.stages.task.rasa.draft import Draft
from cs_bot.stages.task.rasa.nodes import Node, plain
from cs_bot.stages.task.templates import places_of

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_KEYS = (
    "method",
    "url",
    "query",
    "headers",
    "json",
    "timeout",
    "changes",
    "key",
    "key_header",
    "outcomes",
)
_KEY_HEADER = "Idempotency-Key"
_TIMEOUT = 3.0
_LONGEST_TIMEOUT = 60.0


def read_apis(node: Node, draft: Draft) -> None:
    """Read declared APIs; each is an action by its name. Raises `BadInput`."""
    for name, place in node.items():
        if not re.fullmatch(r"action_\w+", name):
            raise place.wrong(
                f"{name!r} is no name for an API", "begin it with `action_`, as rules name it"
            )
        if name in draft.apis:
            raise place.wrong(f"the API {name!r} is declared twice", "keep one of the two")
        draft.actions.setdefault(name, place)
        draft.placed.setdefault(("action", name), place)
        draft.apis[name] = _api(name, place, draft)


def _api(name: str, node: Node, draft: Draft) -> Api:
    parts = parts_of(node, _KEYS, "key of an API")
    method = _method(parts.get("method"))
    changes = _flag(parts.get("changes"), otherwise=method != "GET")
    outcomes = dict(read_outcomes(parts.get("outcomes"), draft))
    failed = outcomes.pop(FAILED, None)
    return Api(
        name=name,
        method=method,
        url=_url(name, node, parts.get("url"), draft),
        query=_mapping(parts.get("query"), draft),
        headers=_headers(parts.get("headers")),
        json=_json(parts.get("json"), draft),
        timeout_seconds=_seconds(parts.get("timeout")),
        changes=changes,
        key_header=_key_header(parts.get("key_header"), changes=changes),
        key=_key(parts, draft, changes=changes),
        outcomes=tuple(sorted(outcomes.values(), key=lambda outcome: not outcome.when)),
        failed=None if failed is None else failed.say,
    )


def _method(node: Node | None) -> str:
    if node is None:
        return "GET"
    method = node.text().upper()
    if method not in _METHODS:
        raise node.wrong(f"{node.text()!r} is no method", f"write one of {', '.join(_METHODS)}")
    return method


def _flag(node: Node | None, *, otherwise: bool) -> bool:
    if node is None:
        return otherwise
    if not isinstance(node.value, bool):
        raise node.wrong(f"true or false was expected, not {node.value!r}", "write one of them")
    return node.value


def _url(name: str, api: Node, node: Node | None, draft: Draft) -> Written:
    if node is None:
        raise api.wrong(f"the API {name!r} has no url", "add `url: https://HOST/PATH`")
    text = node.text().strip()
    start = masked(text)
    host = re.split(r"[/?#]", start.partition("://")[2] or start)[0]
    if "{" in host:
        raise node.wrong(
            "a slot stands in the host of the url", "let slots stand after it, in path or query"
        )
    if not re.match(r"https?://[^/]|x", start):
        raise node.wrong(f"{text[:60]!r} is no web address", "begin it with https:// or ${NAME}")
    need_slots(start, node, draft)
    return Written(text, node.where)


def _mapping(node: Node | None, draft: Draft) -> dict[str, Any]:
    if node is None:
        return {}
    for name, value in node.items():
        if isinstance(value.value, dict):
            raise value.wrong(
                f"a table stands in the query as {name!r}", "write a text, a number or a list"
            )
        need_slots(plain(value.value), value, draft)
    filled: dict[str, Any] = plain(node.value)
    return filled


def _headers(node: Node | None) -> dict[str, Written]:
    if node is None:
        return {}
    headers = {}
    for name, value in node.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
            raise value.wrong(f"{name!r} is no name of a header", "write a name such as X-Shop")
        if any(places_of(masked(value.text()))):
            raise value.wrong(
                f"a slot stands in the header {name!r}", "send it in path, query or body"
            )
        headers[name] = Written(value.text(), value.where)
    return headers


def _json(node: Node | None, draft: Draft) -> Any:
    if node is None:
        return None
    body = plain(node.value)
    need_slots(body, node, draft)
    return body


def _seconds(node: Node | None) -> float:
    if node is None:
        return _TIMEOUT
    value = node.value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value <= _LONGEST_TIMEOUT:
        raise node.wrong(
            f"{value!r} is no timeout", f"write seconds, more than 0 and up to {_LONGEST_TIMEOUT:g}"
        )
    return float(value)


def _key_header(node: Node | None, *, changes: bool) -> str | None:
    if node is None:
        return _KEY_HEADER if changes else None
    if node.value is False:
        return None
    if not changes:
        raise node.wrong("a key_header where nothing is changed", "remove it, or set changes: true")
    return node.text()


def _key(parts: Mapping[str, Node], draft: Draft, *, changes: bool) -> str | None:
    node = parts.get("key")
    if node is None:
        return None
    header = parts.get("key_header")
    if not changes or (header is not None and header.value is False):
        raise node.wrong("a key that is not sent", "remove it, or set changes: true and key_header")
    need_slots(node.text(), node, draft)
    return node.text()
