"""Asks the order service for an order. `CS_BOT_ORDERS_URL` is its address.

Any failure of it is raised: the bot then says so and offers a human.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import httpx

_DEFAULT_URL = "http://127.0.0.1:8001"
_TIMEOUT_SECONDS = 2.0
_CONNECT_RETRIES = 1

_UNDER_WAY = frozenset({"unpaid", "packing", "in_transit", "out_for_delivery", "delayed"})
_OVER = frozenset({"delivered", "returned", "cancelled"})


class OrderServiceError(Exception):
    """The order service did not answer, or answered something that is no order."""


async def order_of(number: str) -> Mapping[str, Any] | None:
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
