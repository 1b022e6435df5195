"""Changes one thing in a question so that another answer is right: words, units, numbers, denial.

Knows no knowledge base and no guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cs_bot.retrieval.contrast.word_files import Contrast, Unit
from cs_bot.text.normalize import HAN

Half = Literal["development", "test"]

_HAN = re.compile(f"[{HAN}]")
_YEAR = re.compile(r"(?<![\d.])20\d\d(?![\d.])")
_MODEL = re.compile(r"(?<![A-Za-z\d])([A-Za-z]+[ -]?)(\d{1,4})(?![\d.,:%A-Za-z]|\s*[年月日号天周])")
_WEEKDAY = re.compile(r"(周|星期|礼拜)([一二三四五六日])")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Change:
    """A rewritten question: what kind of thing was changed, by which half of the lists."""

    text: str
    kind: str
    half: Half
    replaced: str = ""
    """The word that made place for another, in small letters."""
    instead: str = ""
    """The listed word that took its place."""


def exchanged(text: str, rows: Iterable[Contrast], half: Half) -> Iterator[Change]:
    """Yield the question with a word replaced by one of another side of its row."""
    lower = text.casefold()
    for row in rows:
        words = [(n, word) for n, side in enumerate(row.sides) for word in side if word in lower]
        held = [(side, word) for side, word in words if _pattern(word).search(text)]
        if held and len({side for side, _ in held}) == 1:
            side, word = max(held, key=lambda item: len(item[1]))
            other = _other_side(row, side, word)
            if other:
                yield Change(_pattern(word).sub(other, text), row.kind, half, word, other)


def _other_side(row: Contrast, side: int, word: str) -> str:
    """Return a word of the next side, in the same script."""
    sides = (*row.sides[side + 1 :], *row.sides[:side])
    latin = word.isascii()
    fitting = [other for words in sides for other in words if other.isascii() == latin]
    return fitting[0] if fitting else ""


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return what finds the word: Latin ones as a whole, Chinese ones of two characters or more."""
    if not word.isascii():
        return re.compile(re.escape(word) if len(word) > 1 else "(?!)")
    return re.compile(rf"(?<![A-Za-z\d'-]){re.escape(word)}(?![A-Za-z\d'-])", re.IGNORECASE)


def remeasured(text: str, units: Mapping[str, Unit], half: Half) -> Iterator[Change]:
    """Yield the question with another number, and with another unit of the same dimension."""
    names = tuple(sorted(units, key=len, reverse=True))
    found = _measure(names).search(text)
    if found is None:
        return
    yield Change(_with(text, found, 1, _another(found[1])), "number", half, found[1])
    others = [name for name in names if _differ(units, name, found[3].lower())]
    fitting = [name for name in others if name.isascii() == found[3].isascii()]
    if fitting:
        yield Change(_with(text, found, 3, fitting[0]), "number", half, found[1])


@cache
def _measure(names: Sequence[str]) -> re.Pattern[str]:
    units = "|".join(map(_unit_pattern, names))
    return re.compile(rf"(?<![\dA-Za-z.])(\d+)([ -]?)({units})", re.IGNORECASE)


def _unit_pattern(name: str) -> str:
    return rf"{re.escape(name)}(?![A-Za-z])" if name.isascii() else re.escape(name)


def _differ(units: Mapping[str, Unit], name: str, used: str) -> bool:
    one, other = units[name], units[used]
    return one.dimension == other.dimension and one.factor != other.factor


def _another(number: str) -> str:
    return str(int(number) * 2 if int(number) else 5)


def _with(text: str, found: re.Match[str], group: int, instead: str) -> str:
    return text[: found.start(group)] + instead + text[found.end(group) :]


def redated(text: str) -> Iterator[Change]:
    """Yield the question with another year, month or day of the week."""
    year, month, day = _YEAR.search(text), _MONTH.search(text), _WEEKDAY.search(text)
    if year:
        yield Change(_with(text, year, 0, str(int(year[0]) + 1)), "date", "test", year[0])
    if month:
        yield Change(_with(text, month, 1, str(int(month[1]) % 12 + 1)), "date", "test", month[0])
    if day:
        other = _WEEKDAYS[(_WEEKDAYS.index(day[2]) + 2) % 7]
        yield Change(_with(text, day, 2, other), "date", "test", day[0])


def remodelled(text: str) -> Iterator[Change]:
    """Yield the question about the next model: `iPhone 13`, `P40`."""
    found = _MODEL.search(text)
    if found is not None and not _YEAR.fullmatch(found[2]):
        yield Change(
            _with(text, found, 2, str(int(found[2]) + 1)), "name", "test", found[0].casefold()
        )


def denied(text: str, verbs: Sequence[str]) -> Iterator[Change]:
    """Yield the question denied, or affirmed where it denies; none where a negation only asks."""
    if _ONLY_ASKS.search(text):
        return
    rules = _CHINESE if _HAN.search(text) else _ENGLISH
    for pattern, instead in rules:
        changed = pattern.sub(instead, text, count=1)
        if changed != text:
            if not _ONLY_ASKS.search(changed):
                yield Change(changed, "negation", "test")
            return
    if _HAN.search(text):
        ways = "|".join(map(re.escape, verbs))
        changed = re.sub(rf"(怎么|如何|怎样|想|我要)({ways})", r"\1不\2", text, count=1)
        if changed != text:
            yield Change(changed, "negation", "test")


_ONLY_ASKS = re.compile(
    rf"([{HAN}])[不没]\1"
    r"|(?:^|[,.!?]\s*|^well )\w+n't (?:i|you|we|they|it|he|she|there|this|that)\b",
    re.IGNORECASE,
)
"""`支不支持` and `Aren't you open?` want the answer of `支持吗` and `Are you open?`."""
_CHINESE = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(?<!能)(?<!可)(?<!是)(?<!会)不(能|可以|会|支持|允许|需要|显示|提供)", r"\1"),
        (r"无法", "可以"),
        (r"(收|找|连|登|进|打)不(到|上|开|去)", r"\1\2"),
        (r"(?<!有)(?<!发)没有?(收到|到账|显示|更新|发货|成功)", r"\1"),
        (r"未(?!来|必)", "已"),
        (r"(可以|支持|允许|需要|提供|收到|显示)(?!不|没)", r"不\1"),
        (r"(?<![功可智性不只才职节])能(?![不否力量够])", "不能"),
    )
)
_ENGLISH = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\bcan(?:'t|not)\b", "can"),
        (r"\bwon't\b", "will"),
        (r"\b(\w+)n't\b", r"\1"),
        (r"\b(?:not|never) ", ""),
        (r"\bwithout\b", "with"),
        (r"\b(can|could|will|should|is|was|have|has) (i|we|they|it|there)\b", r"\1 \2 not"),
        (r"\b(do|does|did) (i|you|we|they|it)\b", r"\1 \2 not"),
        (r"\b(can|could|will|should|am) (?!you|i\b|we)", r"\1 not "),
    )
)
