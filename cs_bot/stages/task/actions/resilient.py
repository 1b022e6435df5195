"""Runs actions wherever they are: again where that is safe, and not at all while they rest."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_bot.stages.task.actions.breaker import Breakers
from cs_bot.stages.task.actions.execution import execution_key, with_key
from cs_bot.stages.task.actions.failures import ActionFailed, ActionRejected
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts, Actions
from cs_bot.stages.task.actions.settings import ActionSettings

log = logging.getLogger(__name__)

_TELLS_NOTHING = frozenset({"busy", "unknown"})
"""Kinds of failures that are no sign of a broken action: too many asked, or there is no code."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance: `clock` in seconds, `sleep` for seconds, `chance` from 0 to 1."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = field(default=random.random)


class ResilientActions:
    """The actions of a bot, of all its sources; of two that have one of a name the first runs it.

    One execution, its repetitions included, takes no longer than `timeout_seconds`.
    """

    def __init__(
        self,
        sources: Sequence[Actions],
        settings: ActionSettings,
        *,
        timeout_seconds: float,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._sources = tuple(sources)
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._around = surroundings or Surroundings()
        self._breakers = Breakers(
            rest_after=settings.rest_after,
            rest_seconds=settings.rest_seconds,
            clock=self._around.clock,
        )

    @property
    def names(self) -> frozenset[str]:
        """The actions of all sources."""
        return frozenset().union(*(source.names for source in self._sources))

    def facts(self, name: str) -> ActionFacts:
        """Return what the source and the settings know of an action."""
        source = self._source(name)
        known = ActionFacts() if source is None else source.facts(name)
        return ActionFacts(
            changes=known.changes or name in self._settings.changing,
            idempotent=known.idempotent or name in self._settings.idempotent,
        )

    async def run(self, name: str, tracker: Mapping[str, Any]) -> ActionOutcome:
        """Run one action; raises `ActionFailed`, or `ActionRejected` when the action says so."""
        source = self._source(name)
        if source is None:
            raise ActionFailed(name, "it has no code", "unknown", reached=False)
        key = execution_key(name, tracker)
        until = self._around.clock() + self._timeout_seconds
        reached = False
        attempt = 1
        while True:
            try:
                return await self._attempt(source, name, with_key(tracker, key), until)
            except ActionFailed as failure:
                reached = reached or failure.reached
                wait_seconds = self._wait(name, attempt, failure, until)
                if wait_seconds is None:
                    failure.unsure = reached and self.facts(name).changes
                    raise
                log.info("%s; attempt %s follows in %.1f s", failure, attempt + 1, wait_seconds)
            await self._around.sleep(wait_seconds)
            attempt += 1

    def _source(self, name: str) -> Actions | None:
        return next((source for source in self._sources if name in source.names), None)

    async def _attempt(
        self, source: Actions, name: str, tracker: Mapping[str, Any], until: float
    ) -> ActionOutcome:
        """Run the action once, through its circuit breaker."""
        refusal = self._breakers.refusal(name)
        if refusal is not None:
            raise ActionFailed(name, refusal, "resting", reached=False)
        told = self._breakers.unknown  # cancelled, or an error of our own
        try:
            outcome = await self._in_time(source, name, tracker, until)
            told = self._breakers.succeeded
        except ActionRejected:
            told = self._breakers.succeeded
            raise
        except ActionFailed as failure:
            if failure.kind not in _TELLS_NOTHING:
                told = self._breakers.failed
            raise
        finally:
            told(name)
        return outcome

    async def _in_time(
        self, source: Actions, name: str, tracker: Mapping[str, Any], until: float
    ) -> ActionOutcome:
        try:
            async with asyncio.timeout(max(0.0, until - self._around.clock())):
                return await source.run(name, tracker)
        except TimeoutError:
            why = f"no answer within {self._timeout_seconds:g} s, repetitions included"
            raise ActionFailed(name, why, "late") from None

    def _wait(self, name: str, attempt: int, failure: ActionFailed, until: float) -> float | None:
        """Return the seconds to wait before the next attempt; None where there must not be one.

        Full jitter: any time up to the bound, which doubles from attempt to attempt.
        """
        safe = not failure.reached or self.facts(name).idempotent
        if not (failure.retryable and safe) or attempt >= self._settings.attempts:
            return None
        bound = self._settings.backoff_seconds * 2.0 ** (attempt - 1)
        wait = self._around.chance() * min(bound, self._settings.most_backoff_seconds)
        wait = max(wait, failure.wait_seconds)
        return wait if self._around.clock() + wait < until else None
