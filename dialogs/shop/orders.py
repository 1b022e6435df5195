"""The orders of a file as they stand now, and what may still be done with them.

Days in the file count from today, so that orders never grow old. `return_days` of an item are the
days after delivery in which it may be sent back for any reason (0: never), `fault_days` those for
what the shop got wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FAULTS = frozenset({"faulty", "wrong_item", "not_as_described"})
"""Reasons that are the shop's doing: the longer time counts, and the shop pays the postage."""
REASONS = FAULTS | {"size", "unwanted", "other"}
_NO_INVOICE = {"unpaid": "unpaid", "cancelled": "cancelled", "returned": "returned"}


class Orders:
    """The orders of a file, by number; `KeyError` when one lacks something."""

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
            "delivered_days_ago": order["delivered_days_ago"],
            "total": round(sum(item["price"] for item in order["items"]), 2),
            "items": [_shown(item, order["delivered_days_ago"]) for item in order["items"]],
            "no_invoice": _NO_INVOICE.get(order["state"]),
        }

    def _day(self, days: int | None) -> str | None:
        return None if days is None else (self._now() + timedelta(days=days)).date().isoformat()

    def _scan(self, scan: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if scan is None:
            return None
        time = self._now() - timedelta(hours=scan["hours_ago"])
        written = time.isoformat(timespec="minutes")
        return {"time": written, "place": scan["place"], "note": scan["note"]}


def _shown(item: Mapping[str, Any], delivered: int | None) -> dict[str, Any]:
    """Return an item with what may be done: sent back for `any_reason`, or for a `fault`."""
    return {
        "sku": item["sku"],
        "name": item["name"],
        "price": item["price"],
        "return_days": item["return_days"],
        "fault_days": item["fault_days"],
        "any_reason": _within(item["return_days"], delivered),
        "fault": _within(item["fault_days"], delivered),
    }


def _within(days: int, delivered: int | None) -> bool:
    return delivered is not None and delivered <= days


def returned_items(
    order: Mapping[str, Any], skus: object, reason: str
) -> list[Mapping[str, Any]] | None:
    """Return the items that are to be sent back, None where one of them may not be."""
    if order["state"] != "delivered" or not isinstance(skus, list) or not skus:
        return None
    allowed = "fault" if reason in FAULTS else "any_reason"
    returnable = {item["sku"]: item for item in order["items"] if item[allowed]}
    wanted = [returnable.get(sku) for sku in dict.fromkeys(map(str, skus))]
    return [item for item in wanted if item] if all(wanted) else None
