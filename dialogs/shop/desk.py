"""What is done with orders: returns and invoices, each with a number, and the ledger of it all.

A request with a key is done once: the same key with the same content gives the same answer again,
with another content it is refused. Without a key every request is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from typing import Any

from shop.orders import FAULTS, REASONS, Orders, returned_items

Answer = tuple[HTTPStatus, dict[str, Any]]
_SEND_BACK_DAYS = 7
_TAX_NUMBER = re.compile(r"[0-9A-Z]{18}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass
class Desk:
    """Does what is asked for, one request after the other; all of it is forgotten at the end."""

    orders: Orders
    now: Callable[[], datetime]
    ledger: list[dict[str, Any]] = field(default_factory=list)
    """What was done, oldest first: kind, number, key, time and what was asked."""
    _answered: dict[str, tuple[str, Mapping[str, Any], Answer]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def order(self, number: str) -> Answer:
        """Return an order with what was done with it so far."""
        order = self.orders.find(number)
        if order is None:
            return HTTPStatus.NOT_FOUND, {"error": "not_found"}
        done = self.of_order(order["id"])
        returns = [entry for entry in done if entry["kind"] == "return"]
        for item in order["items"]:
            item["return_id"] = next((e["id"] for e in returns if item["sku"] in e["items"]), None)
        invoices = [entry["id"] for entry in done if entry["kind"] == "invoice"]
        return HTTPStatus.OK, {**order, "invoice_id": invoices[0] if invoices else None}

    def of_order(self, number: str) -> list[dict[str, Any]]:
        """Return what was done with an order."""
        return [entry for entry in self.ledger if entry["order"] == number.upper()]

    def post(self, kind: str, asked: Any, key: str | None) -> Answer:
        """Do what is asked for, or answer as before where the key is known."""
        if not isinstance(asked, Mapping):
            return HTTPStatus.BAD_REQUEST, {"error": "no_json_object"}
        with self._lock:
            known = self._answered.get(key) if key else None
            if known is not None:
                return _again(known, kind, asked)
            answer = self._return(asked, key) if kind == "return" else self._invoice(asked, key)
            if key and answer[0] == HTTPStatus.CREATED:
                self._answered[key] = (kind, asked, answer)
            return answer

    def _return(self, asked: Mapping[str, Any], key: str | None) -> Answer:
        order = self.orders.find(str(asked.get("order")))
        if order is None:
            return HTTPStatus.NOT_FOUND, {"error": "not_found"}
        reason = str(asked.get("reason"))
        if reason not in REASONS:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"error": "reason"}
        items = returned_items(order, asked.get("items"), reason)
        if items is None:
            return HTTPStatus.CONFLICT, {"error": "not_returnable"}
        done = {
            "order": order["id"],
            "items": [item["sku"] for item in items],
            "reason": reason,
            "note": str(asked.get("note") or ""),
            "amount": round(sum(item["price"] for item in items), 2),
            "postage": "seller" if reason in FAULTS else "buyer",
            "send_within_days": _SEND_BACK_DAYS,
        }
        return HTTPStatus.CREATED, self._enter("return", "RT", done, key)

    def _invoice(self, asked: Mapping[str, Any], key: str | None) -> Answer:
        order = self.orders.find(str(asked.get("order")))
        if order is None:
            return HTTPStatus.NOT_FOUND, {"error": "not_found"}
        if order["no_invoice"]:
            return HTTPStatus.CONFLICT, {"error": order["no_invoice"]}
        wrong = _wrong_in_invoice(asked)
        if wrong:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"error": wrong}
        told = {name: asked.get(name) for name in ("title", "company", "tax_number", "email")}
        done = {"order": order["id"], **told, "amount": order["total"]}
        return HTTPStatus.CREATED, self._enter("invoice", "FP", done, key)

    def _enter(
        self, kind: str, letters: str, done: Mapping[str, Any], key: str | None
    ) -> dict[str, Any]:
        number = f"{letters}{100_001 + len(self.ledger)}"
        time = self.now().isoformat(timespec="seconds")
        self.ledger.append({"kind": kind, "id": number, "key": key, "time": time, **done})
        return {"id": number, **done}


def _again(known: tuple[str, Mapping[str, Any], Answer], kind: str, asked: Any) -> Answer:
    did, before, answer = known
    if (did, before) == (kind, asked):
        return HTTPStatus.OK, answer[1]
    return HTTPStatus.CONFLICT, {"error": "key_used", "id": answer[1]["id"]}


def _wrong_in_invoice(asked: Mapping[str, Any]) -> str | None:
    """Return the field that cannot be used."""
    if asked.get("title") not in ("personal", "company"):
        return "title"
    if asked["title"] == "company" and not str(asked.get("company") or "").strip():
        return "company"
    if asked["title"] == "company" and not _TAX_NUMBER.fullmatch(str(asked.get("tax_number"))):
        return "tax_number"
    return None if _EMAIL.fullmatch(str(asked.get("email"))) else "email"
