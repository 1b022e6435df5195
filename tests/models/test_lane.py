from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from cs_bot.errors import Busy
from cs_bot.models.lane import Batcher, Lane


@pytest.fixture
def lane() -> Iterator[Lane]:
    lane = Lane("test", most_waiting=2)
    yield lane
    lane.close()


async def test_work_runs_in_one_thread_that_is_not_the_loop(lane: Lane) -> None:
    first = await lane.run(threading.get_ident)
    assert first == await lane.run(threading.get_ident)
    assert first != threading.get_ident()


async def test_an_error_in_the_work_reaches_the_caller(lane: Lane) -> None:
    with pytest.raises(ZeroDivisionError):
        await lane.run(lambda: 1 / 0)


async def test_a_full_lane_says_so_at_once_and_recovers(lane: Lane) -> None:
    gate = threading.Event()
    waiting = [asyncio.ensure_future(lane.run(gate.wait, 5)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="the lane test has 2 calls waiting"):
        await lane.run(str)
    gate.set()
    await asyncio.gather(*waiting)
    assert await lane.run(str) == ""


async def test_calls_that_gather_while_the_lane_is_busy_run_as_one_batch(lane: Lane) -> None:
    batches: list[list[int]] = []
    gate = threading.Event()

    def doubled(items: list[int]) -> list[int]:
        gate.wait(5)
        batches.append(items)
        return [item * 2 for item in items]

    ask = Batcher(lane, doubled)
    first = ask(0)
    await asyncio.sleep(0)
    rest = [ask(n) for n in range(1, 10)]
    gate.set()
    assert await asyncio.gather(first, *rest) == [n * 2 for n in range(10)]
    assert len(batches) <= 2


async def test_a_failing_batch_fails_each_of_its_calls_and_no_later_one(lane: Lane) -> None:
    def picky(items: list[str]) -> list[str]:
        if "bad" in items:
            raise ValueError(items)
        return items

    ask = Batcher(lane, picky)
    failed = await asyncio.gather(ask("bad"), ask("bad"), return_exceptions=True)
    assert [type(error) for error in failed] == [ValueError, ValueError]
    assert await ask("good") == "good"
