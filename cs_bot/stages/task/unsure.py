"""Takes an unsure message for `nlu_fallback`, as Rasa's FallbackClassifier does; pure."""

from __future__ import annotations

from dataclasses import replace

from cs_bot.stages.task.project import NLU_FALLBACK, Project, Thresholds
from cs_bot.stages.task.story import told_intents
from cs_bot.types import Intent, Reading

_SHARPER = 1.5
"""Our probabilities say how often an intent is right. Rasa's thresholds are chosen for a network
that is surer than it is right: modern ones by a temperature of 1.5 and more (Guo et al. 2017)."""

_RATHER_WRONG = 0.4
"""However sharp: an intent less likely than this is more often wrong than right."""


def falls_back(project: Project) -> bool:
    """Tell whether a rule or story of the project says what follows an unsure message."""
    return project.thresholds.nlu is not None and NLU_FALLBACK in told_intents(project.stories)


def with_fallback(reading: Reading, thresholds: Thresholds) -> Reading:
    """Return the reading, `nlu_fallback` before its intents where none of these is sure enough.

    A reading without intents stays as it is: nobody knows what it means, not even how unsure it is.
    """
    if not reading.intents or not is_unsure(reading, thresholds):
        return reading
    fallback = Intent(NLU_FALLBACK, 1.0 - reading.intents[0].probability)
    return replace(reading, intents=(fallback, *reading.intents), retrieved=None)


def is_unsure(reading: Reading, thresholds: Thresholds) -> bool:
    """Tell whether the best intent is too improbable or too near to the next one."""
    likely, least = reading.intents[0].probability, thresholds.nlu or 0.0
    if likely < max(reading.background, min(least, _RATHER_WRONG)):
        return True
    best, second, *_ = (*_sharpened(reading), 0.0)
    return best < least or best - second < (thresholds.ambiguity or 0.0)


def _sharpened(reading: Reading) -> list[float]:
    """Return the confidence in each intent as a network would have it."""
    shares = [intent.probability**_SHARPER for intent in reading.intents]
    whole = sum(shares) + reading.background**_SHARPER
    return [share / whole for share in shares]
