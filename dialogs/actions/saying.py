"""Tells answers to an open question from questions and from what starts another task."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

_QUESTION = re.compile(
    r"[?？]|[吗呢么]\s*[。!！]?$|怎么|怎样|如何|什么时候|为什么|为啥|多久|多少|几天|几号|谁|哪[里儿个些]"
    r"|能不能|可不可以|是不是|有没有|会不会"
    r"|^(?:and |but |ok |so |also |by the way,? )?"
    r"(?:how|what|when|where|who|why|which|whose|can|could|do|does|did|is|are|will|would|should)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^\W*(?:不对|不是|错了|说错|写错|弄错|更正|no\b|sorry|wait|actually|i meant?\b)", re.I
)
_OTHER_TASK = 0.5


def said(tracker: Tracker) -> str:
    """Return what the customer wrote."""
    return str((tracker.latest_message or {}).get("text") or "").strip()


def is_question(text: str) -> bool:
    """Tell whether a text asks something rather than answers."""
    return _QUESTION.search(text.strip()) is not None


def is_answer(tracker: Tracker, own: str) -> bool:
    """Tell whether the message may hold answers of the task with this intent."""
    intent: dict[str, Any] = (tracker.latest_message or {}).get("intent") or {}
    other = intent.get("name") not in (None, own, "order_number")
    sure = float(intent.get("confidence") or 0.0) >= _OTHER_TASK
    return not is_question(said(tracker)) and not (other and sure)


def is_own_words(tracker: Tracker, own: str) -> bool:
    """Tell whether the message may be an answer in the customer's own words.

    One that corrects something else, or tells the order, is none.
    """
    entities = (tracker.latest_message or {}).get("entities") or ()
    tells_order = any(entity["entity"] == "order_id" for entity in entities)
    return is_answer(tracker, own) and not tells_order and not _CORRECTION.match(said(tracker))


def is_asked(tracker: Tracker, slot: str) -> bool:
    """Tell whether the bot has just asked for a slot."""
    return bool(tracker.get_slot("requested_slot") == slot)
