"""Amounts of money: `¥300`, `$1,200.50`, `三百块`, `50 dollars`, `25 euros`, `两块五`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.stages.task.recognisers.found import Found
from cs_bot.stages.task.recognisers.numbers import DIGITS, NUMBER, number_of

_SIGNS = r"(?:US\$|HK\$|NT\$|[¥$€£]|RMB|CNY|USD|EUR|GBP|HKD)"
_AFTER = (
    r"(?:块钱|元钱|块|元|圆|人民币|美元|美金|欧元|英镑|港币|港元|日元"
    r"|(?:dollars?|bucks?|euros?|pounds?|yuan|rmb|cny|usd|eur|gbp|cents?)\b)"
)
_MONEY = re.compile(
    rf"{_SIGNS}\s?(?P<before>(?:{DIGITS})(?:\s?(?:[万亿]|[kKmM](?![A-Za-z])))?)"
    rf"|(?<![\d.A-Za-z])(?P<after>{NUMBER})\s?{_AFTER}(?P<part>[一二三四五六七八九](?![十百千万]))?",
    re.IGNORECASE,
)


def amounts(text: str) -> Iterator[Found]:
    """Yield amounts, whatever the currency: 300 for `¥300`."""
    for found in _MONEY.finditer(text):
        value = number_of(found["before"] or found["after"])
        if value is None:
            continue
        if found["part"]:
            value = round(value + (number_of(found["part"]) or 0) / 10, 2)
        if re.search(r"cents?$", found[0], re.IGNORECASE):
            value = value / 100
        yield Found(found.start(), found.end(), value)
