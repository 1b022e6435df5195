"""The order query: checks the number, asks the order service, says what it knows.

`CS_BOT_ORDERS_URL` is the address of the service. Any failure of it is raised: the bot then says
so and offers a human.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import httpx
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

_DEFAULT_URL = "http://127.0.0.1:8001"
_TIMEOUT_SECONDS = 2.0
_CONNECT_RETRIES = 1

_ORDER_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{8,16}")
_PHONE_NUMBER = re.compile(r"1[3-9][0-9]{9}")
_SEPARATORS = re.compile(r"[\s#._\-。!]+")
_LONGEST_SHOWN = 24

_WEEKDAYS = "一二三四五六日"
_UNDER_WAY = frozenset({"unpaid", "packing", "in_transit", "out_for_delivery", "delayed"})
_OVER = frozenset({"delivered", "returned", "cancelled"})


class OrderServiceError(Exception):
    """The order service did not answer, or answered something that is no order."""


class ValidateOrderStatusForm(FormValidationAction):
    """Accepts 8 to 16 digits, optionally after up to four letters, however they are typed."""

    def name(self) -> str:
        return "validate_order_status_form"

    def validate_order_id(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,  # noqa: ARG002 - the signature is rasa-sdk's
        domain: Mapping[str, Any],  # noqa: ARG002 - the signature is rasa-sdk's
    ) -> dict[str, Any]:
        """Return the number in its canonical form, or None after saying what is wrong with it."""
        number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(value))).upper()
        if _PHONE_NUMBER.fullmatch(number):
            dispatcher.utter_message(response="utter_order_id_is_phone")
            return {"order_id": None}
        if not _ORDER_NUMBER.fullmatch(number):
            given = str(value).strip()[:_LONGEST_SHOWN]
            dispatcher.utter_message(response="utter_order_id_malformed", given=given)
            return {"order_id": None}
        return {"order_id": number}


class OrderStatus(Action):
    """Says where an order is; an unknown number is asked for again."""

    def name(self) -> str:
        return "action_order_status"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],  # noqa: ARG002 - the signature is rasa-sdk's
    ) -> list[dict[str, Any]]:
        """Ask the service and choose the response for the state of the order."""
        number = str(tracker.get_slot("order_id"))
        order = await _order(number)
        if order is None:
            dispatcher.utter_message(response="utter_order_unknown", order_id=number)
            return [SlotSet("order_id", None), FollowupAction("order_status_form")]
        locale = str(tracker.get_slot("locale") or "zh")
        dispatcher.utter_message(response=f"utter_order_{order['state']}", **_shown(order, locale))
        return []


async def _order(number: str) -> Mapping[str, Any] | None:
    """Return the order, None when the service does not know it; a failure is raised."""
    url = os.environ.get("CS_BOT_ORDERS_URL", _DEFAULT_URL)
    tls = _tls(trusting=url.startswith("https:"))
    transport = httpx.AsyncHTTPTransport(retries=_CONNECT_RETRIES, verify=tls)
    async with httpx.AsyncClient(
        base_url=url, transport=transport, timeout=_TIMEOUT_SECONDS, trust_env=False
    ) as client:
        try:
            response = await client.get(f"/orders/{number}")
        except httpx.HTTPError as error:
            raise OrderServiceError(f"{url}: {type(error).__name__}") from None
    if response.status_code == httpx.codes.NOT_FOUND:
        return None
    if not response.is_success:
        raise OrderServiceError(f"{url}: HTTP {response.status_code}")
    order = response.json()
    if not isinstance(order, dict) or order.get("state") not in _UNDER_WAY | _OVER:
        raise OrderServiceError(f"{url}: the answer is not an order")
    return order


@cache
def _tls(*, trusting: bool) -> SSLContext:
    """Return one TLS context for all calls; reading the trusted roots takes longer than a call."""
    return httpx.create_ssl_context() if trusting else SSLContext(PROTOCOL_TLS_CLIENT)


def _shown(order: Mapping[str, Any], locale: str) -> dict[str, str]:
    """Return the values of the response in the customer's language."""
    scan = order.get("last_scan") or {}
    return {
        "order_id": str(order["id"]),
        "carrier": _in_language(order.get("carrier"), locale),
        "tracking_number": str(order.get("tracking_number") or ""),
        "scan_time": _moment(scan.get("time"), locale),
        "scan_place": _in_language(scan.get("place"), locale),
        "scan_note": _in_language(scan.get("note"), locale),
        "estimated": _day(order.get("estimated_day"), locale),
    }


def _in_language(words: Mapping[str, str] | None, locale: str) -> str:
    return "" if not words else words.get(locale, words.get("zh", ""))


def _moment(written: str | None, locale: str) -> str:
    if written is None:
        return ""
    moment = datetime.fromisoformat(written)
    if locale == "en":
        return f"{moment.day} {moment:%b}, {moment:%H:%M}"
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def _day(written: str | None, locale: str) -> str:
    if written is None:
        return ""
    day = date.fromisoformat(written)
    if locale == "en":
        return f"{day:%A}, {day.day} {day:%B}"
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"
