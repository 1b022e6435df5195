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
    named = [item["sku"] for item in items if _names(text, item)]
    if named or not asked:
        return named
    if _ALL.search(text):
        return [item["sku"] for item in items]
    placed = zip(_PLACES, items, strict=False)
    return [item["sku"] for place, item in placed if place.search(text)]


def _names(text: str, item: Item) -> bool:
    """Tell whether a text names an item: `耳机` is enough for 蓝牙耳机, so is `earbuds`."""
    chinese, english = item["name"]["zh"], item["name"]["en"].lower()
    short = chinese[-2:]
    words = [word for word in re.findall(r"[a-z-]+", english) if len(word) >= _FEWEST_LETTERS]
    last = words[-1].rstrip("s")
    return (
        chinese.lower() in text.lower()
        or short in text
        or re.search(rf"\b{re.escape(last)}(?:s|es)?\b", text, re.IGNORECASE) is not None
    )
