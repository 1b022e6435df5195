"""What simulated customers want, and the orders they have: all of it follows from a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

TaskName = Literal["order_status", "refund", "invoice"]
TASKS: tuple[TaskName, ...] = ("order_status", "refund", "invoice")
REASONS = ("faulty", "wrong_item", "not_as_described", "size", "unwanted")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANIES = {
    "zh": ("杭州青禾网络有限公司", "成都远山餐饮管理有限公司", "苏州拾光文化传播有限公司"),
    "en": ("Harbour Lane Trading Ltd", "Blue Fern Design LLC", "Northgate Foods Inc"),
}
_MAIL = ("wang.lei", "kate_w", "finance", "m.chen88", "lily")
_HOSTS = ("example.com", "example.org", "mail.example.cn")
_DELIVERED_DAYS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of an order, by the names that customers and bot use."""

    sku: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a simulated customer."""

    number: str
    items: tuple[Item, ...]
    is_delivered: bool = True


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to stand in the ledger in the end; of an order query, which order was told of."""

    task: TaskName
    order: Order
    items: tuple[Item, ...] = ()
    reason: str = ""
    title: str = ""
    company: str | None = None
    tax_number: str | None = None
    email: str = ""

    def is_met_by(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether an entry of the ledger is exactly what is wanted."""
        if entry["order"] != self.order.number:
            return False
        if self.task == "refund":
            wanted = {item.sku for item in self.items}
            is_return = entry["kind"] == "return" and set(entry["items"]) == wanted
            return is_return and entry["reason"] == self.reason
        wants = (self.title, self.company, self.tax_number, self.email)
        told = tuple(entry.get(name) for name in ("title", "company", "tax_number", "email"))
        return entry["kind"] == "invoice" and told == wants


class Warehouse:
    """Makes up orders out of the starter's goods, no number twice, and writes them down."""

    def __init__(self, dialogs: Path, dice: Random) -> None:
        orders = json.loads((dialogs / "orders.json").read_text(encoding="utf-8"))
        goods = {item["sku"]: item for order in orders for item in order["items"]}
        self._goods = [item for item in goods.values() if item["return_days"] > 0]
        self._transit = next(order for order in orders if order["state"] == "in_transit")
        self._delivered = next(order for order in orders if order["state"] == "delivered")
        self._dice = dice
        self._written: dict[str, Any] = {}

    def order(self, *, is_delivered: bool, items: int = 1) -> Order:
        """Return a new order."""
        goods = self._dice.sample(self._goods, items)
        number = self._number()
        like = self._delivered if is_delivered else self._transit
        days = self._dice.randint(0, _DELIVERED_DAYS) if is_delivered else None
        self._written[number] = {**like, "id": number, "items": goods, "delivered_days_ago": days}
        named = tuple(Item(item["sku"], item["name"]) for item in goods)
        return Order(number, named, is_delivered)

    def write(self, path: Path) -> None:
        """Write all orders for the order service."""
        orders = list(self._written.values())
        path.write_text(json.dumps(orders, ensure_ascii=False), encoding="utf-8")

    def _number(self) -> str:
        while True:
            digits = self._dice.choice((8, 10, 12, 14))
            letters = self._dice.choice(("", "", "", "JD", "TB"))
            start = self._dice.choice("235789")
            number = letters + start + "".join(self._dice.choices("0123456789", k=digits - 1))
            if number not in self._written:
                return number


def goal_of(task: TaskName, order: Order, locale: str, dice: Random) -> Goal:
    """Return a goal for an order."""
    if task == "refund":
        several = len(order.items) > 1 and dice.random() < 0.3
        items = order.items if several else (dice.choice(order.items),)
        return Goal(task, order, items, reason=dice.choice(REASONS))
    if task == "invoice":
        email = f"{dice.choice(_MAIL)}@{dice.choice(_HOSTS)}"
        if dice.random() < 0.5:
            return Goal(task, order, title="personal", email=email)
        company = dice.choice(_COMPANIES[locale])
        return Goal(
            task, order, title="company", company=company, tax_number=tax_number(dice), email=email
        )
    return Goal(task, order)


def tax_number(dice: Random) -> str:
    """Return a unified social credit code with its check character (GB 32100-2015)."""
    body = (
        "91" + "".join(dice.choices("123456", k=6)) + "MA" + "".join(dice.choices(_ALPHABET, k=7))
    )
    total = sum(_ALPHABET.index(char) * pow(3, at, 31) for at, char in enumerate(body))
    return body + _ALPHABET[-total % 31]


def mistyped(code: str) -> str:
    """Return a tax number with two of its characters exchanged."""
    at = next(n for n in range(2, 17) if code[n] != code[n + 1])
    return code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def named(items: Sequence[Item], locale: str) -> list[str]:
    """Return the names of items in a language."""
    return [item.names[locale] for item in items]
