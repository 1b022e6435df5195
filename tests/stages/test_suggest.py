from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from cs_bot.blocks import Suggest, Suggestion, Text
from cs_bot.events import Suggested
from cs_bot.models.lane import Lane
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.stages.suggest import SuggestStage
from cs_bot.stores.protocols import KnowledgeStore
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Candidate, QAPair, Reply, Step, Turn, Wording

PAIRS = (
    QAPair(
        "return",
        "怎么退货？",
        (),
        "点申请售后。",
        translations={"en": Wording("How do I return an item?", (), "Tap after-sales.")},
    ),
    *(QAPair(f"p{n}", f"问题{n}", (), "答") for n in range(6)),
)


class Published:
    async def current_release(self) -> str:
        return "r1"

    async def release_pairs(self, release_id: str) -> tuple[QAPair, ...]:
        return PAIRS


@pytest.fixture
async def stage() -> SuggestStage:
    lane, encoder = Lane("test"), WordEncoder()
    store = cast(KnowledgeStore, Published())
    snapshots = Snapshots(store, lambda r, pairs: Snapshot.build(r, pairs, encoder), lane)
    await snapshots.refresh()
    lane.close()
    return SuggestStage(snapshots)


def after_kbqa(outcome: str, *candidates: Candidate, locale: str = "zh") -> Turn:
    step = Step("kbqa", outcome, 1.0, candidates)
    return replace(turn_of("退货", locale=locale), steps=(Step("cache", "miss", 0.1), step))


def near(pair_id: str, score: float) -> Candidate:
    return Candidate(pair_id, pair_id, score, "dense")


@pytest.mark.parametrize("outcome", ["ambiguous", "contrast"])
async def test_a_question_with_near_misses_is_asked_back(outcome: str, stage: SuggestStage) -> None:
    near_misses = (near("return", 0.4), near("p1", 0.3))
    reply = await stage.handle(after_kbqa(outcome, *near_misses))
    assert isinstance(reply, Reply)
    items = (Suggestion("return", "怎么退货？"), Suggestion("p1", "问题1"))
    assert reply.blocks == (Text("您是想问："), Suggest(items, none="都不是"))
    assert reply.events == (Suggested(("return", "p1")),)
    assert reply.suggestions == near_misses


async def test_the_list_is_in_the_language_of_the_turn(stage: SuggestStage) -> None:
    reply = await stage.handle(after_kbqa("ambiguous", near("return", 0.5), locale="en"))
    assert isinstance(reply, Reply)
    items = (Suggestion("return", "How do I return an item?"),)
    assert reply.blocks == (Text("Did you mean:"), Suggest(items, none="None of these"))


async def test_no_more_than_five_lines_and_none_that_is_hardly_possible(
    stage: SuggestStage,
) -> None:
    many = [near(f"p{n}", 0.15) for n in range(6)]
    reply = await stage.handle(after_kbqa("ambiguous", *many))
    assert isinstance(reply, Reply)
    assert len(reply.suggestions) == 5
    reply = await stage.handle(after_kbqa("ambiguous", near("p0", 0.5), near("p1", 0.001)))
    assert isinstance(reply, Reply)
    assert [c.id for c in reply.suggestions] == ["p0"]


@pytest.mark.parametrize("outcome", ["below_threshold", "miss", "starts_task"])
async def test_other_outcomes_are_not_asked_back(outcome: str, stage: SuggestStage) -> None:
    turn = after_kbqa(outcome, near("return", 0.5))
    assert await stage.handle(turn) == Abstain("nothing_to_suggest")


async def test_pairs_that_are_gone_leave_the_list(stage: SuggestStage) -> None:
    turn = after_kbqa("ambiguous", near("gone", 0.5))
    assert await stage.handle(turn) == Abstain("nothing_to_suggest")
