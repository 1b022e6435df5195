"""A scripted OpenAI-compatible endpoint: real HTTP on a free port, every answer told beforehand."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Scripted:
    """One HTTP answer; `when` holds it back until the event is set."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    when: asyncio.Event | None = None


def says(text: str, *, finish: str = "stop", when: asyncio.Event | None = None) -> Scripted:
    """Return an answer in which the model says this."""
    message = {"role": "assistant", "content": text}
    body = {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }
    return Scripted(json.dumps(body).encode(), when=when)


def fails(status: int, *, retry_after: str | None = None) -> Scripted:
    """Return an answer with this HTTP status."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Scripted(b'{"error": {"message": "scripted"}}', status, headers)


class ScriptedLLMServer:
    """Gives the scripted answers in order and remembers what it was asked.

    A request beyond the script is answered 500 with a body that says so.
    """

    def __init__(self) -> None:
        self.requests: list[Mapping[str, Any]] = []
        self.authorization: list[str] = []
        self.asked = asyncio.Event()
        self.url = ""
        self._script: deque[Scripted] = deque()

    def script(self, *answers: Scripted) -> None:
        """Add answers to the end of the script."""
        self._script.extend(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close the connection."""
        try:
            await self._receive(reader)
            answer = self._script.popleft() if self._script else fails(500)
            if answer.when is not None:
                await answer.when.wait()
            writer.write(_as_http(answer))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone: that is its right
        finally:
            writer.close()

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        rows = (line.partition(":") for line in head.split("\r\n")[1:])
        headers = {name.strip().lower(): value.strip() for name, _, value in rows}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append(json.loads(body))
        self.authorization.append(headers.get("authorization", ""))
        self.asked.set()


def _as_http(answer: Scripted) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Content-Length: {len(answer.body)}",
        "Content-Type: application/json",
        "Connection: close",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + answer.body


@asynccontextmanager
async def scripted_llm_server() -> AsyncIterator[ScriptedLLMServer]:
    """Serve on a free port of this machine for the length of the block."""
    scripted = ScriptedLLMServer()
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    scripted.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield scripted
    finally:
        server.close()
