"""Contract tests of releases: publish, roll back, and what drafts are compared with."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from cs_bot.errors import Conflict, NotFound
from cs_bot.stores.protocols import DraftDiff, KnowledgeStore, PairQuery, Release
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, pair


class ReleaseContract:
    """Needs the fixtures of `KnowledgeStoreContract`."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_before_the_first_release_nothing_answers(
        self, knowledge: KnowledgeStore
    ) -> None:
        assert await knowledge.current_release() is None
        assert await knowledge.releases() == ()
        with pytest.raises(NotFound):
            await knowledge.release_pairs("r1")

    async def test_publishing_freezes_the_drafts(self, knowledge: KnowledgeStore) -> None:
        await knowledge.import_pairs([pair("b"), pair("a"), pair("c")], by="li")
        await knowledge.archive_pair("c", by="li")
        release = await knowledge.publish(note="第一版", by="li")
        assert release == Release("r1", AT, "li", "第一版", pairs=2, current=True)
        assert await knowledge.current_release() == "r1"
        await knowledge.update_pair(pair("a", answer="新"), version=1, by="li")
        await knowledge.archive_pair("b", by="li")
        assert await knowledge.release_pairs("r1") == (pair("a"), pair("b"))

    async def test_nothing_new_is_nothing_to_publish(self, knowledge: KnowledgeStore) -> None:
        with pytest.raises(Conflict):
            await knowledge.publish(note="", by="li")
        await knowledge.create_pair(pair(), by="li")
        await knowledge.publish(note="", by="li")
        with pytest.raises(Conflict):
            await knowledge.publish(note="", by="li")
        assert len(await knowledge.releases()) == 1

    async def test_an_edit_taken_back_is_nothing_to_publish(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        await knowledge.publish(note="", by="li")
        await knowledge.update_pair(pair(answer="新"), version=1, by="li")
        assert (await knowledge.pair("ec-001")).status == "changed"
        await knowledge.update_pair(pair(), version=2, by="li")
        assert (await knowledge.pair("ec-001")).status == "published"
        assert await knowledge.draft_diff() == DraftDiff((), (), ())

    async def test_the_diff_says_what_publishing_would_change(
        self, knowledge: KnowledgeStore
    ) -> None:
        kept, edited, archived = pair("a"), pair("b"), pair("c", "旧问题")
        await knowledge.import_pairs([kept, edited, archived], by="li")
        await knowledge.publish(note="", by="li")
        await knowledge.update_pair(replace(edited, question="新问法"), version=1, by="li")
        await knowledge.archive_pair("c", by="li")
        await knowledge.create_pair(pair("d", "新问题"), by="li")
        await knowledge.create_pair(pair("e"), by="li")
        await knowledge.archive_pair("e", by="li")
        assert await knowledge.draft_diff() == DraftDiff(
            added=(("d", "新问题"),), changed=(("b", "新问法"),), removed=(("c", "旧问题"),)
        )
        page = await knowledge.pairs(PairQuery())
        assert page.pending == 3
        statuses = {item.pair.id: item.status for item in page.items}
        assert statuses == {"a": "published", "b": "changed", "d": "draft"}
        changed = await knowledge.pairs(PairQuery(status="changed"))
        assert ([item.pair.id for item in changed.items], changed.total) == (["b"], 1)

    async def test_rolling_back_moves_only_the_pointer(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        await knowledge.publish(note="", by="li")
        second = await knowledge.update_pair(pair(answer="新"), version=1, by="li")
        await knowledge.publish(note="", by="li")
        rolled = await knowledge.rollback("r1", by="wang")
        assert (rolled.id, rolled.current) == ("r1", True)
        assert await rival.current_release() == "r1"
        assert [(one.id, one.current) for one in await knowledge.releases()] == [
            ("r2", False),
            ("r1", True),
        ]
        assert (await knowledge.pair("ec-001")).pair == second.pair
        assert (await knowledge.pair("ec-001")).status == "changed"
        assert (await knowledge.publish(note="", by="li")).id == "r3"

    @pytest.mark.parametrize("release_id", ["r9", "1", "r01", "r", "r-1", "r１"])
    async def test_a_release_that_never_was_is_not_found(
        self, knowledge: KnowledgeStore, release_id: str
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        await knowledge.publish(note="", by="li")
        with pytest.raises(NotFound):
            await knowledge.rollback(release_id, by="li")
        with pytest.raises(NotFound):
            await knowledge.release_pairs(release_id)
        assert await knowledge.current_release() == "r1"

    async def test_of_publishers_at_once_one_publishes(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair(f"p-{n}") for n in range(50)], by="li")
        tries = await asyncio.gather(
            *(store.publish(note="", by="li") for store in [knowledge, rival] * 3),
            return_exceptions=True,
        )
        assert len([one for one in tries if isinstance(one, Release)]) == 1
        assert len([one for one in tries if isinstance(one, Conflict)]) == 5
        assert [release.id for release in await knowledge.releases()] == ["r1"]

    async def test_edits_during_publishing_wait_for_the_next_release(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair(f"p-{n}") for n in range(30)], by="li")
        edits = [
            rival.update_pair(pair(f"p-{n}", answer="新"), version=1, by="li") for n in range(30)
        ]
        release, _ = await asyncio.gather(
            knowledge.publish(note="", by="li"), asyncio.gather(*edits)
        )
        frozen = await knowledge.release_pairs("r1")
        assert release.pairs == len(frozen) == 30
        later = [one.id for one in frozen if one.answer != "新"]
        diff = await knowledge.draft_diff()
        assert sorted(pair_id for pair_id, _ in diff.changed) == sorted(later)
