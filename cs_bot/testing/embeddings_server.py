"""A scripted OpenAI-compatible `/embeddings`: real HTTP on a free port, in a thread of its own.

Without a script it answers rightly, so that a test scripts only what goes wrong.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.http_server import Asked, serving
from cs_bot.testing.llm_server import Scripted, fails

Row = Mapping[str, Any]
Answer = Callable[[Sequence[str]], Scripted | None]
"""Makes the HTTP answer to these texts; None lets the client wait until the server stops."""


def rows_of(texts: Sequence[str]) -> list[Row]:
    """Return right rows, not yet of length 1, as the body of an answer has them."""
    vectors = WordEncoder().encode(list(texts)) * 3
    vectors[~vectors.any(axis=1), 0] = 1  # a text without words
    return [
        {"object": "embedding", "index": at, "embedding": [float(number) for number in row]}
        for at, row in enumerate(vectors)
    ]


def right(texts: Sequence[str]) -> Scripted:
    """Answer as asked."""
    return _answer(rows_of(texts))


def one_short(texts: Sequence[str]) -> Scripted:
    """Leave the last row out."""
    return _answer(rows_of(texts)[:-1])


def reversed_rows(texts: Sequence[str]) -> Scripted:
    """Send the right rows with the last one first, which `index` tells."""
    return _answer(rows_of(texts)[::-1])


def all_numbered_zero(texts: Sequence[str]) -> Scripted:
    """Give every row the same index."""
    return _answer([{**row, "index": 0} for row in rows_of(texts)])


def filled_with(*numbers: Any) -> Answer:
    """Return an answer whose rows are all these numbers."""
    return lambda texts: _answer([{**row, "embedding": numbers} for row in rows_of(texts)])


def refuses(status: int, *, retry_after: str | None = None) -> Answer:
    """Return an answer with this HTTP status."""
    return lambda _: fails(status, retry_after=retry_after)


def says_bytes(body: bytes) -> Answer:
    """Return an answer with this body."""
    return lambda _: Scripted(body)


def hangs(texts: Sequence[str]) -> None:
    """Let the client wait."""


class ScriptedEmbeddingsServer:
    """Gives the scripted answers in order, right ones afterwards, and remembers what it was asked.

    `url` is what `[models.openai] url` takes.
    """

    def __init__(self) -> None:
        self.requests: list[Mapping[str, Any]] = []
        self.paths: list[str] = []
        self.authorization: list[str] = []
        self.url = ""
        self.stopping = threading.Event()
        self._script: deque[Answer] = deque()

    def script(self, *answers: Answer) -> None:
        """Add answers to the end of the script."""
        self._script.extend(answers)

    def answer(self, path: str, authorization: str, asked: Mapping[str, Any]) -> Scripted | None:
        """Return the next answer."""
        self.paths.append(path)
        self.authorization.append(authorization)
        self.requests.append(asked)
        return (self._script.popleft() if self._script else right)(asked["input"])


@contextmanager
def scripted_embeddings_server(port: int = 0) -> Iterator[ScriptedEmbeddingsServer]:
    """Serve on a port of this machine, a free one unless told, for the length of the block."""
    scripted = ScriptedEmbeddingsServer()

    def answer(asked: Asked) -> Scripted | None:
        return scripted.answer(asked.path, asked.headers.get("authorization", ""), asked.json)

    with serving(answer, scripted.stopping, port) as url:
        scripted.url = f"{url}/v1"
        yield scripted


def _answer(rows: Sequence[Row]) -> Scripted:
    usage = {"prompt_tokens": 7, "total_tokens": 7}
    return Scripted(json.dumps({"object": "list", "data": rows, "usage": usage}).encode())
