"""Runs coroutines in threads, each thread in an event loop of its own, which is kept.

A new loop for every call, as `asyncio.run` makes it, takes a quarter of a millisecond.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class ThreadLoops:
    """The event loops of some threads; what a call leaves behind in its loop ends with the call."""

    def __init__(self) -> None:
        self._here = threading.local()
        self._all: list[asyncio.Runner] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the coroutine to its end in this thread; raises what it raises."""
        runner = self._runner()
        try:
            return runner.run(work, context=contextvars.copy_context())
        finally:
            left = asyncio.all_tasks(runner.get_loop())
            if left:
                runner.run(_cancelled(left))

    def close(self) -> None:
        """Close the loops, whose threads must have ended."""
        for runner in self._all:
            runner.get_loop().close()
        self._all.clear()

    def _runner(self) -> asyncio.Runner:
        runner: asyncio.Runner | None = getattr(self._here, "runner", None)
        if runner is None:
            runner = self._here.runner = asyncio.Runner()
            self._all.append(runner)
        return runner


async def _cancelled(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
