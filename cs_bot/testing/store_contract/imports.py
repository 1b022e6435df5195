"""Contract tests of imports: what they are remembered by, and how one is undone."""

from __future__ import annotations

import asyncio

import pytest

from cs_bot.errors import Conflict
from cs_bot.stores.protocols import Import, KnowledgeStore, PairQuery
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract.values import AT, pair


class ImportContract:
    """Needs the fixtures `knowledge`, an empty store on the clock `clock`, and `rival`.

    `rival` is the same store as another process sees it.
    """

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(AT)

    async def test_an_import_of_a_file_is_remembered(
        self, knowledge: KnowledgeStore, clock: FakeClock
    ) -> None:
        await knowledge.import_pairs([pair("a"), pair("b")], by="li", file="faq.csv")
        clock.forward(minutes=1)
        told = [pair("a"), pair("b", answer="新"), pair("c")]
        await knowledge.import_pairs(told, by="wang", file="新.xlsx")
        assert await knowledge.imports() == (
            Import("i2", "新.xlsx", clock(), "wang", 1, 1, 1, None, None),
            Import("i1", "faq.csv", AT, "li", 2, 0, 0, None, None),
        )

    async def test_an_import_that_changes_nothing_is_not_remembered(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a")], by="starter")
        await knowledge.import_pairs([pair("a")], by="li", file="faq.csv")
        assert await knowledge.imports() == ()
        with pytest.raises(Conflict, match="there is no import to undo"):
            await knowledge.undo_import(by="li")

    async def test_undoing_puts_the_drafts_back(
        self, knowledge: KnowledgeStore, clock: FakeClock
    ) -> None:
        before = (pair("a"), pair("b", similar=["几天发货"], category="物流"))
        await knowledge.import_pairs([*before, pair("z")], by="li")
        await knowledge.archive_pair("z", by="li")
        told = [pair("b", answer="新"), pair("c"), pair("z", answer="新")]
        await knowledge.import_pairs(told, by="wang", file="faq.csv")
        clock.forward(minutes=1)
        undone = await knowledge.undo_import(by="zhao")
        assert (undone.id, undone.undone_at, undone.undone_by) == ("i1", clock(), "zhao")
        assert await knowledge.imports() == (undone,)
        assert await knowledge.draft_pairs() == before
        (archived,) = (await knowledge.pairs(PairQuery(status="archived"))).items
        assert archived.pair == pair("z")
        found = await knowledge.pairs(PairQuery(search="几天发货", category="物流"))
        assert [item.pair.id for item in found.items] == ["b"]

    async def test_an_undone_edit_is_an_edit(self, knowledge: KnowledgeStore) -> None:
        await knowledge.create_pair(pair("a"), by="li")
        await knowledge.import_pairs([pair("a", answer="新")], by="li", file="faq.csv")
        await knowledge.undo_import(by="wang")
        draft = await knowledge.pair("a")
        assert (draft.version, draft.updated_by, draft.pair) == (3, "wang", pair("a"))
        with pytest.raises(Conflict):
            await knowledge.update_pair(pair("a", answer="晚"), version=2, by="li")

    async def test_imports_are_undone_one_after_the_other(self, knowledge: KnowledgeStore) -> None:
        for answer in ("一", "二", "三"):
            await knowledge.import_pairs([pair("a", answer=answer)], by="li", file=answer)
        assert (await knowledge.undo_import(by="li")).file == "三"
        assert (await knowledge.pair("a")).pair.answer == "二"
        assert (await knowledge.undo_import(by="li")).file == "二"
        assert (await knowledge.pair("a")).pair.answer == "一"
        assert (await knowledge.undo_import(by="li")).file == "一"
        assert await knowledge.draft_pairs() == ()
        with pytest.raises(Conflict, match="there is no import to undo"):
            await knowledge.undo_import(by="li")

    async def test_an_import_whose_pairs_were_edited_since_is_not_undone(
        self, knowledge: KnowledgeStore
    ) -> None:
        told = [pair("a"), pair("b"), pair("c")]
        await knowledge.import_pairs(told, by="li", file="faq.csv")
        await knowledge.update_pair(pair("b", answer="改"), version=1, by="wang")
        await knowledge.archive_pair("c", by="zhao")
        with pytest.raises(Conflict) as refused:
            await knowledge.undo_import(by="li")
        assert (
            "import i1 of faq.csv cannot be undone: pairs of it were edited since: "
            "'b' by wang, 'c' by zhao; "
        ) in str(refused.value)
        assert await knowledge.draft_pairs() == (pair("a"), pair("b", answer="改"))
        assert (await knowledge.imports())[0].undone_at is None

    async def test_of_many_edited_pairs_ten_are_named(self, knowledge: KnowledgeStore) -> None:
        told = [pair(f"p-{n:02}") for n in range(13)]
        await knowledge.import_pairs(told, by="li", file="faq.csv")
        await knowledge.import_pairs([pair(one.id, answer="改") for one in told], by="starter")
        with pytest.raises(Conflict, match="'p-09' by starter and 3 more; correct"):
            await knowledge.undo_import(by="li")

    async def test_what_was_published_leaves_with_the_next_release(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a")], by="li")
        await knowledge.import_pairs([pair("b")], by="li", file="faq.csv")
        release = await knowledge.publish(note="", by="li")
        await knowledge.undo_import(by="li")
        assert await knowledge.current_release() == release.id
        assert await knowledge.release_pairs(release.id) == (pair("a"), pair("b"))
        assert (await knowledge.draft_diff()).removed == (("b", pair("b").question),)
        await knowledge.publish(note="", by="li")
        assert await knowledge.draft_pairs() == (pair("a"),)

    async def test_the_same_file_can_be_imported_again(self, knowledge: KnowledgeStore) -> None:
        for number in (1, 2):
            counts = await knowledge.import_pairs([pair("a")], by="li", file="faq.csv")
            assert counts.added == 1
            assert (await knowledge.undo_import(by="li")).id == f"i{number}"
        assert len(await knowledge.imports()) == 2

    async def test_of_two_who_undo_at_once_one_undoes_the_import_before(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a")], by="li", file="one")
        await knowledge.import_pairs([pair("a", answer="新")], by="li", file="two")
        undone = await asyncio.gather(knowledge.undo_import(by="li"), rival.undo_import(by="wang"))
        assert sorted(one.file for one in undone) == ["one", "two"]
        assert await knowledge.draft_pairs() == ()

    async def test_of_imports_at_once_each_knows_what_it_replaced(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        told = [[pair(f"p-{n:03}", answer=answer) for n in range(700)] for answer in ("一", "二")]
        await asyncio.gather(
            knowledge.import_pairs(told[0], by="li", file="one"),
            rival.import_pairs(told[1], by="wang", file="two"),
        )
        last, first = await knowledge.imports()
        assert (first.added, last.changed) == (700, 700)
        await knowledge.undo_import(by="li")
        await knowledge.undo_import(by="li")
        assert await knowledge.draft_pairs() == ()

    @pytest.mark.parametrize("between", ["edited", "archived", "made"])
    async def test_an_import_that_would_replace_other_drafts_than_were_seen_is_refused(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore, between: str
    ) -> None:
        await knowledge.import_pairs([pair("a")], by="li")
        mark = await knowledge.draft_mark(["a", "b"])
        if between == "edited":
            await rival.update_pair(pair("a", answer="改"), version=1, by="wang")
        elif between == "archived":
            await rival.archive_pair("a", by="wang")
        else:
            await rival.create_pair(pair("b", answer="别"), by="wang")
        before = await knowledge.draft_pairs()
        told = [pair("a", answer="新"), pair("b")]
        with pytest.raises(Conflict, match="changed meanwhile"):
            await knowledge.import_pairs(told, by="li", file="faq.csv", mark=mark)
        assert await knowledge.draft_pairs() == before
        assert await knowledge.imports() == ()

    async def test_other_drafts_may_change_between_looking_and_importing(
        self, knowledge: KnowledgeStore
    ) -> None:
        await knowledge.import_pairs([pair("a"), pair("z")], by="li")
        mark = await knowledge.draft_mark(["b", "a"])
        await knowledge.archive_pair("z", by="wang")
        told = [pair("b"), pair("a", answer="新")]
        counts = await knowledge.import_pairs(told, by="li", file="faq.csv", mark=mark)
        assert (counts.added, counts.changed) == (1, 1)

    async def test_the_mark_of_many_drafts_holds_however_they_are_read(
        self, knowledge: KnowledgeStore
    ) -> None:
        told = [pair(f"p-{n:04}") for n in range(1200)]
        await knowledge.import_pairs(told[::2], by="li")
        mark = await knowledge.draft_mark([one.id for one in told[::-1]])
        counts = await knowledge.import_pairs(told, by="li", file="faq.csv", mark=mark)
        assert (counts.added, counts.unchanged) == (600, 600)

    async def test_of_two_who_looked_at_the_same_drafts_one_imports(
        self, knowledge: KnowledgeStore, rival: KnowledgeStore
    ) -> None:
        mark = await knowledge.draft_mark(["a"])
        done = await asyncio.gather(
            knowledge.import_pairs([pair("a", answer="一")], by="li", file="one", mark=mark),
            rival.import_pairs([pair("a", answer="二")], by="wang", file="two", mark=mark),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Conflict) for one in done) == 1
        assert len(await knowledge.imports()) == 1

    async def test_only_the_last_import_is_undone_by_its_id(
        self, knowledge: KnowledgeStore
    ) -> None:
        for answer in ("一", "二"):
            await knowledge.import_pairs([pair("a", answer=answer)], by="li", file=answer)
        with pytest.raises(Conflict, match="the last import is i2, not i1"):
            await knowledge.undo_import(by="li", import_id="i1")
        assert (await knowledge.undo_import(by="li", import_id="i2")).file == "二"
        assert (await knowledge.undo_import(by="li", import_id="i1")).file == "一"
