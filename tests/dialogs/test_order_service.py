"""The order service of the starter bot, started as `cs-bot serve` starts it."""

import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cs_bot.testing.ports import free_port
from cs_bot.testing.shop import find_shop

find_shop()
from shop.orders import Orders  # noqa: E402 - after the line above

SERVICE = Path(__file__).parents[2] / "dialogs" / "order_service.py"
ORDERS = SERVICE.with_name("orders.json")


def refusal(*arguments: str) -> str:
    """Return what a service that does not start says, having left with code 2."""
    ended = subprocess.run(
        [sys.executable, str(SERVICE), *arguments],
        stderr=subprocess.PIPE,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def test_it_is_healthy_when_it_says_so(order_service: str) -> None:
    assert order_service.startswith("http://127.0.0.1:")
    assert httpx.get(f"{order_service}/healthz").json() == {"status": "ok"}


def test_an_order_is_found_by_its_number_in_either_case(order_service: str) -> None:
    order = httpx.get(f"{order_service}/orders/jd2024110033").json()

    assert order["id"] == "JD2024110033"
    assert order["state"] == "delivered"
    assert order["carrier"] == {"zh": "京东快递", "en": "JD Logistics"}
    assert datetime.fromisoformat(order["last_scan"]["time"]) < datetime.now(UTC)


@pytest.mark.parametrize(("hour", "scanned"), [(2, "07"), (12, "08"), (23, "08")])
def test_days_and_scans_count_from_the_hour_it_is_asked(hour: int, scanned: str) -> None:
    asked = datetime(2026, 3, 11, hour, 30, tzinfo=UTC)
    orders = Orders(ORDERS, lambda: asked)

    order = orders.find("JD2024110033")

    assert order is not None
    assert order["estimated_day"] == "2026-03-08"
    assert order["last_scan"]["time"][:10] == f"2026-03-{scanned}"


def test_every_order_of_the_file_is_served(order_service: str) -> None:
    orders = json.loads(ORDERS.read_text(encoding="utf-8"))

    assert len(orders) >= 12
    for order in orders:
        assert httpx.get(f"{order_service}/orders/{order['id']}").json()["state"] == order["state"]


@pytest.mark.parametrize("path", ["/orders/0", "/orders/", "/orders", "/", "/orders/..%2Fhealthz"])
def test_what_is_not_there_is_a_404_in_json(order_service: str, path: str) -> None:
    answer = httpx.get(order_service + path)

    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


def test_it_ends_with_a_parent_that_is_killed() -> None:
    start_and_wait = (
        "import subprocess, sys; "
        "subprocess.Popen(sys.argv[1:], stderr=sys.stdout); sys.stdin.read()"
    )
    command = [sys.executable, str(SERVICE), "--port", "0", "--with-parent"]
    parent = subprocess.Popen(
        [sys.executable, "-c", start_and_wait, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().startswith("orders on http://")

    parent.kill()

    said, _ = parent.communicate(timeout=20)  # returns when the service, too, let go of the pipe
    assert said == ""


def test_a_port_in_use_is_one_sentence_and_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal("--port", str(port))

    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "--port" in said


@pytest.mark.parametrize("content", ["{", "[1]", '[{"id": "1"}]', None])
def test_orders_that_cannot_be_read_are_one_sentence_and_exit_code_2(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "orders.json"
    if content is not None:
        file.write_text(content)

    assert str(file) in refusal("--port", str(free_port()), "--orders", str(file))
