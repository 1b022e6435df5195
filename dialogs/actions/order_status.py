"""The order query: checks the number, asks the order service, says what it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.order_client import order_of
from actions.order_number import order_number
from actions.wording import day, in_language, language, moment
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ValidateOrderStatusForm(FormValidationAction):
    """Accepts an order number."""

    def name(self) -> str:
        return "validate_order_status_form"

    def validate_order_id(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return the number, or None after saying what is wrong with it."""
        return {"order_id": order_number(value, dispatcher)}


class OrderStatus(Action):
    """Says where an order is; an unknown number is asked for again."""

    idempotent = True  # it only reads: a failure may be tried again

    def name(self) -> str:
        return "action_order_status"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Ask the service and choose the response for the state of the order."""
        number = str(tracker.get_slot("order_id"))
        order = await order_of(number)
        if order is None:
            dispatcher.utter_message(response="utter_order_unknown", order_id=number)
            return [SlotSet("order_id", None), FollowupAction("order_status_form")]
        shown = _shown(order, language(tracker))
        dispatcher.utter_message(response=f"utter_order_{order['state']}", **shown)
        return []


def _shown(order: Mapping[str, Any], locale: str) -> dict[str, str]:
    """Return the values of the response in the customer's language."""
    scan = order.get("last_scan") or {}
    return {
        "order_id": str(order["id"]),
        "carrier": in_language(order.get("carrier"), locale),
        "tracking_number": str(order.get("tracking_number") or ""),
        "scan_time": moment(scan.get("time"), locale),
        "scan_place": in_language(scan.get("place"), locale),
        "scan_note": in_language(scan.get("note"), locale),
        "estimated": day(order.get("estimated_day"), locale),
    }
