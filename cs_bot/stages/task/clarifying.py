"""Asks which of a few likely tasks is meant, and reads the answer; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from cs_bot.stages.task.policy import is_cancellation
from cs_bot.stages.task.text import bare

NEITHER = -1
"""The answer that none of the tasks is meant."""
ALL = -2
"""The answer that all of them are meant."""

_MOST = 3
_LEAST_OF_BEST = 0.25
"""Share of the best probability from which another task still comes into question."""
_CLEARLY = 0.75
"""Share of what all offered tasks have by which a message chooses one of them."""
_LONGEST = 40

_WORD = re.compile(r"[\w']+")
_Task = TypeVar("_Task")

_NEITHER = re.compile(
    r"(?:两个|两者|三个|这些)?(?:都|全)(?:不是|不对|不要|不用|不办|没有)(?:的|了|啊|呢)*|都不|不是|没有"
    r"|不是(?:这个|那个|这些|这两个|这三个)|没有我(?:要|想)的?|别的|其他的?|其它的?"
    r"|(?:no,? )?(?:neither|none)(?: of (?:them|these|those|the (?:two|three|above)))?"
    r"|no|nope|nothing|something else|not (?:these|those|either)|neither one|other"
)
_ALL = re.compile(
    r"(?:两个|两者|三个|这些|两件|三件)?(?:都|全)(?:要|要办|办|是|想办|需要)(?:的|了|吧)*|全部"
    r"|both(?: of (?:them|these|those))?(?:,? please)?|all(?: of (?:them|these|those)| three)?"
)
_BEFORE = (
    r"(?:就|选|是|我选|我要|要|办|嗯|那就|the |option |number |no\.? ?|i want |i mean |it's )*"
)
_AFTER = r"(?:个|项|种|条|件|一个|一项)?(?:吧|呀|啊|呢|的)*(?: one| option)?(?:,? please| then)?"
_PLACES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (at, re.compile(_BEFORE + rf"(?:{words})" + _AFTER))
    for at, words in (
        (0, "第一|第1|前者|前面那?|上面那?|一|1|1st|first|one|former"),
        (1, "第二|第2|二|2|2nd|second|two"),
        (2, "第三|第3|三|3|3rd|third|three"),
        (-1, "最后一?|后者|后面那?|last|latter"),
    )
)
_AROUND = re.compile(
    r"^(?:(?:那|就|我|是|想|要|办|选|帮|请|先|嗯"
    r"|the |i |want |would like |to |a |an |my |please )+)"
    r"|(?:(?:吧|呀|啊|呢|了|的|一下| please| then)+)$"
)


def options_of(ranked: Sequence[tuple[_Task, float]], together: float) -> tuple[_Task, ...]:
    """Return the two or three best tasks that are likely enough together, none if they are not.

    `ranked` are tasks with their calibrated probabilities, best first, of which none is clear.
    """
    if len(ranked) < 2 or together >= 1:
        return ()
    least = ranked[0][1] * _LEAST_OF_BEST
    likely = [item for item in ranked[:_MOST] if item[1] >= least]
    for count in range(2, len(likely) + 1):
        if sum(share for _, share in likely[:count]) >= together:
            return tuple(task for task, _ in likely[:count])
    return ()


def numbered(words: str, count: int) -> int | None:
    """Return which of this many tasks an answer points at: `the first`, `第二个`, `2`.

    `NEITHER` where it wants none of them, `ALL` where it wants all, None where it does not point.
    """
    said = bare(words).replace("’", "'")
    if not said or len(said) > _LONGEST:
        return None
    if _NEITHER.fullmatch(said) or is_cancellation(words):
        return NEITHER
    if _ALL.fullmatch(said):
        return ALL
    places = (at for at, place in _PLACES if place.fullmatch(said) and at < count)
    return next((at % count for at in places), None)


def named_in(words: str, names: Sequence[Sequence[str]]) -> int | None:
    """Return the only task of whose names these are words, or which they hold; None without one.

    `names` are those of each task.
    """
    said = bare(words).replace("’", "'")
    if not said or len(said) > _LONGEST:
        return None
    told = _AROUND.sub("", _AROUND.sub("", said))
    found = [at for at, own in enumerate(names) if any(_speaks_of(told, bare(n)) for n in own)]
    return found[0] if len(found) == 1 else None


def _speaks_of(said: str, title: str) -> bool:
    if said.isascii():
        words, known = set(_WORD.findall(said)), set(_WORD.findall(title))
        return bool(words) and (words <= known or known <= words)
    return (len(said) >= 2 and said in title) or title in said


def likeliest(shares: Sequence[float], background: float) -> int | None:
    """Return which of the offered tasks a message means by its own probability, if that is clear.

    `shares` are the probabilities of the offered tasks, `background` that it is no job at all.
    """
    together = sum(shares)
    best = max(range(len(shares)), key=lambda at: shares[at])
    clear = together > background and shares[best] >= _CLEARLY * together
    return best if clear else None
