"""The starter's order service in a thread of this process, with its ledger at hand.

Its modules are those in the folder `dialogs` of a bot, which is no part of this package.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cs_bot.starter import starter_directory

if TYPE_CHECKING:
    from shop.desk import Desk
    from shop.failures import Plan


@dataclass(frozen=True, slots=True)
class Shop:
    """A service that runs: its address and what stands behind it."""

    url: str
    desk: Desk


@contextmanager
def shop_served(
    orders: Path | None = None,
    *,
    failures: Plan | None = None,
    slow_seconds: float = 4.0,
    now: Callable[[], datetime] | None = None,
) -> Iterator[Shop]:
    """Serve the orders of a file, the starter's own unless told, for the length of the block."""
    dialogs = find_shop()
    from shop.desk import Desk
    from shop.orders import Orders
    from shop.serving import OrderServer

    clock = now or (lambda: datetime.now().astimezone())
    desk = Desk(Orders(orders or dialogs / "orders.json", clock), clock)
    server = OrderServer(0, desk, failures=failures, slow_seconds=slow_seconds)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Shop(f"http://127.0.0.1:{server.server_port}", desk)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def find_shop() -> Path:
    """Let `shop` be imported, from the folder that is returned."""
    dialogs = starter_directory() / "dialogs"
    if str(dialogs) not in sys.path:
        sys.path.append(str(dialogs))
    return dialogs
