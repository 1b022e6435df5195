"""Numbers that are names: of phones, of orders and parcels; and addresses of mail and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cs_bot.stages.task.recognisers.found import Found

_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.])(?:\+\d{1,3}[ -]?)?"
    r"(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    r"|0\d{2,3}[ -]?\d{7,8}"
    r"|\(\d{3}\)[ ]?\d{3}[ -]\d{4}|\d{3}[ .-]\d{3}[ .-]\d{4}"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
    r"|(?<=\+)\d{7,14}|(?<=\d[ -])\d{7,12})(?![0-9A-Za-z_])"
)
_ORDER = re.compile(
    r"(?<![0-9A-Za-z_@.-])(?=[A-Za-z0-9-]*\d{5})[A-Za-z]{0,4}-?\d{6,24}(?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", re.ASCII)
_URL = re.compile(r"https?://[^\s，。；、）)]{1,2000}|www\.[^\s，。；、）)]{1,2000}", re.IGNORECASE)


def phones(text: str) -> Iterator[Found]:
    """Yield phone numbers, as digits with a leading `+` where one is written."""
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
            yield Found(found.start(), found.end(), ("+" if "+" in found[0] else "") + digits)


def orders(text: str) -> Iterator[Found]:
    """Yield numbers of orders and parcels: up to four letters, six digits and more; no phones."""
    taken = [(found.start, found.end) for found in phones(text)]
    for found in _ORDER.finditer(text):
        if not any(start < found.end() and found.start() < end for start, end in taken):
            yield Found(found.start(), found.end(), found[0].upper())


def emails(text: str) -> Iterator[Found]:
    """Yield e-mail addresses."""
    return (Found(found.start(), found.end(), found[0]) for found in _EMAIL.finditer(text))


def urls(text: str) -> Iterator[Found]:
    """Yield addresses of pages."""
    return (Found(found.start(), found.end(), found[0]) for found in _URL.finditer(text))
