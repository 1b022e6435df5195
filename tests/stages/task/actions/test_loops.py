"""A thread keeps its event loop, and nothing else, from one call to the next."""

import asyncio
import contextvars
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cs_bot.stages.task.actions.loops import ThreadLoops

WHO = contextvars.ContextVar("WHO", default="nobody")


@pytest.fixture
def loops() -> Iterator[ThreadLoops]:
    loops = ThreadLoops()
    yield loops
    loops.close()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


async def loop_here() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_a_thread_keeps_its_loop_and_another_has_its_own(
    loops: ThreadLoops, thread: ThreadPoolExecutor
) -> None:
    first, again = (thread.submit(lambda: loops.run(loop_here())).result() for _ in range(2))
    with ThreadPoolExecutor(1) as other:
        elsewhere = other.submit(lambda: loops.run(loop_here())).result()

    assert first is again
    assert elsewhere is not first


def test_what_a_call_leaves_behind_ends_with_it(
    loops: ThreadLoops, thread: ThreadPoolExecutor
) -> None:
    ended: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def start() -> Any:
        task = asyncio.create_task(linger())
        await asyncio.sleep(0)
        return task

    task = thread.submit(lambda: loops.run(start())).result()

    assert ended == ["cancelled"]
    assert task.cancelled()


def test_what_one_call_remembers_the_next_does_not(
    loops: ThreadLoops, thread: ThreadPoolExecutor
) -> None:
    async def swap() -> str:
        before = WHO.get()
        WHO.set("Anna")
        return before

    told = [thread.submit(lambda: loops.run(swap())).result() for _ in range(2)]

    assert told == ["nobody", "nobody"]


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_an_error_comes_out_and_the_loop_goes_on(
    loops: ThreadLoops, thread: ThreadPoolExecutor, error: type[BaseException]
) -> None:
    async def fail() -> None:
        raise error

    with pytest.raises(error):
        thread.submit(lambda: loops.run(fail())).result()

    assert thread.submit(lambda: loops.run(loop_here())).result().is_running() is False
