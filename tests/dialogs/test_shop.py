"""What the order service does: returns and invoices, once for each key, and what may go wrong."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cs_bot.testing.shop import Shop, find_shop, shop_served

find_shop()
from shop.failures import FAILURES, RandomFailures, Scripted  # noqa: E402 - after the line above

RETURN = {"order": "20240003", "items": ["K401"], "reason": "faulty"}
INVOICE = {
    "order": "20240003",
    "title": "company",
    "company": "上海明灯科技有限公司",
    "tax_number": "91350100M000100Y43",
    "email": "li@example.com",
}


@pytest.fixture
def failures() -> Scripted:
    return Scripted()


@pytest.fixture
def shop(failures: Scripted) -> Iterator[Shop]:
    with shop_served(failures=failures, slow_seconds=0.3) as shop:
        yield shop


def post(shop: Shop, path: str, asked: Any, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return httpx.post(shop.url + path, json=asked, headers=headers, trust_env=False)


def ledger(shop: Shop, order: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{shop.url}/ledger", params={"order": order}, trust_env=False)
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


def test_a_return_gets_a_number_and_stands_in_the_ledger_and_at_the_order(shop: Shop) -> None:
    answer = post(shop, "/returns", RETURN, "k1")

    assert answer.status_code == 201
    assert answer.json()["amount"] == 159.0
    assert answer.json()["postage"] == "seller"
    (entry,) = ledger(shop, "20240003")
    assert (entry["kind"], entry["key"], entry["items"]) == ("return", "k1", ["K401"])
    (item,) = httpx.get(f"{shop.url}/orders/20240003", trust_env=False).json()["items"]
    assert item["return_id"] == answer.json()["id"]


@pytest.mark.parametrize(("path", "asked"), [("/returns", RETURN), ("/invoices", INVOICE)])
def test_the_same_key_answers_the_same_and_changes_nothing_twice(
    shop: Shop, path: str, asked: dict[str, Any]
) -> None:
    first = post(shop, path, asked, "k1")

    again = post(shop, path, asked, "k1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(ledger(shop, "20240003")) == 1


def test_a_key_that_was_used_for_something_else_is_refused_with_the_first_number(
    shop: Shop,
) -> None:
    first = post(shop, "/returns", RETURN, "k1")

    other = post(shop, "/returns", {**RETURN, "reason": "size"}, "k1")

    assert other.status_code == 409
    assert other.json() == {"error": "key_used", "id": first.json()["id"]}


def test_without_a_key_every_request_is_done(shop: Shop) -> None:
    numbers = {post(shop, "/invoices", INVOICE).json()["id"] for _ in range(2)}

    assert len(numbers) == 2
    assert len(ledger(shop, "20240003")) == 2


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"order": "99999999"}, 404, "not_found"),
        ({"order": "20240001", "items": ["A101"]}, 409, "not_returnable"),
        ({"order": "20240010", "reason": "unwanted"}, 409, "not_returnable"),
        ({"order": "20240009", "items": ["U301"], "reason": "size"}, 409, "not_returnable"),
        ({"items": ["A101"]}, 409, "not_returnable"),
        ({"items": []}, 409, "not_returnable"),
        ({"reason": "boredom"}, 422, "reason"),
    ],
)
def test_what_may_not_be_returned_is_refused(
    shop: Shop, change: dict[str, Any], status: int, error: str
) -> None:
    answer = post(shop, "/returns", {**RETURN, **change})

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ledger(shop, "20240003") == []


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"order": "20240006"}, 409, "unpaid"),
        ({"order": "20240007"}, 409, "cancelled"),
        ({"title": "club"}, 422, "title"),
        ({"company": " "}, 422, "company"),
        ({"tax_number": "123"}, 422, "tax_number"),
        ({"email": "li@"}, 422, "email"),
    ],
)
def test_an_invoice_without_what_it_needs_is_refused(
    shop: Shop, change: dict[str, Any], status: int, error: str
) -> None:
    answer = post(shop, "/invoices", {**INVOICE, **change})

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"'])
def test_a_body_that_is_no_object_is_refused(shop: Shop, body: bytes) -> None:
    answer = httpx.post(f"{shop.url}/returns", content=body, trust_env=False)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("failure", "status", "entries"),
    [
        ("slow", 201, 1),
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("cut_before", None, 0),
        ("cut_after", None, 1),
        ("twice", 201, 2),
        ("malformed", 200, 1),
    ],
)
def test_a_failure_happens_once_and_before_or_after_the_work(
    shop: Shop, failures: Scripted, failure: Any, status: int | None, entries: int
) -> None:
    failures.script("POST", "20240003", [failure])

    try:
        answer: int | None = post(shop, "/returns", RETURN).status_code
    except httpx.RemoteProtocolError:
        answer = None

    assert answer == status
    assert len(ledger(shop, "20240003")) == entries
    assert post(shop, "/returns", RETURN).status_code == 201


def test_delivered_twice_with_a_key_it_is_done_once(shop: Shop, failures: Scripted) -> None:
    failures.script("POST", "20240003", ["twice"])

    post(shop, "/returns", RETURN, "k1")

    assert len(ledger(shop, "20240003")) == 1


def test_failures_by_chance_are_the_same_for_the_same_seed() -> None:
    plan, again = RandomFailures(7), RandomFailures(7)
    told = [plan.next("GET", "1") for _ in range(300)]

    assert told == [again.next("GET", "1") for _ in range(300)]
    assert {failure for failure in told if failure} == set(FAILURES)
    assert 50 < sum(failure is not None for failure in told) < 150
