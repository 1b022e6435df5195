"""Which items of an order a customer means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]

_ALL = re.compile(
    r"全部|全都|都[要想]?退|都不要|所有|整单|一起退|两[件个样]都|三[件个样]都"
    r"|\b(?:all|both|everything|whole order|entire order|every item)\b",
    re.IGNORECASE,
)
_PLACES: Sequence[re.Pattern[str]] = (
    re.compile(
        r"第一|^\s*[1１一]\s*[号个件]?\s*$|\bfirst\b|\b1st\b|^\s*(?:number |no\.? ?)?one\s*$", re.I
    ),
    re.compile(
        r"第二|^\s*[2２二]\s*[号个件]?\s*$|\bsecond\b|\b2nd\b|^\s*(?:number |no\.? ?)?two\s*$", re.I
    ),
    re.compile(
        r"第三|^\s*[3３三]\s*[号个件]?\s*$|\bthird\b|\b3rd\b|^\s*(?:number |no\.? ?)?three\s*$",
        re.I,
    ),
)
_FEWEST_LETTERS = 3


def items_in(text: str, items: Sequence[Item], *, asked: bool) -> list[str]:
    """Return the SKUs of the items that a text names: by name, and when `asked` by place or all."""
    named = _named(text, items)
    if named or not asked:
        return [item["sku"] for item in items if item["sku"] in named]
    if _ALL.search(text):
        return [item["sku"] for item in items]
    placed = zip(_PLACES, items, strict=False)
    return [item["sku"] for place, item in placed if place.search(text)]


def _named(text: str, items: Sequence[Item]) -> set[str]:
    """Return the SKUs that are named in full, or else in short: `耳机` for 蓝牙耳机, `earbuds`.

    What is named in full is no short name of another item: a desk lamp is no desk.
    """
    named, rest = set(), text.lower()
    for item in items:
        for name in (item["name"]["zh"].lower(), item["name"]["en"].lower()):
            if name in rest:
                named.add(item["sku"])
                rest = rest.replace(name, " ")
    return named | {item["sku"] for item in items if _is_short(rest, item)}


def _is_short(text: str, item: Item) -> bool:
    words = [
        w for w in re.findall(r"[a-z-]+", item["name"]["en"].lower()) if len(w) >= _FEWEST_LETTERS
    ]
    last = re.escape(words[-1].rstrip("s"))
    return item["name"]["zh"][-2:] in text or re.search(rf"\b{last}(?:s|es)?\b", text) is not None
