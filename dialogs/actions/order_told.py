"""The order that a customer names, for whichever task needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.order_client import order_of
from actions.order_number import order_number
from rasa_sdk.executor import CollectingDispatcher


async def order_told(value: Any, dispatcher: CollectingDispatcher) -> Mapping[str, Any] | None:
    """Return the order, or None after saying what is wrong with its number."""
    number = order_number(value, dispatcher)
    if number is None:
        return None
    order = await order_of(number)
    if order is None:
        dispatcher.utter_message(response="utter_order_unknown", order_id=number)
    return order
