"""Runs the actions of an action server over rasa-sdk's `/webhook`, as Rasa 3.6 does."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from cs_bot.stages.task.actions.execution import key_of
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.http_call import Answer, exchange, failure_of, http_client, json_of
from cs_bot.stages.task.actions.outcome import ActionOutcome, outcome_of
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.actions.server import ActionServer

log = logging.getLogger(__name__)

_VERSION = "3.6.21"
"""The Rasa whose requests these are; a server of rasa-sdk compares it with its own."""
_NO_DOMAIN_YET = 449
_LIST_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 60.0
_SOON_AGAIN_SECONDS = 5.0
_MOST_LISTED = 10_000


class RemoteActions:
    """The actions of one server.

    They are those that its `GET /actions` lists; as long as it does not answer, those that the
    domain declares and no code here has.
    """

    def __init__(
        self,
        server: ActionServer,
        domain: Mapping[str, Any],
        declared: frozenset[str],
        *,
        timeout_seconds: float,
        deflate: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._server = server
        self._domain = dict(domain)
        self._digest = _digest(self._domain)
        self._declared = declared
        self._listed: frozenset[str] | None = None
        self._timeout_seconds = timeout_seconds
        self._deflate = deflate
        self._sleep = sleep
        self._told = ""
        secure = server.url.startswith("https:")
        self._client = http_client(secure=secure, cafile=server.cafile)
        if server.login:
            self._client.auth = httpx.BasicAuth(*server.login)

    @property
    def names(self) -> frozenset[str]:
        """The actions that the server has, as far as it is known."""
        return self._declared if self._listed is None else self._listed

    def facts(self, name: str) -> ActionFacts:  # noqa: ARG002 - the settings know, not the server
        """Return nothing: a server does not tell what its actions do."""
        return ActionFacts()

    async def follow(self) -> None:
        """Keep the list of actions up to date for ever: servers come late and learn more."""
        while True:
            known = await self.learn_names()
            await self._sleep(_LOOK_AGAIN_SECONDS if known else _SOON_AGAIN_SECONDS)

    async def learn_names(self) -> bool:
        """Ask the server which actions it has; False, and all as it was, where it does not say."""
        try:
            names = await self._listing()
        except ActionFailed as failure:
            self._tell(failure.why)
            return False
        if names is None:
            self._tell("lists no actions")
            return False
        lacking = ", ".join(sorted(self._declared - names))
        self._tell(f"lacks what the domain declares: {lacking}" if lacking else "")
        self._listed = names
        return True

    async def _listing(self) -> frozenset[str] | None:
        asked = "GET /actions"
        answer = await self._exchange(asked, "GET", self._server.actions, _LIST_SECONDS)
        return _names(json_of(asked, answer)) if answer.status == httpx.codes.OK else None

    def _tell(self, what: str) -> None:
        """Log what is wrong with the server, once as long as it stays so."""
        if what and what != self._told:
            log.warning("the action server %s %s", self._server.host, what)
        self._told = what

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        """Run one action; raises `ActionFailed` or `ActionRejected`."""
        call = {
            "next_action": name,
            "sender_id": tracker["sender_id"],
            "version": _VERSION,
            "domain_digest": self._digest,
            "tracker": tracker,
        }
        answer = await self._posted(name, call)
        if answer.status == _NO_DOMAIN_YET:
            answer = await self._posted(name, {**call, "domain": self._domain})
        if answer.status == httpx.codes.NOT_FOUND:
            await self.learn_names()
        return self._outcome(name, answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _posted(self, name: str, call: Mapping[str, Any]) -> Answer:
        body = json.dumps(call, ensure_ascii=False, default=str).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}
        key = key_of(call["tracker"])
        if key:
            headers["Idempotency-Key"] = key
        if self._deflate:
            body = zlib.compress(body)
            headers["Content-Encoding"] = "deflate"
        return await self._exchange(
            name,
            "POST",
            self._server.webhook,
            self._timeout_seconds,
            content=body,
            headers=headers,
        )

    async def _exchange(
        self,
        action: str,
        method: str,
        url: str,
        timeout_seconds: float,
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> Answer:
        return await exchange(
            self._client,
            action,
            method,
            url,
            timeout_seconds=timeout_seconds,
            headers={**(headers or {}), **self._server.headers},
            params=_with_params(url, self._server.params),
            **request,
        )

    def _outcome(self, name: str, answer: Answer) -> ActionOutcome:
        match answer.status:
            case 200:
                return _read(name, json_of(name, answer))
            case 400 if _is_about_an_action(answer):
                raise ActionRejected(f"the action {name} does not apply here")
            case 404 if _is_about_an_action(answer):
                why = f"the action server {self._server.host} has no action of this name"
                raise ActionFailed(name, why, "unknown", reached=False)
            case 404:
                why = f"nothing is at the path of its url on {self._server.host}"
                raise ActionFailed(name, why, "unknown", reached=False)
            case 449:
                raise ActionFailed(name, "the server asks for the domain again and again", "broken")
            case _:
                raise failure_of(name, answer)


def _with_params(url: str, params: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the parameters to send; httpx drops those of the address where any are given."""
    return {**dict(httpx.URL(url).params), **params} if params else None


def _read(name: str, result: Any) -> ActionOutcome:
    if result is None:
        return ActionOutcome()
    if not isinstance(result, dict):
        raise ActionFailed(name, "its answer is not an object", "broken", retryable=False)
    return outcome_of(name, result.get("events"), result.get("responses"))


def _is_about_an_action(answer: Answer) -> bool:
    """Tell whether rasa-sdk says this of the action, not the web server of its address."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and "action_name" in said


def _names(listed: Any) -> frozenset[str] | None:
    if not isinstance(listed, list) or len(listed) > _MOST_LISTED:
        return None
    named = (entry.get("name") for entry in listed if isinstance(entry, dict))
    return frozenset(name for name in named if isinstance(name, str))


def _digest(domain: Mapping[str, Any]) -> str:
    written = json.dumps(domain, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:32]
