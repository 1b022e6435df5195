"""Reads one amount or date at a place of a normalised text: `7天` and `一周` are equal amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cs_bot.retrieval.contrast.word_files import Unit
from cs_bot.text.normalize import HAN

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_WORDS = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - as a list it is thirteen lines long
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100}
_DATE = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?|(?P<only_month>\d{1,2})月份?"
    r"|(?P<year>(?:19|20)\d\d)年|(?P<bare_year>(?:19|20)\d\d)(?!\d)|(?P<only_day>\d{1,2})号"
    r"|(?P<noon>\d{1,2})(?P<past>:\d\d)? ?(?P<half_day>am|pm)(?![a-z])"
    r"|(?P<clock>\d{1,2}(?:[点:]\d{0,2}))(?P<half>半?)|(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)
_NUMBER = re.compile(
    r"(?P<sign>[$€£¥]?)(?:(?P<digits>\d+(?:,\d{3})+|\d+(?:\.\d+)?)|(?P<han>[零〇一二三四五六七八九十百千万两]+)"
    r"|(?P<word>" + "|".join(_WORDS) + r")(?![a-z]))(?P<half>半?)(?P<gap>[ -]?)"
)
_STARTS = frozenset("0123456789$€£¥周星礼" + "".join(_DIGITS) + "".join(_POWERS)) | {
    word[0] for word in _WORDS
}
"""Characters with which an amount or a date may begin; most texts hold few of them."""
_UNIT = re.compile(rf"[a-z$€£%]+(?: (?:day|days))?|[{HAN}%]{{1,3}}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in the base unit of its dimension; `dimension` is `?` where no unit is known."""

    dimension: str
    value: float
    written: str
    beside: str = ""
    """What follows a number without a known unit: it may be one that is not listed."""
    before: str = ""
    """The Latin word right before it: `iphone 13` is a name."""

    @property
    def dated(self) -> bool:
        """Whether it is a date or a time of day."""
        return self.dimension in ("day", "month", "year", "clock", "weekday")


def read_amount(text: str, at: int, units: Mapping[str, Unit]) -> tuple[Amount | None, int]:
    """Return the amount or date that begins here and where it ends; None and `at` without one."""
    if text[at] not in _STARTS:
        return None, at
    date, number = _DATE.match(text, at), _NUMBER.match(text, at)
    if date is not None and not date["bare_year"]:
        return _dated(date), date.end()
    if number is None or (number["han"] and number["han"] in "百千万零〇"):
        return None, at
    amount, end = _measured(text, number, units)
    if date is not None and amount is not None and amount.dimension == "?":
        return _dated(date), date.end()  # `2000` is a year, `2000元` is none
    return amount, end


def _dated(found: re.Match[str]) -> Amount:
    name = str(found.lastgroup)
    parts = {key: value for key, value in found.groupdict().items() if value}
    if "month" in parts:
        return Amount("day", int(parts["month"]) * 100 + int(parts["day"]), found[0])
    if "noon" in parts:
        afternoon = 12 if parts["half_day"] == "pm" else 0
        minutes = _clock(parts["noon"] + parts.get("past", ""), half=False)
        return Amount("clock", minutes % 720 + afternoon * 60, found[0])
    if "clock" in parts:
        return Amount("clock", _clock(parts["clock"], half="half" in parts), found[0])
    if name == "weekday":
        value: float = "一二三四五六日".index(parts[name].replace("天", "日"))
    else:
        value = int(parts[name])
    return Amount(name.removeprefix("only_").removeprefix("bare_"), value, found[0])


def _clock(written: str, *, half: bool) -> float:
    hour, _, minute = written.replace("点", ":").partition(":")
    return int(hour) * 60 + int(minute or (30 if half else 0))


def _measured(
    text: str, number: re.Match[str], units: Mapping[str, Unit]
) -> tuple[Amount | None, int]:
    value = _value(number) + (0.5 if number["half"] else 0)
    end = number.end()
    found = _UNIT.match(text, end)
    follows = found[0] if found else ""
    if number["sign"] in units:
        unit = units[number["sign"]]
        return Amount(unit.dimension, value * unit.factor, number[0].strip(" -")), end
    for size in range(len(follows), 0, -1):
        unit_or_none = units.get(follows[:size])
        whole = size == len(follows) or not follows[0].isascii()
        if unit_or_none is not None and whole:
            written = text[number.start() : end + size]
            return Amount(
                unit_or_none.dimension, round(value * unit_or_none.factor, 6), written
            ), end + size
    if number["han"] and len(number["han"]) == 1:
        return None, number.start()
    beside = number["sign"] or (follows[:1] if not follows.isascii() else follows)
    return Amount("?", value, number[0].strip(" -"), beside), number.end() - len(number["gap"])


def _value(number: re.Match[str]) -> float:
    if number["digits"]:
        return float(number["digits"].replace(",", ""))
    if number["word"]:
        return float(_WORDS[number["word"]])
    return _chinese(number["han"])


def _chinese(written: str) -> float:
    """Return the value of a Chinese numeral: `二十五`, `一百`, and digit by digit `二零二三`."""
    if not any(char in _POWERS for char in written):
        return float("".join(str(_DIGITS[char]) for char in written))
    total, section, digit = 0.0, 0.0, 0.0
    for char in written:
        power = _POWERS.get(char)
        if power is None:
            digit = _DIGITS[char]
        elif power == 10_000:
            total, section, digit = (total + section + digit or 1) * power, 0, 0
        else:
            section, digit = section + (digit or 1) * power, 0
    return total + section + digit
