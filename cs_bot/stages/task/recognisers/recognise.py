"""Runs the recognisers that a project asks for, under the names that Rasa's projects use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from cs_bot.stages.task.recognisers.codes import emails, orders, phones, urls
from cs_bot.stages.task.recognisers.found import Found
from cs_bot.stages.task.recognisers.money import amounts
from cs_bot.stages.task.recognisers.numbers import numbers, ordinals
from cs_bot.stages.task.recognisers.times import times
from cs_bot.stages.task.text import folded
from cs_bot.types import Entity

VIA = "recogniser"

_RECOGNISERS: Mapping[str, Callable[[str], Iterable[Found]]] = {
    "number": numbers,
    "ordinal": ordinals,
    "amount-of-money": amounts,
    "phone-number": phones,
    "order-number": orders,
    "email": emails,
    "url": urls,
}

NAMES = frozenset({*_RECOGNISERS, "time"})


def recognised(text: str, names: Iterable[str], now: datetime) -> list[Entity]:
    """Return what the recognisers of these names find, in reading order.

    A number inside a longer find of another kind (an amount, a time) is left out.
    """
    found = [
        Entity(name, one.value, one.start, one.end, VIA)
        for name in dict.fromkeys(names)
        for one in _found(name, folded(text), now)
    ]
    longest = [(one.start, one.end) for one in found if one.name != "number"]
    kept = [
        one
        for one in found
        if one.name != "number"
        or not any(start <= one.start and one.end <= end for start, end in longest)
    ]
    return sorted(kept, key=lambda one: (one.start, -one.end))


def _found(name: str, text: str, now: datetime) -> Iterator[Found]:
    if name == "time":
        yield from times(text, now)
    elif name in _RECOGNISERS:
        yield from _RECOGNISERS[name](text)
