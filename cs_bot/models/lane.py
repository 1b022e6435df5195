"""Runs models off the event loop: one thread, a bounded queue, and batches of what has gathered.

The only place that touches threads. Models are synchronous and batch-shaped; the rest is async.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from cs_bot.errors import Busy

B = TypeVar("B")


class Lane:
    """One worker thread with its own short queue; a full queue raises `Busy` at once."""

    def __init__(self, name: str, *, most_waiting: int = 64) -> None:
        self.name = name
        self._most_waiting = most_waiting
        self._waiting = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"lane-{name}")

    async def run(self, work: Callable[..., B], *arguments: Any) -> B:
        """Run the work in the lane's thread and return what it returns; raises `Busy`."""
        if self._waiting >= self._most_waiting:
            raise Busy(f"the lane {self.name} has {self._waiting} calls waiting")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the running call end and take no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class Batcher:
    """Gathers single calls while the lane is busy and runs them as one batch.

    A lone call goes straight through; nothing waits for company.
    """

    def __init__(
        self, lane: Lane, work: Callable[[list[Any]], Iterable[Any]], *, most: int = 32
    ) -> None:
        self._lane = lane
        self._work = work
        self._most = most
        self._gathered: list[tuple[Any, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None

    def __call__(self, item: Any) -> Awaitable[Any]:
        """Return a future of the item's result; a failing batch fails each of its calls."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._gathered.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._drain())
        return future

    async def _drain(self) -> None:
        while self._gathered:
            batch, self._gathered = self._gathered[: self._most], self._gathered[self._most :]
            await self._run(batch)

    async def _run(self, batch: list[tuple[Any, asyncio.Future[Any]]]) -> None:
        try:
            results = await self._lane.run(self._work, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed on to every caller of the batch
            _settle(batch, [error] * len(batch))
        else:
            _settle(batch, results)


def _settle(batch: list[tuple[Any, asyncio.Future[Any]]], results: Iterable[Any]) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
