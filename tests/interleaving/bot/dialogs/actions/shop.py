"""What the shop does: one look-up, and two things that change something and are confirmed."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class Track(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Looks up a parcel."""

    def name(self) -> str:
        return "action_track"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say where it is."""
        dispatcher.utter_message(response="utter_tracked")
        return []


class GiveBack(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes an order back."""

    changes = True

    def name(self) -> str:
        return "action_give_back"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say that it is accepted."""
        dispatcher.utter_message(response="utter_given_back")
        return []


class Bill(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Writes an invoice."""

    changes = True

    def name(self) -> str:
        return "action_bill"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say that it was sent."""
        dispatcher.utter_message(response="utter_billed")
        return []
