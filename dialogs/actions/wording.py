"""Values of the order service in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from rasa_sdk import Tracker

_WEEKDAYS = "一二三四五六日"


def language(tracker: Tracker) -> str:
    """Return the language of the turn."""
    return str(tracker.get_slot("locale") or "zh")


def in_language(words: Mapping[str, str] | None, locale: str) -> str:
    """Return one language of words that have several."""
    return "" if not words else words.get(locale, words.get("zh", ""))


def listed(names: Iterable[str], locale: str) -> str:
    """Return names as a list within a sentence."""
    *others, last = names
    if locale != "en":
        return "、".join((*others, last))
    return f"{', '.join(others)} and {last}" if others else last


def money(amount: Any) -> str:
    """Return an amount of yuan."""
    return f"¥{float(amount):.2f}"


def moment(written: str | None, locale: str) -> str:
    """Return a moment in ISO 8601 as day and time, nothing for None."""
    if written is None:
        return ""
    when = datetime.fromisoformat(written)
    if locale == "en":
        return f"{when.day} {when:%b}, {when:%H:%M}"
    return f"{when.month}月{when.day}日 {when:%H:%M}"


def day(written: str | None, locale: str) -> str:
    """Return a date in ISO 8601 as a day of the week and month, nothing for None."""
    if written is None:
        return ""
    when = date.fromisoformat(written)
    if locale == "en":
        return f"{when:%A}, {when.day} {when:%B}"
    return f"{when.month}月{when.day}日（周{_WEEKDAYS[when.weekday()]}）"
