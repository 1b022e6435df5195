"""Forgets that a task was refused, so that it may be tried again with something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ForgetRefusal(Action):
    """Empties the slots that say whether something is possible."""

    def name(self) -> str:
        return "action_forget_refusal"

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Return both slots without a value."""
        return [SlotSet("refund_possible", None), SlotSet("invoice_possible", None)]
