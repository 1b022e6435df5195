"""Counts failed log-ins per name and address; knows neither passwords nor the time of day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cs_bot.admin.refusals import Refused
from cs_bot.admin.sentences import says

_MOST_FAILURES = 5
_WINDOW = timedelta(minutes=5)
_MOST_KEYS = 10_000


class Throttle:
    """At most five failures in five minutes for each key.

    An attempt counts from its start, so that many at once cannot slip through together.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._attempts: dict[str, list[datetime]] = {}

    def begin(self, key: str) -> None:
        """Count an attempt; raises `Refused` with the seconds to wait when there were too many."""
        now = self._clock()
        recent = [at for at in self._attempts.pop(key, ()) if at > now - _WINDOW]
        if len(recent) >= _MOST_FAILURES:
            self._attempts[key] = recent
            raise _too_many(recent[0] + _WINDOW - now)
        self._attempts[key] = [*recent, now]
        self._forget_oldest()

    def succeed(self, key: str) -> None:
        """Forget the failures of a key that has shown the right password."""
        self._attempts.pop(key, None)

    def _forget_oldest(self) -> None:
        """Keep memory bounded: the key attempted longest ago leaves first."""
        while len(self._attempts) > _MOST_KEYS:
            del self._attempts[next(iter(self._attempts))]


def _too_many(wait: timedelta) -> Refused:
    seconds = max(1, round(wait.total_seconds()))
    sentence = says("too_many_attempts", seconds=seconds)
    return Refused("rate_limited", sentence, retry_after_seconds=seconds)
