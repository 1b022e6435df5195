"""Finds what has not happened yet by the question, and has to by the answer.

`The parcel has not been delivered yet, can I return it?` must not get `Within 7 days after delivery
you may return it`. A pair that speaks of both cases excludes neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cs_bot.retrieval.contrast.comparing import Mismatch
from cs_bot.retrieval.contrast.lexicon import stemmed
from cs_bot.text.normalize import HAN

_NOT_YET = re.compile(
    rf"(?:还没有?|还未|尚未|仍未|暂未|(?<![从并])未)(?:被|能)?(?P<event>[{HAN}]{{2}})"
)
_NOT_YET_LATIN = re.compile(
    r"\b(?:ha(?:s|ve|d)(?:n't| not)|not yet|yet to)(?: yet)?(?: been| be)?(?: yet)? "
    r"(?P<event>[a-z]{4,})"
)
_WITHIN = r"\d+ ?个?(?:天|日|小时|工作日|分钟)(?:之|以)?内"
_SENTENCE = re.compile(r"[^。;!?\n]+")
_BARRED = re.compile(r"无法|不能|不可|不支持|不予|不得|不再|\bnot\b|n't\b|\bno longer\b")
_LEAST_STEM = 4


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that has not happened, and how a text speaks of it."""

    written: str
    waits: re.Pattern[str]
    """Finds that it must have happened."""
    both: re.Pattern[str]
    """Finds that the text also speaks of the time before."""


def too_early(
    query: str, wordings: Iterable[str], answers: Callable[[], Iterable[str]]
) -> Mismatch | None:
    """Return what the answers wait for, and has not happened by the question, if anything.

    All texts are normalised; the answers are read only where something has not happened.
    """
    events = list(_events(query))
    if not events:
        return None
    said = [*wordings, *answers()]
    for event in events:
        if any(event.both.search(text) for text in said):
            continue
        waiting = next(filter(None, (_waiting(event, text) for text in said)), None)
        if waiting is not None:
            return Mismatch("condition", event.written, waiting)
    return None


def _waiting(event: _Event, text: str) -> str | None:
    """Return the words by which a sentence allows something only after the event."""
    for sentence in _SENTENCE.findall(text):
        found = event.waits.search(sentence)
        if found is not None and not _BARRED.search(sentence):
            return found[0]
    return None


def _events(query: str) -> Iterator[_Event]:
    for found in _NOT_YET.finditer(query):
        event = re.escape(found["event"])
        yield _Event(
            found[0],
            re.compile(rf"{event}[{HAN}]{{0,2}}?(?:之后|以后|后|起|之日|{_WITHIN})|已经?{event}"),
            re.compile(rf"[没未不无]有?(?:被|能)?{event}|{event}[{HAN}]{{0,2}}?[之以]?前"),
        )
    for found in _NOT_YET_LATIN.finditer(query):
        stem = stemmed(found["event"])
        if len(stem) >= _LEAST_STEM:
            between = rf"\s+(?:[a-z']+\s+){{0,4}}?{stem}[a-z]*"
            yield _Event(
                found[0],
                re.compile(rf"\b(?:after|once|upon|since|within [\w ]{{1,12}} of){between}"),
                re.compile(rf"(?:\b(?:before|not|until|unless|never)|n't){between}"),
            )
