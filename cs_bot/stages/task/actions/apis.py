"""Runs declared API actions: one HTTP request each, its answer turned into slots and words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from cs_bot.errors import BadInput
from cs_bot.stages.task.actions.execution import key_of
from cs_bot.stages.task.actions.failures import ActionFailed
from cs_bot.stages.task.actions.http_call import Answer, exchange, failure_of, http_client, json_of
from cs_bot.stages.task.actions.outcome import ActionOutcome, outcome_of
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.actions.server import is_web_address
from cs_bot.stages.task.api import Api, ApiOutcome
from cs_bot.stages.task.environment import expanded
from cs_bot.stages.task.json_path import JsonPath, value_at
from cs_bot.stages.task.templates import (
    EmptyPlace,
    filled_json,
    filled_query,
    filled_text,
    filled_url,
)

_LONGEST_KEY = 200


class ApiActions:
    """The declared APIs of a project; addresses and secrets come from the environment."""

    def __init__(
        self,
        apis: Mapping[str, Api],
        responses: Collection[str],
        environment: Mapping[str, str],
    ) -> None:
        self._apis = dict(apis)
        self._responses = responses
        self._urls = {name: _url(api, environment) for name, api in apis.items()}
        self._headers = {name: _headers(api, environment) for name, api in apis.items()}
        secure = any(url.startswith("https:") for url in self._urls.values())
        self._client = http_client(secure=secure)
        self.names = frozenset(apis)

    def facts(self, name: str) -> ActionFacts:
        """Return what the declaration says; a change may be repeated where it carries a key."""
        api = self._apis[name]
        repeatable = not api.changes or api.key_header is not None
        return ActionFacts(changes=api.changes, idempotent=repeatable)

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        """Send the request once; raises `ActionFailed` with the words its author chose."""
        api = self._apis[name]
        try:
            answer = await self._answer(api, tracker)
            return self._outcome(api, answer, tracker)
        except ActionFailed as failure:
            failure.response = api.failed
            raise

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _answer(self, api: Api, tracker: Mapping[str, Any]) -> Answer:
        slots = tracker["slots"]
        try:
            url = _with_query(filled_url(self._urls[api.name], slots), api, slots)
            content = _content(api, slots)
            key = _key(api, tracker)
        except EmptyPlace as empty:
            raise _not_asked(api, f"the slot {empty}") from None
        if any(piece in (".", "..") for piece in urlsplit(url).path.split("/")):
            raise _not_asked(api, "a slot would lead to another path of the service")
        headers = {**self._headers[api.name], **key}
        return await exchange(
            self._client,
            api.name,
            api.method,
            url,
            timeout_seconds=api.timeout_seconds,
            headers=headers,
            content=content,
        )

    def _outcome(self, api: Api, answer: Answer, tracker: Mapping[str, Any]) -> ActionOutcome:
        slots = tracker["slots"]
        kind = _kind(api, answer, slots)
        if kind is None:
            raise failure_of(api.name, answer)
        body = json_of(api.name, answer) if kind.reads_body else None
        kept = {name: _found(body, path, slots) for name, path in kind.slots.items()}
        shown = {name: _found(body, path, slots) for name, path in kind.values.items()}
        say = self._response(api, kind, {**slots, **kept, **shown})
        filled = {**kept, **dict.fromkeys(kind.ask_again)}
        events = [{"event": "slot", "name": name, "value": value} for name, value in filled.items()]
        said = [] if say is None else [{**kept, **shown, "response": say}]
        outcome = outcome_of(api.name, events, said)
        return replace(outcome, asks_again=bool(kind.ask_again))

    def _response(self, api: Api, kind: ApiOutcome, values: Mapping[str, Any]) -> str | None:
        """Return the response to be said; raises `ActionFailed` where the answer names none."""
        if kind.say is None:
            return None
        try:
            say = filled_text(kind.say, values)
        except EmptyPlace as empty:
            why = f"its answer lacks what {kind.say} needs: {empty}"
            raise ActionFailed(api.name, why, "broken", retryable=False) from None
        if say not in self._responses:
            why = f"its answer calls for the response {say[:80]}, which does not exist"
            raise ActionFailed(api.name, why, "broken", retryable=False)
        return say


def _not_asked(api: Api, why: str) -> ActionFailed:
    return ActionFailed(
        api.name, f"{why}; it was not sent", "broken", reached=False, retryable=False
    )


def _with_query(url: str, api: Api, slots: Mapping[str, Any]) -> str:
    """Return the address with the query after what it has of its own; raises `EmptyPlace`."""
    query = urlencode(filled_query(api.query, slots), errors="replace")
    if not query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"


def _content(api: Api, slots: Mapping[str, Any]) -> bytes | None:
    """Return the body; raises `EmptyPlace`."""
    if api.json is None:
        return None
    return json.dumps(filled_json(api.json, slots), default=str).encode()


def _key(api: Api, tracker: Mapping[str, Any]) -> dict[str, str]:
    """Return the header with the idempotency key; raises `EmptyPlace`."""
    if api.key_header is None:
        return {}
    key = key_of(tracker) if api.key is None else filled_text(api.key, tracker["slots"])
    if not (key.isascii() and key.isprintable() and len(key) <= _LONGEST_KEY):
        key = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return {api.key_header: key}


def _kind(api: Api, answer: Answer, slots: Mapping[str, Any]) -> ApiOutcome | None:
    """Return the first kind of answer that this is one of."""
    for kind in api.outcomes:
        if kind.has_status(answer.status) and _holds(api, kind, answer, slots):
            return kind
    return None


def _holds(api: Api, kind: ApiOutcome, answer: Answer, slots: Mapping[str, Any]) -> bool:
    if not kind.when:
        return True
    body = json_of(api.name, answer)
    return all(_found(body, path, slots) == wanted for path, wanted in kind.when)


def _found(body: Any, path: JsonPath, slots: Mapping[str, Any]) -> Any:
    def filled(name: str) -> str:
        try:
            return filled_text(name, slots)
        except EmptyPlace:
            return ""

    return value_at(body, path, filled)


def _url(api: Api, environment: Mapping[str, str]) -> str:
    """Return the address, its places not yet filled; raises `BadInput`."""
    url = expanded(api.url.text, api.url.where, environment)
    if not is_web_address(url):
        raise BadInput(
            f"the url of {api.name} is no web address",
            where=api.url.where,
            remedy="let it begin with http:// or https:// and a host, its variables included",
        )
    return url


def _headers(api: Api, environment: Mapping[str, str]) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if api.json is not None:
        headers["Content-Type"] = "application/json"
    for name, written in api.headers.items():
        value = expanded(written.text, written.where, environment)
        if not (value.isascii() and value.isprintable()):
            raise BadInput(
                f"the header {name!r} holds characters that no header has",
                where=written.where,
                remedy="set its variable to printable ASCII alone",
            )
        headers[name] = value
    return headers
