"""Checks what a return needs: an order that was delivered, what of it goes back, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.order_number import is_carried_over
from actions.order_told import order_told
from actions.refund_items import items_in
from actions.refund_reasons import FAULTS, postage_words, reason_in, reason_words
from actions.saying import is_answer, is_asked, is_own_words, said
from actions.wording import in_language, language, listed, money
from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

Filled = dict[str, Any]
_INTENT = "refund"
_LONGEST_NOTE = 200
_LONGEST_NAME = 24
_NOT_YET = frozenset({"in_transit", "out_for_delivery", "delayed"})


class ValidateRefundForm(FormValidationAction):
    """Looks at order, items and reason; where nothing may go back it says so and ends the form."""

    idempotent = True  # it only reads: a failure may be tried again

    def name(self) -> str:
        return "validate_refund_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[str]:
        """Ask for nothing more once it is clear that nothing may go back."""
        return ["order_id"] if tracker.get_slot("refund_possible") is False else domain_slots

    def extract_refund_items(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take the items that the message names."""
        choices = tracker.get_slot("refund_choices") or []
        if not choices or not is_answer(tracker, _INTENT):
            return {}
        text, asked = said(tracker), is_asked(tracker, "refund_items")
        found = items_in(text, choices, asked=asked)
        meant = asked and is_own_words(tracker, _INTENT) and len(text) <= _LONGEST_NAME
        return {"refund_items": found} if found or meant else {}

    def extract_refund_reason(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take the reason that the message gives; when asked for one, whatever it says."""
        if not is_answer(tracker, _INTENT):
            return {}
        reason = reason_in(said(tracker))
        free = is_asked(tracker, "refund_reason") and is_own_words(tracker, _INTENT)
        if reason is None and free:
            reason = "other"
        return {"refund_reason": reason} if reason else {}

    async def validate_order_id(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Look the order up and see what of it may go back."""
        order = await order_told(value, dispatcher)
        if order is None:
            return {"order_id": None}
        choices = [item for item in order["items"] if item["fault"] and not item["return_id"]]
        if order["state"] == "delivered" and choices:
            return {"order_id": order["id"], **_offered(order, choices, dispatcher, tracker)}
        _refuse(order, dispatcher)
        if is_carried_over(tracker):  # perhaps another order is meant: let the customer say
            return {"order_id": None}
        return {"order_id": order["id"], "refund_possible": False}

    def validate_refund_items(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Keep items of the order."""
        choices = tracker.get_slot("refund_choices") or []
        skus = [sku for sku in value or () if any(item["sku"] == sku for item in choices)]
        if not skus:
            dispatcher.utter_message(
                response="utter_refund_no_such_item", order_id=tracker.get_slot("order_id")
            )
        return _chosen(skus, choices, tracker)

    def validate_refund_reason(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """See whether the reason still counts for the items."""
        locale, reason = language(tracker), str(value)
        skus = tracker.get_slot("refund_items") or ()
        choices = tracker.get_slot("refund_choices") or ()
        late = [item for item in choices if item["sku"] in skus and not item["any_reason"]]
        filled = {
            "refund_reason": reason,
            "refund_reason_words": reason_words(reason, locale),
            "refund_postage": postage_words(reason, locale),
            "refund_note": said(tracker)[:_LONGEST_NOTE] if reason == "other" else None,
        }
        if late and reason == "other":  # perhaps a fault in words that are not known
            dispatcher.utter_message(response="utter_refund_needs_fault", **_time(late, locale))
            return {"refund_reason": None}
        if late and len(late) < len(skus) and reason not in FAULTS:
            dispatcher.utter_message(response="utter_refund_without", names=_names(late, locale))
            rest = [sku for sku in skus if all(item["sku"] != sku for item in late)]
            return {**filled, **_chosen(rest, choices, tracker), "refund_reason": reason}
        if late and reason not in FAULTS:
            never = all(item["return_days"] == 0 for item in late)
            dispatcher.utter_message(
                response="utter_refund_never" if never else "utter_refund_only_faults",
                **_time(late, locale),
            )
            return {**filled, "refund_possible": False}
        return filled


def _offered(
    order: Mapping[str, Any],
    choices: Sequence[Mapping[str, Any]],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
) -> Filled:
    """Return the slots of an order of which something may go back; a lone item is chosen.

    What the customer names and may not send back (any more) is told.
    """
    text = said(tracker) if is_answer(tracker, _INTENT) else ""
    skus = items_in(text, choices, asked=False)
    named = items_in(text, order["items"], asked=False)
    gone = [item for item in order["items"] if item["sku"] in named and item["sku"] not in skus]
    if gone:
        names = _names(gone, language(tracker))
        dispatcher.utter_message(response="utter_refund_gone", names=names)
    elif len(choices) == 1:
        skus = [choices[0]["sku"]]
    kept = [
        {name: item[name] for name in ("sku", "name", "price", "return_days", "any_reason")}
        for item in choices
    ]
    return {
        "refund_possible": True,
        "refund_choices": kept,
        "refund_choice_names": _names(choices, language(tracker)),
        **_chosen(skus, kept, tracker),
    }


def _chosen(skus: Sequence[str], choices: Sequence[Mapping[str, Any]], tracker: Tracker) -> Filled:
    """Return the slots that hold the chosen items; nothing chosen empties them."""
    items = [item for item in choices if item["sku"] in skus]
    if not items:
        return {"refund_items": None}
    chosen: Filled = {
        "refund_items": [item["sku"] for item in items],
        "refund_names": _names(items, language(tracker)),
        "refund_amount": money(sum(item["price"] for item in items)),
    }
    if not all(item["any_reason"] for item in items):
        chosen["refund_reason"] = None  # a reason given for others may not count for these
    return chosen


def _refuse(order: Mapping[str, Any], dispatcher: CollectingDispatcher) -> None:
    """Say why nothing of an order may go back."""
    returns = [item["return_id"] for item in order["items"] if item["return_id"]]
    if order["state"] != "delivered":
        state = "in_transit" if order["state"] in _NOT_YET else order["state"]
        dispatcher.utter_message(response=f"utter_refund_{state}", order_id=order["id"])
    elif returns:
        dispatcher.utter_message(
            response="utter_refund_already", order_id=order["id"], refund_id=returns[0]
        )
    else:
        days = order["delivered_days_ago"]
        dispatcher.utter_message(response="utter_refund_too_late", order_id=order["id"], days=days)


def _time(items: Sequence[Mapping[str, Any]], locale: str) -> Filled:
    """Return what a refusal for want of time names."""
    days = max(item["return_days"] for item in items)
    return {"names": _names(items, locale), "days": days}


def _names(items: Sequence[Mapping[str, Any]], locale: str) -> str:
    return listed((in_language(item["name"], locale) for item in items), locale)
