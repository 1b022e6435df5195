"""The desk over HTTP: orders to look at, returns and invoices to ask for, the ledger to read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shop.desk import Answer, Desk
from shop.failures import Failure, NoFailures, Plan

HOST = "127.0.0.1"
_KINDS = {"/returns": "return", "/invoices": "invoice"}
_LONGEST_BODY = 20_000
_SLOW_SECONDS = 4.0


class OrderServer(ThreadingHTTPServer):
    """Serves a desk; port 0 takes a free port. With a parent it ends when that process does.

    `failures` says what goes wrong, `slow_seconds` how late a slow answer is.
    """

    daemon_threads = True
    request_queue_size = 128  # many customers may come at once

    def __init__(
        self,
        port: int,
        desk: Desk,
        *,
        parent: int | None = None,
        failures: Plan | None = None,
        slow_seconds: float = _SLOW_SECONDS,
    ) -> None:
        self.desk = desk
        self.failures = failures or NoFailures()
        self.slow_seconds = slow_seconds
        self.stopping = Event()
        self._parent = parent
        super().__init__((HOST, port), _Handler)

    def service_actions(self) -> None:
        """Look after the parent at every poll: killed outright, it cannot end us itself."""
        if self._parent is not None and os.getppid() != self._parent:
            raise ParentEnded

    def server_close(self) -> None:
        """Close, and let go of who waits for a slow answer."""
        self.stopping.set()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: a client that has gone is no news."""


class ParentEnded(Exception):
    """The process that started the service is gone."""


class _Handler(BaseHTTPRequestHandler):
    server: OrderServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body of an answer arrive 40 ms apart

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path, desk = unquote(address.path), self.server.desk
        number = path.removeprefix("/orders/") if path.startswith("/orders/") else ""
        if path == "/healthz":
            self._send(HTTPStatus.OK, {"status": "ok"})
        elif path == "/ledger":
            wanted = parse_qs(address.query).get("order")
            done = desk.of_order(wanted[0]) if wanted else desk.ledger
            self._send(HTTPStatus.OK, {"entries": list(done)})
        elif number:
            self._answer(number, lambda: desk.order(number))
        else:
            self._send(HTTPStatus.NOT_FOUND, {"error": "not_found", "path": path})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "length"})
            return
        asked = _json(self.rfile.read(int(length)))
        kind = _KINDS.get(urlsplit(self.path).path)
        if kind is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "not_found", "path": self.path})
            return
        key = self.headers.get("Idempotency-Key")
        order = str(asked.get("order")) if isinstance(asked, Mapping) else ""
        self._answer(order, lambda: self.server.desk.post(kind, asked, key))

    def _answer(self, order: str, work: Any) -> None:
        """Do the work and answer, or whatever the plan lets go wrong."""
        failure = self.server.failures.next(self.command, order)
        if failure == "slow":
            self.server.stopping.wait(self.server.slow_seconds)
        if failure in ("error_before", "cut_before"):
            self._fail(failure)
            return
        answer: Answer = work()
        if failure == "twice":
            answer = work()
        if failure in ("error_after", "cut_after"):
            self._fail(failure)
        elif failure == "malformed":
            self._write(HTTPStatus.OK, b'{"id": "RT10')
        else:
            self._send(*answer)

    def _fail(self, failure: Failure) -> None:
        if failure.startswith("cut"):
            self.close_connection = True  # and not a byte before that
        else:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "internal"})

    def _send(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
        self._write(status, json.dumps(body, ensure_ascii=False).encode())

    def _write(self, status: HTTPStatus, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Stay quiet: order numbers are not for the log."""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
