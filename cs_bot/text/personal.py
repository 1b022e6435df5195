"""Finds personal data in free text: phone numbers, e-mail addresses, identity and bank cards.

Order, tracking and amount numbers look similar: check digits and number plans tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cs_bot.text.normalize import INVISIBLE

_ALONE = r"(?<![0-9A-Za-z_.])", r"(?![0-9A-Za-z_])"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x1D7CE + n: str(n % 10) for n in range(50)}  # digits of mathematical alphabets
    | {0x2460 + n: str(n + 1) for n in range(9)}  # in circles
    | {0x24EA: "0"}
    | dict.fromkeys((0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)), " ")
    | dict.fromkeys((0x2212, *range(0x2010, 0x2016)), "-")
)
"""Other ways to write digits, letters, spaces and dashes: numbers are pasted from everywhere."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Personal data at `text[start:end]`; kind is `phone`, `email`, `id_card` or `bank_card`."""

    start: int
    end: int
    kind: str


def personal_spans(text: str) -> tuple[PersonalSpan, ...]:
    """Return the personal data in the text, by place and without overlaps."""
    seen: Sequence[int] = range(len(text))
    if INVISIBLE.search(text):
        seen = [at for at in seen if not INVISIBLE.match(text[at])]
    plain = "".join([text[at] for at in seen]).translate(_PLAIN)
    if not any(char.isdigit() or char == "@" for char in plain):
        return ()
    found: list[PersonalSpan] = []
    for kind, pattern, holds in _KINDS:
        for match in pattern.finditer(plain):
            span = PersonalSpan(seen[match.start()], seen[match.end() - 1] + 1, kind)
            if holds(match[0]) and not _overlaps(span, found):
                found.append(span)
    return tuple(sorted(found, key=lambda span: span.start))


def _overlaps(span: PersonalSpan, others: Iterable[PersonalSpan]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _is_id_card(text: str) -> bool:
    """Check the date of birth and the check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    return _ID_CHECKS[total % 11] == text[-1].upper()


def _is_bank_card(text: str) -> bool:
    """Check the Luhn digit (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0


def _always(text: str) -> bool:
    return bool(text)


def _alone(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_ALONE[0]}(?:{pattern}){_ALONE[1]}", re.ASCII)


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", _alone(r"[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}"), _always),
    ("id_card", _alone(r"[1-8]\d{5}(?:18|19|20)\d{9}[\dXx]"), _is_id_card),
    # Visa, Mastercard, American Express, JCB, Discover and UnionPay number ranges
    (
        "bank_card",
        _alone(
            r"(?=4|5[1-5]|2[2-7]|3[457]|6[0-9])"
            r"(?:\d{15,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5})"
        ),
        _is_bank_card,
    ),
    # mainland China: mobile numbers, then area code and seven or eight digits
    ("phone", _alone(r"(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"), _always),
    ("phone", _alone(r"0\d{2,3}[ -]\d{7,8}(?:-\d{1,5})?"), _always),
    # E.164 with its plus sign (8 to 15 digits), and North America as it is written there
    ("phone", _alone(r"\+[1-9](?:[ .-]?\(?\d\)?){7,14}"), _always),
    ("phone", _alone(r"\(\d{3}\) ?\d{3}-\d{4}|\d{3}[-.]\d{3}[-.]\d{4}"), _always),
)
