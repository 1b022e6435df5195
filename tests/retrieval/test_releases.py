from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import pytest

from cs_bot.errors import EncoderDown
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.testing.encoder import WordEncoder
from cs_bot.types import QAPair


class Published:
    """The two questions `Snapshots` asks a knowledge store."""

    def __init__(self) -> None:
        self.current: str | None = None
        self.down = False

    def publish(self, release_id: str | None) -> None:
        self.current = release_id

    async def current_release(self) -> str | None:
        if self.down:
            raise OSError("the database is gone")
        return self.current

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        return (QAPair("return", "怎么退货", (), f"answer of {release_id}"),)


def following(published: Published, lane: Lane, built: list[str] | None = None) -> Snapshots:
    def build(release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        if built is not None:
            built.append(release_id)
        return Snapshot.build(release_id, pairs, WordEncoder())

    store = cast(KnowledgeStore, published)
    return Snapshots(store, build, lane, poll_seconds=0.001)


async def test_nothing_answers_before_the_first_release(lane: Lane) -> None:
    snapshots = following(Published(), lane)
    assert not await snapshots.refresh()
    assert (snapshots.current, snapshots.release(), snapshots.of("r1")) == (None, None, None)


async def test_a_published_release_answers_after_a_refresh(lane: Lane) -> None:
    published = Published()
    snapshots = following(published, lane)
    published.publish("r1")
    assert await snapshots.refresh()
    assert snapshots.release() == "r1"
    assert not await snapshots.refresh()


async def test_a_turn_stays_in_the_release_it_began_with(lane: Lane) -> None:
    published = Published()
    snapshots = following(published, lane)
    for release in ("r1", "r2"):
        published.publish(release)
        await snapshots.refresh()
    began = snapshots.of("r1")
    assert began is not None
    assert began.release_id == "r1"
    gone = snapshots.of("r0")
    assert gone is snapshots.current


async def test_rolling_back_one_release_builds_nothing(lane: Lane) -> None:
    published, built = Published(), list[str]()
    snapshots = following(published, lane, built)
    for release in ("r1", "r2", "r1"):
        published.publish(release)
        await snapshots.refresh()
    assert snapshots.release() == "r1"
    assert built == ["r1", "r2"]


async def test_two_refreshes_at_once_build_once(lane: Lane) -> None:
    published, built = Published(), list[str]()
    snapshots = following(published, lane, built)
    published.publish("r1")
    assert sorted(await asyncio.gather(snapshots.refresh(), snapshots.refresh())) == [False, True]
    assert built == ["r1"]


async def test_following_survives_a_store_that_is_down_for_a_while(lane: Lane) -> None:
    published = Published()
    published.publish("r1")
    published.down = True
    snapshots = following(published, lane)
    watch = asyncio.create_task(snapshots.follow())
    await asyncio.sleep(0.01)
    assert snapshots.current is None
    published.down = False
    async with asyncio.timeout(5):
        while snapshots.release() != "r1":  # noqa: ASYNC110 - what is tested is a poll
            await asyncio.sleep(0.001)
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


async def test_queries_go_on_while_releases_are_swapped(lane: Lane) -> None:
    published, searching = Published(), Lane("search")
    snapshots, vectors = following(published, lane), QueryVectors(WordEncoder(), searching)
    published.publish("r0")
    await snapshots.refresh()
    seen: set[str] = set()

    async def ask() -> None:
        for _ in range(50):
            snapshot = snapshots.of(snapshots.release())
            assert snapshot is not None
            vector = await vectors.of("怎么退货")
            best = (await searching.run(snapshot.search, "怎么退货", vector))[0]
            assert snapshot.pairs[best.id].answer == f"answer of {snapshot.release_id}"
            seen.add(snapshot.release_id)

    async def swap() -> None:
        for number in range(1, 20):
            published.publish(f"r{number}")
            await snapshots.refresh()

    await asyncio.gather(swap(), *(ask() for _ in range(8)))
    searching.close()
    assert len(seen) > 2


async def test_a_release_built_by_words_is_made_whole_when_the_encoder_is_back(lane: Lane) -> None:
    published, tried = Published(), list[str]()
    published.publish("r1")

    def restore(release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        tried.append(release_id)
        if len(tried) < 3:
            raise EncoderDown("host.test", "cannot be reached")
        return Snapshot.build(release_id, pairs, WordEncoder())

    snapshots = Snapshots(
        cast(KnowledgeStore, published),
        lambda release_id, pairs: Snapshot.by_words(release_id, pairs),
        lane,
        restore=restore,
        join=lambda snapshot: snapshot.joined(WordEncoder()),
        poll_seconds=0.001,
    )
    await snapshots.refresh()

    def current() -> Snapshot:
        assert snapshots.current is not None
        return snapshots.current

    seen = {(current().has_first, current().has_second)}
    assert seen == {(False, False)}
    watch = asyncio.create_task(snapshots.follow())
    async with asyncio.timeout(5):
        while not (current().has_first and current().has_second):
            seen.add((current().has_first, current().has_second))
            await asyncio.sleep(0.001)
    assert (False, True) in seen  # the second encoder did not wait for the first
    assert tried == ["r1"] * 3
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


async def test_the_answers_are_read_after_a_release_answers_be_the_encoder_down(lane: Lane) -> None:
    published = Published()
    published.publish("r1")

    def restore(release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        raise EncoderDown("host.test", "cannot be reached")

    snapshots = Snapshots(
        cast(KnowledgeStore, published),
        lambda release_id, pairs: Snapshot.by_words(release_id, pairs),
        lane,
        restore=restore,
    )
    await snapshots.refresh()
    assert snapshots.current is not None
    assert not snapshots.current.has_answers
    with pytest.raises(EncoderDown):
        await snapshots.complete()
    assert snapshots.current.has_answers


async def test_the_second_encoder_reads_a_release_after_it_answers(lane: Lane) -> None:
    published = Published()
    published.publish("r1")
    snapshots = Snapshots(
        cast(KnowledgeStore, published),
        lambda release_id, pairs: Snapshot.build(release_id, pairs, WordEncoder()),
        lane,
        join=lambda snapshot: snapshot.joined(WordEncoder()),
    )
    await snapshots.refresh()
    first = snapshots.current
    assert first is not None
    assert not first.has_second
    await snapshots.complete()
    second = snapshots.current
    assert second is not None
    assert second.has_second
    assert second.release_id == first.release_id
    await snapshots.complete()
    assert snapshots.current is second
