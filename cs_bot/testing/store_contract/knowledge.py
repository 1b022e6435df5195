"""Contract tests of draft pairs: edit, list, search, archive, import."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from cs_bot.blocks import Button, Buttons, Card, Image, Text
from cs_bot.errors import BadInput, Conflict, NotFound
from cs_bot.stores.protocols import DraftPair, ImportCounts, KnowledgeStore, PairQuery
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, pair
from cs_bot.types import Answer, QAPair, Wording

FULL = QAPair(
    id="ec-008",
    question="快递到哪了",
    similar=("我的包裹呢", "查 100% 物流"),
    answer="请告诉我订单号。",
    translations={"en": Wording("Where is my PARCEL?", ("Track_my order",), "Tell me the number.")},
    category="物流",
    tags=("order", "api"),
    task="order_status",
)


RICH = QAPair(
    id="ec-012",
    question="邮费多少",
    similar=(),
    answer="5 元。",
    answers=(
        Answer("金卡会员免邮。", channels=("web_demo",), tiers=("gold",)),
        Answer(
            blocks=(
                Text("运费见图：", "md"),
                Image("https://shop.example/fees.png", "运费表"),
                Buttons((Button("a1", "怎么退货", "say:怎么退货？"),), once=False),
                Card("大促", "全场包邮", buttons=(Button("a2", "查物流", "/order_status"),)),
            ),
            locales=("zh",),
            valid_from=AT,
            valid_until=AT.astimezone(timezone(timedelta(hours=8))) + timedelta(days=1),
        ),
    ),
    related=("ec-001",),
    valid_until=AT + timedelta(days=30),
)


class KnowledgeStoreContract:
    """Needs the fixtures `knowledge`, an empty store on the clock `clock`, and `rival`.

    `rival` is the same store as another process sees it.
    """

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_a_pair_is_read_back_as_it_was_stored(self, knowledge: KnowledgeStore) -> None:
        created = await knowledge.create_pair(FULL, by="li")
        assert created == DraftPair(FULL, "draft", 1, AT, "li")
        assert await knowledge.pair("ec-008") == created
        assert await knowledge.draft_pairs() == (FULL,)

    async def test_answers_related_pairs_and_times_are_kept_in_drafts_and_releases(
        self, knowledge: KnowledgeStore
    ) -> None:
        created = await knowledge.create_pair(RICH, by="li")
        assert (created.pair, await knowledge.draft_pairs()) == (RICH, (RICH,))
        release = await knowledge.publish(note="", by="li")
        assert await knowledge.release_pairs(release.id) == (RICH,)
        assert (await knowledge.pair("ec-012")).status == "published"
        for words in ("金卡", "运费见图", "全场包邮"):
            assert (await knowledge.pairs(PairQuery(search=words))).total == 1
        shorter = replace(RICH, answers=RICH.answers[:1])
        edited = await knowledge.update_pair(shorter, version=1, by="li")
        assert (edited.pair, edited.status) == (shorter, "changed")

    async def test_an_import_sees_what_is_new_in_an_answer_and_only_that(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a"), RICH], by="li")
        again = await knowledge.import_pairs([pair("a"), RICH], by="li")
        assert again == ImportCounts(added=0, changed=0, unchanged=2)
        told = [pair("a"), replace(RICH, valid_until=None)]
        counts = await knowledge.import_pairs(told, by="li")
        assert counts == ImportCounts(added=0, changed=1, unchanged=1)

    async def test_an_id_is_taken_once(self, knowledge: KnowledgeStore) -> None:
        created = await knowledge.create_pair(pair(), by="li")
        with pytest.raises(Conflict) as refused:
            await knowledge.create_pair(pair(question="别的"), by="wang")
        assert refused.value.current == created
        assert await knowledge.pair("ec-001") == created

    async def test_an_edit_makes_the_next_version(
        self, knowledge: KnowledgeStore, clock: FakeClock
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        clock.forward(minutes=5)
        edited = await knowledge.update_pair(pair(answer="当天发货。"), version=1, by="wang")
        assert (edited.version, edited.updated_at, edited.updated_by) == (2, clock(), "wang")
        assert edited.pair.answer == "当天发货。"

    async def test_an_edit_of_an_old_version_is_refused_with_the_present_one(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        second = await knowledge.update_pair(pair(answer="当天发货。"), version=1, by="wang")
        with pytest.raises(Conflict) as refused:
            await knowledge.update_pair(pair(answer="隔天发货。"), version=1, by="li")
        assert refused.value.current == second
        assert await knowledge.pair("ec-001") == second

    async def test_of_edits_at_once_one_wins(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        await knowledge.create_pair(pair(), by="li")
        edits = await asyncio.gather(
            *(
                (knowledge, rival)[n % 2].update_pair(pair(answer=f"答 {n}"), version=1, by="li")
                for n in range(8)
            ),
            return_exceptions=True,
        )
        won = [edit for edit in edits if isinstance(edit, DraftPair)]
        lost = [edit for edit in edits if isinstance(edit, Conflict)]
        assert (len(won), len(lost)) == (1, 7)
        assert await knowledge.pair("ec-001") == won[0]

    async def test_what_is_not_there_is_not_found(self, knowledge: KnowledgeStore) -> None:
        with pytest.raises(NotFound):
            await knowledge.pair("ec-404")
        with pytest.raises(NotFound):
            await knowledge.update_pair(pair("ec-404"), version=1, by="li")
        with pytest.raises(NotFound):
            await knowledge.archive_pair("ec-404", by="li")
        with pytest.raises(NotFound):
            await knowledge.restore_pair("ec-404", by="li")

    async def test_an_archived_pair_leaves_and_comes_back(self, knowledge: KnowledgeStore) -> None:
        await knowledge.create_pair(pair(), by="li")
        archived = await knowledge.archive_pair("ec-001", by="wang")
        assert (archived.status, archived.version, archived.updated_by) == ("archived", 2, "wang")
        assert await knowledge.draft_pairs() == ()
        restored = await knowledge.restore_pair("ec-001", by="li")
        assert (restored.status, restored.version, restored.pair) == ("draft", 3, pair())

    async def test_archiving_twice_is_archiving_once(self, knowledge: KnowledgeStore) -> None:
        await knowledge.create_pair(pair(), by="li")
        once = await knowledge.archive_pair("ec-001", by="wang")
        assert await knowledge.archive_pair("ec-001", by="li") == once

    async def test_archived_pairs_are_listed_only_when_asked_for(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a", category="x"), pair("b", category="x")], by="li")
        await knowledge.archive_pair("a", by="li")
        everything = await knowledge.pairs(PairQuery())
        assert [item.pair.id for item in everything.items] == ["b"]
        assert everything.categories == (("x", 1),)
        archived = await knowledge.pairs(PairQuery(status="archived"))
        assert [item.pair.id for item in archived.items] == ["a"]

    async def test_the_list_is_paged_last_edited_first(
        self, knowledge: KnowledgeStore, clock: FakeClock
    ) -> None:
        for n in range(5):
            await knowledge.create_pair(pair(f"ec-{n}"), by="li")
            clock.forward(minutes=1)
        await knowledge.update_pair(pair("ec-1", answer="新"), version=1, by="li")
        pages = [await knowledge.pairs(PairQuery(page=n, size=2)) for n in (1, 2, 3, 4)]
        ids = [[item.pair.id for item in page.items] for page in pages]
        assert ids == [["ec-1", "ec-4"], ["ec-3", "ec-2"], ["ec-0"], []]
        assert {page.total for page in pages} == {5}

    async def test_the_list_narrows_by_category(self, knowledge: KnowledgeStore) -> None:
        await knowledge.import_pairs(
            [pair("a", category="物流"), pair("b", category="售后"), pair("c", category="物流")],
            by="li",
        )
        page = await knowledge.pairs(PairQuery(category="物流"))
        assert sorted(item.pair.id for item in page.items) == ["a", "c"]
        assert dict(page.categories) == {"物流": 2, "售后": 1}

    @pytest.mark.parametrize(
        "search",
        ["快递到哪", "包裹", "my parcel", "TRACK_MY", "订单号", "the number", "100%", "ec-008"],
    )
    async def test_search_looks_into_every_wording(
        self, knowledge: KnowledgeStore, search: str
    ) -> None:
        await knowledge.create_pair(FULL, by="li")
        await knowledge.create_pair(pair("other", "别的", "没有"), by="li")
        page = await knowledge.pairs(PairQuery(search=search))
        assert ([item.pair.id for item in page.items], page.total) == (["ec-008"], 1)

    async def test_wildcards_are_searched_for_as_they_are(self, knowledge: KnowledgeStore) -> None:
        await knowledge.create_pair(pair("a", "全棉吗", "100 棉"), by="li")
        for search in ("%", "_", "\\"):
            assert (await knowledge.pairs(PairQuery(search=search))).total == 0

    async def test_every_edit_moves_the_version_of_the_drafts(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        seen = [await rival.draft_version()]
        await knowledge.import_pairs([pair("a"), pair("b")], by="li", file="faq.csv")
        seen.append(await rival.draft_version())
        await knowledge.update_pair(pair("a", answer="新"), version=1, by="li")
        seen.append(await rival.draft_version())
        await knowledge.archive_pair("a", by="li")
        seen.append(await rival.draft_version())
        assert len(set(seen)) == 4
        assert await knowledge.draft_version() == seen[-1]

    async def test_an_import_adds_replaces_and_leaves_alone(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a"), pair("b")], by="li")
        told = [pair("a"), pair("b", answer="新"), pair("c")]
        counts = await knowledge.import_pairs(told, by="wang")
        assert counts == ImportCounts(added=1, changed=1, unchanged=1)
        assert await knowledge.draft_pairs() == tuple(told)
        assert [(await knowledge.pair(one.id)).version for one in told] == [1, 2, 1]
        assert (await knowledge.pair("a")).updated_by == "li"

    async def test_an_import_brings_archived_pairs_back(self, knowledge: KnowledgeStore) -> None:
        await knowledge.create_pair(pair("a"), by="li")
        await knowledge.archive_pair("a", by="li")
        counts = await knowledge.import_pairs([pair("a")], by="li")
        assert counts == ImportCounts(added=0, changed=1, unchanged=0)
        assert (await knowledge.pair("a")).status == "draft"

    async def test_an_import_tells_how_far_it_is(self, knowledge: KnowledgeStore) -> None:
        heard: list[int] = []
        pairs = [pair(f"p-{n:04}", f"问题 {n}") for n in range(1752)]
        await knowledge.import_pairs(pairs, by="li", progress=heard.append)
        assert heard == sorted(heard)
        assert (len(heard) > 1, heard[-1]) == (True, 1752)
        assert await knowledge.draft_pairs() == tuple(pairs)

    async def test_an_import_with_an_id_twice_stores_nothing(
        self, knowledge: KnowledgeStore
    ) -> None:
        with pytest.raises(BadInput):
            await knowledge.import_pairs([pair("a"), pair("b"), pair("a")], by="li")
        assert await knowledge.draft_pairs() == ()

    async def test_imports_at_once_both_arrive(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        pairs = [pair(f"p-{n:03}", f"问题 {n}") for n in range(300)]
        counts = await asyncio.gather(
            knowledge.import_pairs(pairs, by="li"),
            rival.import_pairs(pairs[::-1], by="wang"),
        )
        assert await knowledge.draft_pairs() == tuple(pairs)
        assert sum(count.added + count.changed + count.unchanged for count in counts) == 600
