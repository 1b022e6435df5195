"""An encoder behind any OpenAI-compatible `/embeddings`; synchronous, for a lane's thread.

A customer's query is tried once and briefly, and not at all while the endpoint is known to be
down: the other legs answer instead. A base is worth waiting for, unless the last answer failed:
then one brief attempt tells whether it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from cs_bot.errors import BadInput, EncoderDown
from cs_bot.models.embedding_answers import read_vectors
from cs_bot.models.encoders import Vectors

if TYPE_CHECKING:
    import httpx

QUERY_SECONDS = 2.0
"""The longest that a query waits for its vector."""
RESTING_SECONDS = 5.0
"""After a failed query no other one asks for this long."""

_FAULTS_OF_THE_TEXT = (400, 413, 422)
"""One customer's odd text must not silence the endpoint for the others."""
_BATCH = 64
_WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0)
_LONGEST_WAIT_SECONDS = 30.0
_MOST_CHARACTERS = 4000
"""Of a text that are sent: endpoints refuse what exceeds their window, often 8,192 tokens."""
_MOST_BYTES = 64_000_000


class OpenAIEncoder:
    """A model behind `{url}/embeddings`; `url` ends where the provider's paths begin (`/v1`).

    With `dimensions` the model is asked for rows of that width; without, the first answer tells.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        api_key: str = "",
        dimensions: int = 0,
        timeout_seconds: float = 30.0,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import httpx  # takes 0.1 s, which a bot without this encoder need not spend

        self._host = _host(url)
        self._url = f"{url.rstrip('/')}/embeddings"
        self._asked = {"model": model} | ({"dimensions": dimensions} if dimensions else {})
        self._width = dimensions
        # The host too: servers call unlike models by one name, and their vectors must not mix.
        self.name = f"openai:{self._host}:{model}:{dimensions or 'own'}"
        self._timeout_seconds = timeout_seconds
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait  # a bot that stops does not sit a pause out
        self._clock = clock
        self._resting_until = -float("inf")
        self._down, self._why = False, ""
        self._client = httpx.Client(headers=_authorization(api_key))

    @property
    def dimensions(self) -> int:
        """The width of a row; asks the endpoint where it is not known yet, so may raise."""
        if not self._width:
            (self._briefly if self._down else self._batch)(["."])
        return self._width

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (texts, dimensions), rows of length 1; raises `EncoderDown`.

        A single text is taken for a query. More are a base, tried again while the endpoint is busy.
        """
        if len(texts) == 1:
            return self.encode_queries(texts)
        if self._down and texts:
            self.check()
        starts = range(0, len(texts), _BATCH)
        rows = [self._batch(texts[start : start + _BATCH]) for start in starts]
        return np.concatenate([np.zeros((0, self.dimensions), dtype=np.float32), *rows])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what customers wait for: one short attempt, none while the endpoint rests."""
        if self._clock() < self._resting_until:
            why = f"failed just now and is left alone ({self._why})"
            raise EncoderDown(self._host, why, retryable=True)
        return self._briefly(texts)

    def check(self) -> None:
        """Ask once and briefly whether the endpoint answers; raises `EncoderDown`."""
        self._briefly(["."])

    def close(self) -> None:
        """Close the connections; who waits for vectors hears `EncoderDown`."""
        self._closed.set()
        self._client.close()

    def _briefly(self, texts: Sequence[str]) -> Vectors:
        try:
            vectors = self._once(texts, min(QUERY_SECONDS, self._timeout_seconds))
        except EncoderDown as error:
            if error.status not in _FAULTS_OF_THE_TEXT:
                self._down, self._why = True, error.why
                self._resting_until = self._clock() + RESTING_SECONDS
            raise
        self._down, self._resting_until = False, -float("inf")
        return vectors

    def _batch(self, texts: Sequence[str]) -> Vectors:
        """Encode part of a base, again after a pause while that may help."""
        for wait_seconds in _WAITS_SECONDS:
            try:
                return self._once(texts, self._timeout_seconds)
            except EncoderDown as error:
                if error.retry_after_seconds is None:
                    raise
                asked_seconds = min(error.retry_after_seconds, _LONGEST_WAIT_SECONDS)
                self._sleep(max(wait_seconds, asked_seconds))
        self._down = True  # unless this last attempt shows otherwise
        vectors = self._once(texts, self._timeout_seconds)
        self._down = False
        return vectors

    def _once(self, texts: Sequence[str], seconds: float) -> Vectors:
        # Most endpoints refuse an empty input.
        inputs = [text[:_MOST_CHARACTERS].strip() or "." for text in texts]
        body = self._answer({**self._asked, "input": inputs}, seconds)
        try:
            vectors = read_vectors(body, rows=len(inputs), width=self._width)
        except ValueError as error:
            raise EncoderDown(self._host, str(error), status=200) from None
        self._width = vectors.shape[1]
        return vectors

    def _answer(self, asked: dict[str, object], seconds: float) -> bytes:
        """Return the body of a good answer; raises `EncoderDown`."""
        import httpx

        if self._closed.is_set():
            raise EncoderDown(self._host, "is not asked any more: the bot stops")
        until = self._clock() + seconds
        try:
            with self._client.stream("POST", self._url, json=asked, timeout=seconds) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._refusal(response)
                return self._limited(response, until)
        except httpx.TimeoutException:
            raise EncoderDown(self._host, "was too slow", retryable=True) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"cannot be reached ({type(error).__name__})"
            raise EncoderDown(self._host, why, retryable=True, retry_after_seconds=0.0) from None

    def _limited(self, response: httpx.Response, until: float) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > _MOST_BYTES:
                raise EncoderDown(self._host, f"sent more than {_MOST_BYTES} bytes", status=200)
            if self._clock() > until:  # httpx limits each pause, not the sum of them
                raise EncoderDown(self._host, "was too slow", status=200, retryable=True)
        return bytes(body)

    def _refusal(self, response: httpx.Response) -> EncoderDown:
        status = response.status_code
        why = f"answered {status} {response.reason_phrase}".rstrip()
        if status != 429 and not response.is_server_error:
            return EncoderDown(self._host, why, status=status)
        wait_seconds = _seconds(response.headers.get("Retry-After"))
        return EncoderDown(
            self._host, why, status=status, retryable=True, retry_after_seconds=wait_seconds
        )


def _host(url: str) -> str:
    """Return host and port of a web address, without what may be secret; raises `BadInput`."""
    with suppress(ValueError):  # a port that is no number
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.hostname + port
    raise BadInput(
        "this is no web address", where="[models.openai] url", remedy="write https://HOST/v1"
    )


def _authorization(api_key: str) -> dict[str, str]:
    key = api_key.strip()
    if not (key.isascii() and key.isprintable()):
        raise BadInput(
            "the key holds characters that no key has",
            where="[models.openai] api_key_env",
            remedy="set the variable it names to the key alone",
        )
    return {"Authorization": f"Bearer {key}"} if key else {}


def _seconds(header: str | None) -> float:
    """Return the seconds a `Retry-After` header asks for; a date is not worth its clock."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
