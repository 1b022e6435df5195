"""A small order service for trying the starter bot: `python dialogs/order_service.py --port 8001`.

On 127.0.0.1, from `orders.json`: `GET /orders/{id}`, `POST /returns` and `POST /invoices` (with
`Idempotency-Key`), `GET /ledger?order={id}` for what was done, `GET /healthz`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shop.desk import Desk
from shop.failures import NoFailures, RandomFailures
from shop.orders import Orders
from shop.serving import HOST, OrderServer, ParentEnded

ORDERS = Path(__file__).with_name("orders.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when the port is taken or the orders cannot be read."""
    parser = argparse.ArgumentParser(description="Order service of the starter bot.")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--orders", type=Path, default=ORDERS)
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the program that started it ends"
    )
    parser.add_argument(
        "--failures", type=int, metavar="SEED", help="let about a third of the requests fail"
    )
    options = parser.parse_args(arguments)
    try:
        server = _server(options)
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


def _server(options: argparse.Namespace) -> OrderServer:
    desk = Desk(Orders(options.orders, _now), _now)
    parent = os.getppid() if options.with_parent else None
    failures = NoFailures() if options.failures is None else RandomFailures(options.failures)
    return OrderServer(options.port, desk, parent=parent, failures=failures)


def _now() -> datetime:
    return datetime.now().astimezone()


if __name__ == "__main__":
    sys.exit(main())
