"""Asks the stages of the cascade in order until one answers; knows nothing of what they do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from cs_bot.errors import Busy
from cs_bot.types import Abstain, Reply, Stage, Step, Trace, Turn

log = logging.getLogger(__name__)

FALLBACK = "fallback"


@runtime_checkable
class FailsClosed(Protocol):
    """A stage whose failure must end the turn, because going on without it would not be safe."""

    def when_broken(self, turn: Turn) -> Reply:
        """Return what to say when the stage crashed or was late."""
        ...


class Router:
    """A cascade: stages in order, each with a time budget; the last words when all abstain."""

    def __init__(
        self,
        stages: Sequence[Stage],
        last_words: Callable[[Turn], Reply],
        *,
        budget_seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._stages = tuple(stages)
        self._last_words = last_words
        self._budget_seconds = budget_seconds
        self._clock = clock

    async def route(self, turn: Turn) -> Trace:
        """Return the first reply and the steps that led to it."""
        for stage in self._stages:
            started = self._clock()
            outcome = await self._ask(stage, turn)
            turn = _after(turn, self._step(stage, outcome, started), outcome.logged_text)
            if isinstance(outcome, Reply):
                return Trace(outcome, stage.name, turn.steps, turn.logged_text)
        return Trace(self._last_words(turn), FALLBACK, turn.steps, turn.logged_text)

    async def _ask(self, stage: Stage, turn: Turn) -> Reply | Abstain:
        try:
            async with asyncio.timeout(self._budget_seconds):
                return await stage.handle(turn)
        except TimeoutError:
            return self._broken(stage, turn, "timeout")
        except Busy:
            return self._broken(stage, turn, "busy")
        except Exception:  # a broken stage must not silence the ones after it
            log.exception("stage %s failed in %s", stage.name, turn.message.conversation_id)
            return self._broken(stage, turn, "error")

    def _broken(self, stage: Stage, turn: Turn, reason: str) -> Reply | Abstain:
        return stage.when_broken(turn) if isinstance(stage, FailsClosed) else Abstain(reason)

    def _step(self, stage: Stage, outcome: Reply | Abstain, started: float) -> Step:
        ms = round((self._clock() - started) * 1000, 3)
        named = "answered" if isinstance(outcome, Reply) else outcome.reason
        return Step(stage.name, named, ms, outcome.candidates, outcome.detail)


def _after(turn: Turn, step: Step, logged_text: str | None) -> Turn:
    kept = turn.logged_text if logged_text is None else logged_text
    return replace(turn, steps=(*turn.steps, step), logged_text=kept)
