"""Decides what to do with candidates: answer, ask back, or stay silent; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cs_bot.settings import WrongValue
from cs_bot.types import Candidate

MOST_CANDIDATES = 10
_UNPROVEN = ("lists", "thresholds")
_PROBABILITIES = (
    "answer_threshold",
    "margin",
    "digression_threshold",
    "suggest_threshold",
    "least_listed",
)

Zone = Literal["answer", "suggest", "none"]


@dataclass(frozen=True, slots=True)
class KbqaSettings:
    """`[stages.kbqa]`: the probabilities at which the knowledge base speaks.

    Where labelled questions prove a cut for the stated risk, it takes the place of threshold and
    margin.
    """

    risk: float = 0.02
    """Share of direct answers that may be wrong; 0 makes no promise, and the thresholds hold."""
    unproven: str = "lists"
    """What holds while labelled questions prove no cut: `lists` or `thresholds`."""

    answer_threshold: float = 0.8
    """A direct answer is at least this probably right."""
    margin: float = 0.3
    """And more probable than the next candidate by this much."""
    digression_threshold: float = 0.9
    """The answer threshold while a task waits for a value."""
    suggest_threshold: float = 0.55
    """A list holds the right question at least this probably."""
    least_listed: float = 0.02
    """A line of the list is at least this probably right."""
    candidates: int = 5
    """Candidates in a trace and lines of a list, 1 to 10."""
    contrast_guard: bool = True
    """Whether a question that asks for the opposite of the best pair gets a list instead."""
    spelling: bool = True
    """Whether slips of spelling are read as the words of the knowledge base that are meant."""
    feedback: bool = False
    """Whether what customers choose and judge moves candidates, within bounds."""

    def __post_init__(self) -> None:
        if not 0 <= self.risk < 1:
            raise WrongValue("risk", "a share from 0 to below 1")
        if self.unproven not in _UNPROVEN:
            raise WrongValue("unproven", " or ".join(map(repr, _UNPROVEN)))
        for name in _PROBABILITIES:
            if not 0 <= getattr(self, name) <= 1:
                raise WrongValue(name, "a probability from 0 to 1")
        if not 1 <= self.candidates <= MOST_CANDIDATES:
            raise WrongValue("candidates", f"from 1 to {MOST_CANDIDATES}")


def decide(
    candidates: Sequence[Candidate], settings: KbqaSettings, *, in_task: bool = False
) -> Zone:
    """Return the zone the candidates (best first) fall into."""
    if not candidates:
        return "none"
    best = candidates[0].score
    second = candidates[1].score if len(candidates) > 1 else 0.0
    threshold = settings.digression_threshold if in_task else settings.answer_threshold
    if best >= threshold and best - second >= settings.margin:
        return "answer"
    likely = sum(candidate.score for candidate in candidates)
    return "suggest" if likely >= settings.suggest_threshold else "none"


def listed(candidates: Sequence[Candidate], settings: KbqaSettings) -> tuple[Candidate, ...]:
    """Return the candidates worth a line of a "did you mean" list."""
    return tuple(c for c in candidates if c.score >= settings.least_listed)
