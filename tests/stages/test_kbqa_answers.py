"""The stage `kbqa` on pairs with several answers, times and related questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from cs_bot.blocks import Button, Card, Suggest, Suggestion, Text
from cs_bot.events import DialogueState
from cs_bot.models.encoders import BothVectors, QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stages.kbqa import Kbqa
from cs_bot.stages.suggest import SuggestStage
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.turns import AT, turn_of
from cs_bot.types import Abstain, Answer, Candidate, Picked, QAPair, Reply, Step, Turn, User

DAY = timedelta(days=1)
CARD = Card("双十一", "全场包邮", buttons=(Button("a1", "去看看", "say:怎么退货？"),))
PAIRS = (
    QAPair(
        "postage",
        "邮费多少？",
        (),
        "5 元。",
        answers=(
            Answer("金卡会员免邮。", tiers=("gold",)),
            Answer("今天免邮！", (CARD,), channels=("web",), valid_until=AT + DAY),
        ),
        related=("return", "sale"),
    ),
    QAPair("return", "怎么退货？", (), "点申请售后。"),
    QAPair("sale", "大促有什么活动？", (), "满减。", valid_from=AT - DAY, valid_until=AT + 2 * DAY),
)
RELATED = (
    Text("您可能还想了解："),
    Suggest((Suggestion("return", "怎么退货？"), Suggestion("sale", "大促有什么活动？"))),
)


class Published:
    async def current_release(self) -> str:
        return "r1"

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        return PAIRS


@pytest.fixture
async def snapshots() -> AsyncIterator[Snapshots]:
    lane, encoder = Lane("test-index"), WordEncoder()
    store = cast(KnowledgeStore, Published())
    snapshots = Snapshots(store, lambda r, pairs: Snapshot.build(r, pairs, encoder), lane)
    await snapshots.refresh()
    yield snapshots
    lane.close()


@pytest.fixture
async def stage(snapshots: Snapshots) -> AsyncIterator[Kbqa]:
    lane = Lane("test")
    yield Kbqa(snapshots, BothVectors(QueryVectors(WordEncoder(), lane)), lane)
    lane.close()


def asked(text: str = "邮费多少", *, later: timedelta = timedelta(0), gold: bool = False) -> Turn:
    turn = turn_of(text)
    attributes = {"tier": "gold"} if gold else {}
    user = User("v1", verified=gold, attributes=attributes)
    return replace(turn, message=replace(turn.message, received_at=AT + later, user=user))


async def reply_to(stage: Kbqa, turn: Turn) -> Reply:
    outcome = await stage.handle(turn)
    assert isinstance(outcome, Reply)
    return outcome


async def test_the_most_fitting_answer_is_given_with_what_is_related(stage: Kbqa) -> None:
    reply = await reply_to(stage, asked())
    assert reply.blocks == (Text("今天免邮！", "md"), CARD, *RELATED)
    assert reply.detail["answer"] == "2 of 2 (channel web; until 2026-01-02T00:00:00+00:00)"
    assert reply.suggestions == ()


async def test_the_time_is_that_of_the_message(stage: Kbqa) -> None:
    reply = await reply_to(stage, asked(later=DAY))
    assert reply.blocks == (Text("5 元。", "md"), *RELATED)
    assert reply.detail["answer"] == "own"


async def test_a_tier_is_answered_and_never_for_the_cache(stage: Kbqa) -> None:
    gold = await reply_to(stage, asked(gold=True, later=DAY))
    assert gold.blocks[0] == Text("金卡会员免邮。", "md")
    assert not gold.impersonal
    assert not (await reply_to(stage, asked())).impersonal


async def test_an_answer_may_be_kept_no_longer_than_it_and_what_is_related_hold(
    stage: Kbqa,
) -> None:
    sale = await reply_to(stage, asked("大促有什么活动"))
    assert (sale.impersonal, sale.holds_from, sale.holds_until) == (True, AT - DAY, AT + 2 * DAY)
    postage = await reply_to(stage, asked(later=DAY))
    assert (postage.holds_from, postage.holds_until) == (AT + DAY, AT + 2 * DAY)
    plain = await reply_to(stage, asked("怎么退货"))
    assert (plain.impersonal, plain.holds_from, plain.holds_until) == (True, None, None)


@pytest.mark.parametrize("later", [-2 * DAY, 2 * DAY])
async def test_a_pair_without_an_answer_for_now_says_so(stage: Kbqa, later: timedelta) -> None:
    typed = await stage.handle(asked("大促有什么活动", later=later))
    assert isinstance(typed, Abstain)
    assert (typed.reason, typed.detail["pair"]) == ("no_answer_now", "sale")
    assert typed.candidates[0].id == "sale"
    picking = asked(later=later)
    picking = replace(picking, message=replace(picking.message, payload=Picked("sale")))
    picked = await stage.handle(picking)
    assert isinstance(picked, Abstain)
    assert picked.reason == "no_answer_now"


async def test_nothing_else_is_offered_while_a_task_waits(stage: Kbqa) -> None:
    collecting = DialogueState(task="order_status", requested_slot="order_id")
    reply = await reply_to(stage, replace(asked("邮费多少？"), state=collecting))
    assert reply.blocks == (Text("今天免邮！", "md"), CARD)


async def test_did_you_mean_leaves_out_what_has_no_answer_now(snapshots: Snapshots) -> None:
    near = tuple(Candidate(name, name, 0.4, "dense") for name in ("sale", "return"))
    steps = (Step("kbqa", "ambiguous", 1.0, near),)
    stage = SuggestStage(snapshots)
    now = await stage.handle(replace(asked(), steps=steps))
    then = await stage.handle(replace(asked(later=3 * DAY), steps=steps))
    assert isinstance(now, Reply)
    assert isinstance(then, Reply)
    assert [c.id for c in now.suggestions] == ["sale", "return"]
    assert [c.id for c in then.suggestions] == ["return"]
