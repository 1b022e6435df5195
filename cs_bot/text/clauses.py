"""Cuts a long question into its clauses: in a story, one of them asks."""

from __future__ import annotations

import re

from cs_bot.text.normalize import HAN

_ENDS = re.compile(r"[，。！？；：、,.!?;:\n]+")
_SPACED = re.compile(r"[，。！？；：、,.!?;:\s]+")
_UNIT = re.compile(rf"[{HAN}]|[^\W{HAN}_]+")
_HAN = re.compile(rf"[{HAN}]")
_LEAST_CHARACTERS = 4
_MOST = 24

_SHORT = 15
_LONG = 40


def clauses(text: str) -> list[str]:
    """Return the clauses of a normalised text, the text itself where it has but one."""
    ends = _SPACED if _HAN.search(text) else _ENDS
    found = [clause.strip() for clause in ends.split(text)]
    return [clause for clause in found if len(clause) >= _LEAST_CHARACTERS][:_MOST] or [text]


def rambling(text: str) -> float:
    """Return 0 for a question of up to 15 words (or characters of Chinese), 1 from 40 on."""
    units = len(_UNIT.findall(text))
    return min(1.0, max(0.0, (units - _SHORT) / (_LONG - _SHORT)))
