"""The starter's task as a customer meets it: real encoder, real actions, real order service."""

import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import pytest

from cs_bot.events import DialogueState, HandoffOffered, SlotRequested, TaskEnded
from cs_bot.testing.ports import free_port
from cs_bot.testing.shop import shop_served
from cs_bot.types import Payload, Pressed, Trace

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Customer(Protocol):
    """What `conftest.py` hands to these tests."""

    state: DialogueState
    last: Trace

    def says(self, text: str, payload: Payload | None = None) -> Awaitable[str]: ...


def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def orders(orders_at: Callable[[str], None]) -> Iterator[None]:
    with shop_served(now=lambda: NOON) as shop:
        orders_at(shop.url)
        yield


@pytest.mark.usefixtures("orders")
async def test_the_number_is_asked_for_and_the_order_found(customer: Customer) -> None:
    assert "请告诉我您的订单号" in await customer.says("我的快递到哪了")
    assert customer.state.requested_slot == "order_id"

    answer = await customer.says("20240001")

    assert "正在运输途中，由顺丰速运承运" in answer
    assert "11月23日 07:00 杭州转运中心，快件已发往上海" in answer
    assert "预计 11月24日（周二） 送达" in answer
    assert customer.state.task is None
    assert customer.last.reply.events[-1] == TaskEnded("order_status", "completed")


@pytest.mark.usefixtures("orders")
async def test_the_same_in_english(guest: Customer) -> None:
    assert "What is your order number?" in await guest.says("where is my order")

    answer = await guest.says("it's 20240005")

    assert "Order 20240005 is delayed" in answer
    assert "Carrier: YTO Express" in answer
    assert "New estimate: Thursday, 26 November" in answer


@pytest.mark.usefixtures("orders")
async def test_a_number_in_the_first_message_is_not_asked_for_again(guest: Customer) -> None:
    answer = await guest.says("track my package 20240001")

    assert "on its way with SF Express" in answer
    assert guest.state.task is None


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("２０２４０００２", "正在派送"),
        ("订单号是20240003", "已签收"),
        ("2024 0004", "正在备货"),
        ("2024-0006", "还没有付款"),
        ("jd2024110033", "京东快递"),
        ("#20240008", "已退回仓库"),
        ("2024112000457781", "德邦快递"),
        ("20240007。", "已取消"),
    ],
)
async def test_a_number_may_be_typed_in_many_ways(
    customer: Customer, typed: str, found: str
) -> None:
    await customer.says("帮我查一下订单")

    assert found in await customer.says(typed)


@pytest.mark.usefixtures("orders")
async def test_something_that_is_no_order_number_is_told_so_and_asked_again(
    customer: Customer,
) -> None:
    await customer.says("查快递")

    answer = await customer.says("12345")

    assert "“12345”不像是订单号" in answer
    assert "请问您的订单号是多少" in answer
    assert customer.state.rejections == 1
    assert "手机号" in await customer.says("13812345678")
    assert "正在运输途中" in await customer.says("20240001")


@pytest.mark.usefixtures("orders")
async def test_an_unknown_order_is_asked_for_again(customer: Customer) -> None:
    await customer.says("查快递")

    answer = await customer.says("99990000")

    assert "没有查到订单 99990000" in answer
    assert "请问您的订单号是多少" in answer
    assert (customer.state.task, customer.state.requested_slot) == ("order_status", "order_id")
    assert customer.state.slots == {}
    assert "已签收" in await customer.says("20240003")


@pytest.mark.usefixtures("orders")
async def test_after_three_unusable_numbers_a_human_is_offered(customer: Customer) -> None:
    await customer.says("查快递")
    await customer.says("123")
    await customer.says("99990000")

    answer = await customer.says("99990001")

    assert "人工客服" in answer
    assert customer.last.reply.handoff
    assert HandoffOffered("unusable_answers") in customer.last.reply.events
    assert customer.state.task is None


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("words", ["算了", "取消", "不查了", "never mind", "cancel"])
async def test_calling_it_off_ends_the_task_with_a_sentence(customer: Customer, words: str) -> None:
    await customer.says("我的快递到哪了")

    assert "这次就先不办了" in await customer.says(words)
    assert customer.last.reply.events[-1] == TaskEnded("order_status", "cancelled")


