"""Terms follow the labels and the releases of a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from cs_bot.models.lane import Lane
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.judged import Judged, judged
from cs_bot.retrieval.labelled import LabelledRow
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.risk import Contract
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import Label, Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.encoder import WordEncoder
from cs_bot.types import QAPair

Asked = Callable[[Snapshot, Sequence[Label]], Judged]


class Judge:
    """Finds every label right, and remembers whom it was asked about."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def __call__(self, snapshot: Snapshot, labels: Sequence[Label]) -> Judged:
        self.asked.append((snapshot.release_id, len(labels)))
        rows = [LabelledRow(0.9, True, answerable=True) for _ in labels]
        return judged(rows, Contract(risk=0.05), snapshot.pairs)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    numbers, clock = count(1), FakeClock()
    stores = await open_stores(
        "sqlite:///bot.db", clock=clock, ids=lambda p: f"{p}_{next(numbers)}", directory=tmp_path
    )
    yield stores
    await stores.close()


def build(release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
    return Snapshot.build(release_id, pairs, WordEncoder())


async def contracts(stores: Stores, lane: Lane, judge: Asked, scope: str = "s") -> Contracts:
    snapshots = Snapshots(stores.knowledge, build, lane)
    await snapshots.refresh()
    return Contracts(stores.labels, snapshots, judge, lane, scope=scope, poll_seconds=0.001)


async def publish(stores: Stores, answer: str = "好的。") -> None:
    await stores.knowledge.import_pairs([QAPair("a", "能退吗", (), answer)], by="li")
    await stores.knowledge.publish(note="", by="li")


def labels(number: int) -> list[tuple[str, str | None]]:
    return [(f"问题 {n}", "a") for n in range(number)]


def cut_of(held: Contracts) -> float | None:
    assert held.terms is not None
    return held.terms.choice.cut


async def test_without_a_release_there_are_no_terms(stores: Stores, lane: Lane) -> None:
    held = await contracts(stores, lane, Judge())
    assert not await held.refresh()
    assert (held.terms, held.judged, held.key) == (None, None, "")


async def test_terms_are_found_again_when_somebody_labels(stores: Stores, lane: Lane) -> None:
    await publish(stores)
    judge = Judge()
    held = await contracts(stores, lane, judge)
    assert await held.refresh()
    assert cut_of(held) is None
    before = held.key
    assert not await held.refresh()
    await stores.labels.label(labels(100), by="li")
    assert await held.refresh()
    assert cut_of(held) == 0.9
    assert held.key != before
    assert judge.asked == [("r1", 0), ("r1", 100)]


async def test_without_a_stated_risk_nothing_is_asked(stores: Stores, lane: Lane) -> None:
    await publish(stores)
    await (await contracts(stores, lane, Judge())).refresh()
    snapshots, judge = Snapshots(stores.knowledge, build, lane), Judge()
    await snapshots.refresh()
    held = Contracts(stores.labels, snapshots, judge, lane, scope="s", active=False)
    assert not await held.refresh()
    assert not await held.refresh(ask=False)
    assert (held.terms, judge.asked) == (None, [])


async def test_another_process_takes_what_one_has_found(stores: Stores, lane: Lane) -> None:
    await publish(stores)
    await stores.labels.label(labels(100), by="li")
    await (await contracts(stores, lane, Judge())).refresh()
    rival = Judge()
    held = await contracts(stores, lane, rival)
    assert await held.refresh()
    assert held.terms is not None
    assert held.terms.choice.cut == 0.9
    assert rival.asked == []
    other = Judge()
    assert await (await contracts(stores, lane, other, scope="another encoder")).refresh()
    assert other.asked == [("r1", 100)]


async def test_a_start_begins_with_the_last_terms_and_asks_nothing(
    stores: Stores, lane: Lane
) -> None:
    await publish(stores)
    judge = Judge()
    held = await contracts(stores, lane, judge)
    assert not await held.refresh(ask=False)
    assert held.terms is None
    await stores.labels.label(labels(100), by="li")
    await held.refresh()
    await stores.labels.label([("新的", "a")], by="li")
    later = await contracts(stores, lane, judge)
    assert await later.refresh(ask=False)
    assert later.terms is not None
    assert later.terms.choice.labelled == 100
    assert await later.refresh()
    assert later.terms.choice.labelled == 101


async def test_the_watch_survives_a_store_that_is_down(stores: Stores, lane: Lane) -> None:
    await publish(stores)
    calls, loop, asked_again = count(), asyncio.get_running_loop(), asyncio.Event()

    def judge(snapshot: Snapshot, labels: Sequence[Label]) -> Judged:
        if next(calls) == 0:
            raise OSError("the endpoint is gone")
        loop.call_soon_threadsafe(asked_again.set)
        return Judge()(snapshot, labels)

    watch = asyncio.create_task((await contracts(stores, lane, judge)).follow())
    async with asyncio.timeout(10):
        await asked_again.wait()
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
