"""Labelled and real questions are replayed on the drafts of a real bot."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from cs_bot.admin.draft_replay import DraftCheck
from cs_bot.app import House, opened
from cs_bot.settings import parse
from cs_bot.starter import starter_directory
from cs_bot.testing.store_contract.values import exchange, open_for

PAIRS = [
    {"id": "refund", "question": "怎么退款？", "similar": ["退钱要多久"], "answer": "原路退回。"},
    {"id": "track", "question": "快递到哪了？", "similar": ["查物流"], "answer": "看物流。"},
    {"id": "invoice", "question": "如何开发票？", "similar": ["要发票"], "answer": "点申请发票。"},
]
LABELLED = [("钱退回来没有", "refund"), ("包裹在哪里", "track"), ("你们招人吗", None)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "dialogs").symlink_to(starter_directory() / "dialogs")
    (tmp_path / "knowledge").mkdir()
    lines = "\n".join(json.dumps(pair, ensure_ascii=False) for pair in PAIRS)
    (tmp_path / "knowledge" / "pairs.jsonl").write_text(lines, encoding="utf-8")
    rows = [{"qid": str(n), "query": q, "faq_id": p} for n, (q, p) in enumerate(LABELLED)]
    labelled = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "knowledge" / "labelled.jsonl").write_text(labelled, encoding="utf-8")
    async with opened(parse('[models]\nsecond_encoder = ""\n', tmp_path)) as running:
        await running.complete()
        yield running


async def finished(house: House) -> DraftCheck:
    await house.draft_checks.start()
    return await house.draft_checks.finished()


async def test_the_first_release_comes_with_its_labelled_questions(house: House) -> None:
    labels = await house.stores.labels.all_labels()
    assert [(label.question, label.pair_id) for label in labels] == LABELLED
    assert house.contracts.judged is not None
    assert house.contracts.judged.terms.choice.labelled == 3


async def test_what_changes_is_told_before_it_is_published(house: House) -> None:
    mine = await open_for(house.stores.conversations)
    await exchange(house.stores.conversations, mine, "东西在路上了吗")
    assert (await house.draft_checks.state()).state == "absent"
    draft = await house.stores.knowledge.pair("track")
    taught = replace(draft.pair, similar=("查物流", "包裹在哪里", "东西在路上了吗"))
    await house.stores.knowledge.update_pair(taught, version=draft.version, by="li")
    check = await finished(house)
    assert check.state == "done", check.error
    assert check.result is not None
    assert (check.result.labelled, check.result.real) == (3, 1)
    changed = {change.question.text: change for change in check.result.changes}
    assert changed["包裹在哪里"].verdict == "better"
    assert changed["包裹在哪里"].after.zone == changed["东西在路上了吗"].after.zone == "answer"
    assert changed["东西在路上了吗"].verdict == "other"
    assert (check.result.after.exact, check.result.after.terms.choice.labelled) == (1, 2)


async def test_a_check_holds_for_the_drafts_it_was_made_of(house: House) -> None:
    draft = await house.stores.knowledge.pair("refund")
    edited = replace(draft.pair, answer="三天内退回。")
    await house.stores.knowledge.update_pair(edited, version=draft.version, by="li")
    done = await finished(house)
    assert await house.draft_checks.start() is done
    await house.stores.knowledge.archive_pair("invoice", by="li")
    old = await house.draft_checks.state()
    assert (old.state, old.result) == ("stale", done.result)
    assert (await finished(house)).state == "done"
    await house.stores.knowledge.publish(note="", by="li")
    await house.published()
    assert (await house.draft_checks.state()).state == "absent"


async def test_a_label_more_makes_a_check_old(house: House) -> None:
    await finished(house)
    await house.stores.labels.label([("怎么报销", "invoice")], by="li")
    assert (await house.draft_checks.state()).state == "stale"
    check = await finished(house)
    assert check.result is not None
    assert check.result.labelled == 4


async def test_drafts_that_cannot_be_indexed_fail_with_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(house.draft_checks, "_build", broken)
    check = await finished(house)
    assert (check.state, check.error) == ("failed", "internal")
