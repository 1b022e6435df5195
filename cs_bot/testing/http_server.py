"""A scripted HTTP service: real HTTP on a free port, in a thread of its own.

It answers by its script, then by `usual`, so that a test scripts only what goes wrong.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cs_bot.testing.llm_server import Scripted


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; the names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)


Answer = Callable[[Asked], Scripted | None]
"""Makes the HTTP answer; None lets the client wait until the server stops."""


def says(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with this JSON value."""
    return says_bytes(json.dumps(value).encode(), status, headers)


def says_bytes(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with this body."""
    return lambda _: Scripted(body, status, headers or {})


def hangs(_: Asked) -> None:
    """Let the client wait."""


class ScriptedHttpServer:
    """Gives the scripted answers in order, the usual ones afterwards, and remembers the requests.

    What is done before an answer is lost is done: `usual` and the script run first, whatever
    becomes of the connection.
    """

    def __init__(self, usual: Answer) -> None:
        self.requests: list[Asked] = []
        self.url = ""
        self.stopping = threading.Event()
        self._usual = usual
        self._script: deque[Answer] = deque()

    def script(self, *answers: Answer) -> None:
        """Add answers to the end of the script."""
        self._script.extend(answers)

    def usual(self, asked: Asked) -> Scripted | None:
        """Answer as if there were no script."""
        return self._usual(asked)

    def answer(self, asked: Asked) -> Scripted | None:
        """Return the next answer."""
        self.requests.append(asked)
        return (self._script.popleft() if self._script else self._usual)(asked)


@contextmanager
def scripted_http_server(usual: Answer, port: int = 0) -> Iterator[ScriptedHttpServer]:
    """Serve on a port of this machine, a free one unless told, for the length of the block."""
    scripted = ScriptedHttpServer(usual)
    with serving(scripted.answer, scripted.stopping, port) as scripted.url:
        yield scripted


@contextmanager
def serving(answer: Answer, stopping: threading.Event, port: int = 0) -> Iterator[str]:
    """Let `answer` answer every request, in a thread of its own; yields the address.

    `stopping` is set when the block ends, which lets go of clients that were left waiting.
    """
    server = _server(answer, stopping, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _server(answers: Answer, stopping: threading.Event, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        disable_nagle_algorithm = True  # else head and body of an answer arrive 40 ms apart

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client has gone: that is its right
                super().handle()

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names are the library's

        def _answer(self) -> None:
            if stopping.is_set():  # a connection that was kept alive ends with the server
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            answer = answers(Asked(self.command, self.path, headers, body))
            if answer is None:
                stopping.wait()
                self.close_connection = True
            else:
                self._send(answer)

        def _send(self, answer: Scripted) -> None:
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            headers.setdefault("Content-Length", str(len(answer.body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128  # many clients may come at once

    return Server(("127.0.0.1", port), Handler)
