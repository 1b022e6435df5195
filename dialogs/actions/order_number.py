"""Order numbers as customers type them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

_ORDER_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{8,16}")
_PHONE_NUMBER = re.compile(r"1[3-9][0-9]{9}")
_SEPARATORS = re.compile(r"[\s#._\-。!]+")
_LONGEST_SHOWN = 24


def order_number(value: Any, dispatcher: CollectingDispatcher) -> str | None:
    """Return the number in its canonical form, or None after saying what is wrong with it.

    8 to 16 digits, optionally after up to four letters, however they are typed.
    """
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(value))).upper()
    if _PHONE_NUMBER.fullmatch(number):
        dispatcher.utter_message(response="utter_order_id_is_phone")
        return None
    if not _ORDER_NUMBER.fullmatch(number):
        given = str(value).strip()[:_LONGEST_SHOWN]
        dispatcher.utter_message(response="utter_order_id_malformed", given=given)
        return None
    return number


def is_carried_over(tracker: Tracker) -> bool:
    """Tell whether the number stems from an earlier task and not from this message."""
    entities = (tracker.latest_message or {}).get("entities") or ()
    told = any(entity["entity"].startswith("order_id") for entity in entities)
    return not told and tracker.get_slot("requested_slot") is None