@pytest.mark.usefixtures("orders")
async def test_a_digression_is_left_to_others_and_the_task_goes_on(customer: Customer) -> None:
    await customer.says("我的快递到哪了")

    assert await customer.says("如何开具发票？") == "(no_slot_value, below_threshold)"
    assert customer.state.requested_slot == "order_id"
    assert "已签收" in await customer.says("20240003")


@pytest.mark.usefixtures("orders")
async def test_asking_for_the_running_task_again_asks_its_question_again(
    customer: Customer,
) -> None:
    await customer.says("我的快递到哪了")

    assert "请问您的订单号是多少" in await customer.says("帮我查一下订单")
    assert customer.last.reply.events[-1] == SlotRequested("order_id")


@pytest.mark.usefixtures("orders")
async def test_a_button_starts_the_task_with_its_number(customer: Customer) -> None:
    payload = Pressed('/order_status{"order_id": "20240003"}')

    assert "已签收" in await customer.says("查订单", payload)


async def test_a_service_that_is_down_is_said_and_a_human_offered(
    customer: Customer, orders_at: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    orders_at(f"http://127.0.0.1:{free_port()}")
    await customer.says("我的快递到哪了")

    answer = await customer.says("20240001")

    assert "订单系统现在没有回应" in answer
    assert "ConnectError" not in answer
    assert "ConnectError" in caplog.text
    assert "20240001" not in caplog.text
    assert customer.last.reply.handoff
    assert HandoffOffered("task_failed") in customer.last.reply.events
    assert customer.state.task is None


async def test_a_connection_that_fails_is_tried_once_more(
    customer: Customer, orders_at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, tried = free_port(), []
    connect = socket.socket.connect

    def counting(self: socket.socket, address: Any) -> Any:
        tried.append(address[1])
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", counting)
    orders_at(f"http://127.0.0.1:{port}")

    await customer.says("查一下订单20240001")

    assert tried.count(port) == 2


class Broken(BaseHTTPRequestHandler):
    """Answers every request with what the test set on the class."""

    status = 200
    body = b""
    asked = threading.Event()
    go_on = threading.Event()

    def do_GET(self) -> None:
        self.asked.set()
        self.go_on.wait(30)
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>we are down</html>"),
        (200, b'["20240001"]'),
        (200, b'{"id": "20240001", "state": "melted"}'),
        (200, b'{"state": "in_transit"}'),
        (302, b""),
    ],
)
async def test_an_answer_without_sense_is_a_failure_and_not_shown(
    customer: Customer, orders_at: Callable[[str], None], status: int, body: bytes
) -> None:
    handler = type("Handler", (Broken,), {"status": status, "body": body, "go_on": set_event()})
    for url in serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)):
        orders_at(url)
        answer = await customer.says("查一下订单20240001")

    assert "订单系统现在没有回应" in answer
    assert customer.last.reply.handoff


async def test_a_service_that_does_not_answer_in_time_is_a_failure(
    customer: Customer, orders_at: Callable[[str], None]
) -> None:
    go_on = threading.Event()
    handler = type("Handler", (Broken,), {"go_on": go_on, "asked": threading.Event()})
    for url in serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)):
        orders_at(url)
        answer = await customer.says("查一下订单20240001")
        go_on.set()

    assert "订单系统现在没有回应" in answer
    assert handler.asked.is_set()  # type: ignore[attr-defined]  # set on the class above


def set_event() -> threading.Event:
    event = threading.Event()
    event.set()
    return event
