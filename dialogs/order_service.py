"""A small order service for trying the starter bot: `python dialogs/order_service.py --port 8001`.

Answers `GET /orders/{id}` and `GET /healthz` on 127.0.0.1 from `orders.json`. Days in that file
count from today, so that the orders never grow old.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
ORDERS = Path(__file__).with_name("orders.json")


class Orders:
    """The orders of a file, by number, as they stand now; `KeyError` when one lacks something."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        written = json.loads(path.read_text(encoding="utf-8"))
        self._orders: Mapping[str, Mapping[str, Any]] = {order["id"]: order for order in written}
        self._now = now
        for number in self._orders:
            self.find(number)

    def find(self, number: str) -> dict[str, Any] | None:
        """Return an order as the service shows it, None where there is none."""
        order = self._orders.get(number.upper())
        if order is None:
            return None
        return {
            "id": order["id"],
            "state": order["state"],
            "carrier": order["carrier"],
            "tracking_number": order["tracking_number"],
            "estimated_day": self._day(order["estimated_in_days"]),
            "last_scan": self._scan(order["last_scan"]),
        }

    def _day(self, days: int | None) -> str | None:
        return None if days is None else (self._now() + timedelta(days=days)).date().isoformat()

    def _scan(self, scan: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if scan is None:
            return None
        time = self._now() - timedelta(hours=scan["hours_ago"])
        written = time.isoformat(timespec="minutes")
        return {"time": written, "place": scan["place"], "note": scan["note"]}


class OrderServer(ThreadingHTTPServer):
    """Serves orders; port 0 takes a free port. With a parent it ends when that process does."""

    daemon_threads = True

    def __init__(self, port: int, orders: Orders, *, parent: int | None = None) -> None:
        self.orders = orders
        self._parent = parent
        super().__init__((HOST, port), _Handler)

    def service_actions(self) -> None:
        """Look after the parent at every poll: killed outright, it cannot end us itself."""
        if self._parent is not None and os.getppid() != self._parent:
            raise ParentEnded


class ParentEnded(Exception):
    """The process that started the service is gone."""


class _Handler(BaseHTTPRequestHandler):
    server: OrderServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/healthz":
            self._send(HTTPStatus.OK, {"status": "ok"})
            return
        number = path.removeprefix("/orders/")
        order = self.server.orders.find(number) if path.startswith("/orders/") else None
        if order is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "not_found", "path": path})
        else:
            self._send(HTTPStatus.OK, order)

    def _send(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Stay quiet: order numbers are not for the log."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when the port is taken or the orders cannot be read."""
    parser = argparse.ArgumentParser(description="Order service of the starter bot.")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--orders", type=Path, default=ORDERS)
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the program that started it ends"
    )
    options = parser.parse_args(arguments)
    try:
        orders = Orders(options.orders, lambda: datetime.now().astimezone())
        server = OrderServer(
            options.port, orders, parent=os.getppid() if options.with_parent else None
        )
    except (ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"{options.orders}: not a list of orders ({error}); correct the file\n")
        return 2
    except FileNotFoundError:
        sys.stderr.write(f"{options.orders}: there is no such file; give one with --orders\n")
        return 2
    except (OSError, OverflowError) as error:
        sys.stderr.write(
            f"the order service cannot listen on {HOST}:{options.port} ({error}); "
            "free the port or choose another with --port\n"
        )
        return 2
    sys.stderr.write(f"orders on http://{HOST}:{server.server_port}\n")
    try:
        server.serve_forever(poll_interval=0.1)
    except (KeyboardInterrupt, ParentEnded):
        return 0
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
