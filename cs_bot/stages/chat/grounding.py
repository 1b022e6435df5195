"""Says what a generated text claims without evidence: figures, prices, dates, contacts, links.

Pure; it does not know who wrote the text or what happens to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ADDRESS = re.compile(
    r"https?://[^\s，。；）)]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|co|uk|de|shop|store|app|me|top|info|biz)\b[^\s，。；）)]*",
    re.ASCII,
)
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_AMOUNT_ZH = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿半]+(?:多|几|来)?个?"
    r"(?:元|块|毛|角|折|天|日|小时|分钟|秒|周|星期|工作日|月|年|成|倍|公斤|千克|克)"
)
_NUMBER_EN = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|a few|several)"
)
_AMOUNT_EN = re.compile(
    rf"\b{_NUMBER_EN}(?:[ -]{_NUMBER_EN})*[ -](?:business |working )?"
    r"(?:dollars?|euros?|pounds?|yuan|percent|per cent|cents?|minutes?|hours?|days?|weeks?|months?"
    r"|years?|kilos?|times)\b"
)
_EVERYDAY = frozenset({"一天", "一日", "一年", "半天", "两天", "一倍"})
"""Turns of phrase that promise nothing ("祝您一天愉快")."""


def ungrounded(text: str, evidence: Iterable[str]) -> tuple[str, ...]:
    """Return the claims of the text that no piece of evidence holds, in their order."""
    known = [_plain(piece) for piece in evidence]
    addresses = {match for piece in known for match in _ADDRESS.findall(piece)}
    figures = {_figure(match) for piece in known for match in _FIGURE.findall(piece)}
    words = _plain(text)
    rest = _ADDRESS.sub(" ", words)
    missing = [item for item in _ADDRESS.findall(words) if item not in addresses]
    missing += [item for item in _FIGURE.findall(rest) if _figure(item) not in figures]
    amounts = [*_AMOUNT_ZH.findall(rest), *_AMOUNT_EN.findall(rest)]
    missing += [
        item for item in amounts if item not in _EVERYDAY and not any(item in k for k in known)
    ]
    return tuple(missing)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _figure(written: str) -> str:
    """Return a number as such: `1,299` and `1299` are the same, `12.50` and `12.5` too."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", written)
    return plain.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", plain) else plain
