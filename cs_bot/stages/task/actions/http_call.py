"""One bounded HTTP call; whatever goes wrong becomes an `ActionFailed` that says what."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from typing import Any

import httpx

from cs_bot.stages.task.actions.failures import ActionFailed

MOST_BYTES = 1_000_000
"""Of an answer, unpacked."""
_CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer, and how long the other side asked to be left alone."""

    status: int
    body: bytes
    wait_seconds: float = 0.0


def http_client(*, secure: bool, cafile: str = "") -> httpx.AsyncClient:
    """Return a client for calls of actions; `secure` where any of its addresses is https.

    Reading the trusted roots takes longer than many a call, so a client that needs none has none.
    """
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if secure:
        tls = ssl.create_default_context(cafile=cafile) if cafile else httpx.create_ssl_context()
    return httpx.AsyncClient(verify=tls, trust_env=False, follow_redirects=False)


async def exchange(
    client: httpx.AsyncClient,
    action: str,
    method: str,
    url: str,
    *,
    timeout_seconds: float,
    **request: Any,
) -> Answer:
    """Send a request and return the answer, of any status; raises `ActionFailed`.

    `request` is what `httpx.AsyncClient.build_request` takes.
    """
    timeout = httpx.Timeout(timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds))
    try:
        built = client.build_request(method, url, timeout=timeout, **request)
        async with asyncio.timeout(timeout_seconds):  # httpx limits each pause, not their sum
            return await _sent(client, action, built)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise ActionFailed(action, "cannot be reached", "unreachable", reached=False) from None
    except (TimeoutError, httpx.TimeoutException):
        why = f"no answer within {timeout_seconds:g} s"
        raise ActionFailed(action, why, "late") from None
    except (
        httpx.LocalProtocolError,
        httpx.InvalidURL,
        httpx.UnsupportedProtocol,
        ValueError,
    ) as error:
        why = f"cannot be asked ({type(error).__name__})"
        raise ActionFailed(action, why, "broken", reached=False, retryable=False) from None
    except httpx.HTTPError as error:
        why = f"the connection broke ({type(error).__name__})"
        raise ActionFailed(action, why, "broken") from None


async def _sent(client: httpx.AsyncClient, action: str, request: httpx.Request) -> Answer:
    response = await client.send(request, stream=True)
    try:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                why = f"its answer is longer than {MOST_BYTES} bytes"
                raise ActionFailed(action, why, "broken", retryable=False)
    finally:
        await response.aclose()
    return Answer(response.status_code, bytes(body), _seconds(response.headers.get("Retry-After")))


def failure_of(action: str, answer: Answer) -> ActionFailed:
    """Return what an answer of an unexpected status means."""
    why = f"answered {answer.status} {httpx.codes.get_reason_phrase(answer.status)}".rstrip()
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:  # refused, so nothing was done
        return ActionFailed(action, why, "busy", reached=False, wait_seconds=answer.wait_seconds)
    if answer.status >= 500:
        return ActionFailed(action, why, "broken", wait_seconds=answer.wait_seconds)
    return ActionFailed(action, why, "broken", retryable=False)


def json_of(action: str, answer: Answer) -> Any:
    """Return the JSON value of an answer; raises `ActionFailed`."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ActionFailed(action, "its answer is no JSON", "broken", retryable=False) from None


def _seconds(header: str | None) -> float:
    """Return the seconds a `Retry-After` header asks for; a date is not worth its clock."""
    try:
        seconds = float(header or 0)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < 3600 else 0.0
