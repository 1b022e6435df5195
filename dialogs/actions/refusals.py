"""Forgets that a task was refused, so that it may be tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ForgetRefusal(Action):
    """Empties the slots that say whether something is possible; the order stays at hand."""

    def name(self) -> str:
        return "action_forget_refusal"

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Return both slots without a value, and the order as if it had just been told."""
        return [
            SlotSet("refund_possible", None),
            SlotSet("invoice_possible", None),
            SlotSet("order_id", tracker.get_slot("order_id")),
        ]
