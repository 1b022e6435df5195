"""Talks to any OpenAI-compatible endpoint over plain HTTP: one try more when that is safe."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx

from cs_bot.errors import BadInput, ServiceFailed
from cs_bot.llm.client import ChatMessage, Completion

_SERVICE = "language model"
_MOST_BYTES = 1_000_000
_DEFAULT_WAIT_SECONDS = 0.5


class OpenAICompatible:
    """An LLM behind `{url}/chat/completions`; `url` ends where the provider's paths begin (`/v1`).

    A call that could not connect, or was answered 429 or 5xx, is made once more, after the time the
    endpoint asked for where that is short enough.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        api_key: str = "",
        timeout_seconds: float = 30.0,
        most_wait_seconds: float = 2.0,
        client: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise BadInput(
                f"{url!r} is no web address", where="[llm] url", remedy="begin it with https://"
            )
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key.strip()}"} if api_key else {}
        self._timeout_seconds = timeout_seconds
        self._most_wait_seconds = most_wait_seconds
        self._client = client or httpx.AsyncClient(timeout=timeout_seconds)
        self._sleep = sleep

    async def complete(
        self, messages: Sequence[ChatMessage], *, temperature: float, max_tokens: int
    ) -> Completion:
        """Return the model's next message within the timeout, the second try included.

        Raises `ServiceFailed`, retryable where trying later may help.
        """
        body = {
            "model": self._model,
            "messages": [{"role": item.role, "content": item.content} for item in messages],
            "temperature": temperature,
            "max_tokens": max_tokens,
        }
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return _completion(await self._answer(body))
        except TimeoutError:
            raise ServiceFailed(
                _SERVICE, f"no answer within {self._timeout_seconds:g} s", retryable=True
            ) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _answer(self, body: Mapping[str, Any]) -> bytes:
        try:
            return await self._post(body)
        except _TryAgain as error:
            await self._sleep(error.wait_seconds)
        try:
            return await self._post(body)
        except _TryAgain as error:
            raise ServiceFailed(_SERVICE, error.why, retryable=True) from None

    async def _post(self, body: Mapping[str, Any]) -> bytes:
        """Return the body of a good answer; raises `_TryAgain` or `ServiceFailed`."""
        try:
            async with self._client.stream(
                "POST", self._url, json=body, headers=self._headers
            ) as response:
                if response.status_code == httpx.codes.OK:
                    return await _limited(response)
                raise self._refusal(response)
        except httpx.ConnectError:
            raise _TryAgain("cannot be reached", _DEFAULT_WAIT_SECONDS) from None
        except httpx.TimeoutException:
            raise TimeoutError from None
        except httpx.HTTPError as error:
            why = f"the connection broke ({type(error).__name__})"
            raise ServiceFailed(_SERVICE, why, retryable=True) from None

    def _refusal(self, response: httpx.Response) -> Exception:
        status = response.status_code
        why = f"answered {status} {response.reason_phrase}".rstrip()
        if status != httpx.codes.TOO_MANY_REQUESTS and not response.is_server_error:
            return ServiceFailed(_SERVICE, why)
        wait_seconds = _retry_after(response.headers.get("Retry-After"))
        if wait_seconds > self._most_wait_seconds:
            return ServiceFailed(_SERVICE, why, retryable=True)
        return _TryAgain(why, wait_seconds)


class _TryAgain(Exception):
    """The call did not harm and may be made again."""

    def __init__(self, why: str, wait_seconds: float) -> None:
        super().__init__(why)
        self.why = why
        self.wait_seconds = wait_seconds


def _retry_after(header: str | None) -> float:
    """Return the seconds a `Retry-After` header asks for; a date is not worth its clock."""
    try:
        return max(0.0, float(header or _DEFAULT_WAIT_SECONDS))
    except ValueError:
        return _DEFAULT_WAIT_SECONDS


async def _limited(response: httpx.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            raise ServiceFailed(_SERVICE, f"sent more than {_MOST_BYTES} bytes")
    return body


def _completion(body: bytes) -> Completion:
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        text = choice["message"]["content"] or ""
        usage = answer.get("usage") or {}
        return Completion(
            text=str(text),
            tokens_in=int(usage.get("prompt_tokens", 0)),
            tokens_out=int(usage.get("completion_tokens", 0)),
            finish=str(choice.get("finish_reason") or "stop"),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ServiceFailed(_SERVICE, "its answer is no chat completion") from None
