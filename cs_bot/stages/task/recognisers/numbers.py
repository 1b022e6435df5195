"""Numbers in digits and in words: `1,200`, `3.5万`, `twenty-five`, `二百零三`; `third`, `第三`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.stages.task.recognisers.found import Found

Number = int | float

_UNITS = {
    word: number
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
            *("ninth", "tenth", "eleventh", "twelfth"),
        ),
        1,
    )
}
_HAN_DIGITS = {
    **{char: number for number, char in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
    "兩": 2,
    "幺": 1,
    "俩": 2,
}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1_000}
_HAN_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WAN = 10_000
_SUFFIXES = {"k": 1_000, "m": 1_000_000, **_HAN_LARGE, **_HAN_SCALES}

_WORD = "|".join(sorted((*_UNITS, *_TENS, *_SCALES, "hundred"), key=len, reverse=True))
HAN_NUMBER = "[零〇一二两兩三四五六七八九十百千万萬亿億]+(?:点[零〇一二三四五六七八九]+)?"
WORD_NUMBER = rf"(?:an?[ ](?=hundred|thousand|million))?(?:{_WORD})(?:[ -](?:and[ ])?(?:{_WORD}))*"
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = (
    rf"(?:{DIGITS})(?:\s?(?:[万萬亿億百千]|[kKmM](?![A-Za-z])))?"
    rf"|{HAN_NUMBER}|\b(?:{WORD_NUMBER})\b"
)

_NUMBER = re.compile(rf"(?<![\d.A-Za-z])-?(?:{NUMBER})(?![\d])", re.IGNORECASE)
_HAN_COUNTED = re.compile(
    "[个件单份条块元点号天年月岁人位张台只次本箱包盒楼层万千百十]|$|[\\s，。,.!?！？]"
)
_ORDINAL = re.compile(
    rf"第(?P<han>\d+|{HAN_NUMBER})|\b(?P<digits>\d+)(?:st|nd|rd|th)\b"
    rf"|\b(?P<word>{'|'.join(_ORDINALS)})\b",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[Found]:
    """Yield the numbers of a text.

    A lone Chinese figure counts only where something is counted (`两个`, not `一样`).
    """
    for found in _NUMBER.finditer(text):
        said = found[0]
        if len(said) == 1 and said in _HAN_DIGITS and not _HAN_COUNTED.match(text[found.end() :]):
            continue
        if found.start() and text[found.start() - 1] == "第":
            continue
        value = number_of(said)
        if value is not None:
            yield Found(found.start(), found.end(), value)


def ordinals(text: str) -> Iterator[Found]:
    """Yield the places in an order: `third` is 3, `第二` is 2."""
    for found in _ORDINAL.finditer(text):
        word = found["word"]
        value = _ORDINALS[word.lower()] if word else number_of(found["han"] or found["digits"])
        if value is not None:
            yield Found(found.start(), found.end(), value)


def number_of(said: str) -> Number | None:
    """Return the number that these characters say, None where they say none."""
    said = said.strip().lower()
    sign = -1 if said.startswith("-") else 1
    said = said.lstrip("-")
    value: Number | None
    if said[:1].isdigit():
        value = _digits(said)
    elif said[:1].isascii():
        value = _words(said)
    else:
        value = _han(said)
    return None if value is None else _plain(sign * value)


def _plain(value: Number) -> Number:
    return int(value) if float(value).is_integer() else round(value, 6)


def _digits(said: str) -> Number:
    scale = 1
    while said[-1] in _SUFFIXES:
        scale *= _SUFFIXES[said[-1]]
        said = said[:-1].rstrip()
    return float(said.replace(",", "")) * scale


def _words(said: str) -> Number:
    total = current = 0
    for word in re.findall("[a-z]+", said):
        if word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
        elif word == "hundred":
            current = max(current, 1) * 100
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
    return total + current


def _han(said: str) -> Number | None:
    whole, _, part = said.partition("点")
    if not any(char in whole for char in (*_HAN_SCALES, *_HAN_LARGE)):
        value: Number = int("".join(str(_HAN_DIGITS[char]) for char in whole) or "0")
    else:
        value = _scaled(whole)
    if part:
        value += float("0." + "".join(str(_HAN_DIGITS[char]) for char in part))
    return value


def _scaled(said: str) -> int:
    """Return 二万三千零五 as 23005, and 二百五 as 250: a last figure counts in the next scale."""
    total = section = figure = 0
    scale = 10
    for char in said:
        if char in _HAN_LARGE:
            scale = _HAN_LARGE[char]
            said_before = section + figure
            total = total + said_before * scale if scale == _WAN else (total + said_before) * scale
            section = figure = 0
        elif char in _HAN_SCALES:
            scale = _HAN_SCALES[char]
            section += max(figure, 1) * scale
            figure = 0
        else:
            figure = _HAN_DIGITS[char]
            scale = scale if figure else 10
    return total + section + figure * (scale // 10 if scale > 10 else 1)
