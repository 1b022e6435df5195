"""A shop with a real log, the real stages, and votes that are followed by a clock of our own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cs_bot.app.voting import VoteFollower
from cs_bot.blocks import Suggest, Text
from cs_bot.bot import Bot, Senses
from cs_bot.events import DialogueState
from cs_bot.models.encoders import BothVectors, QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.votes import NO_VOTES, Votes
from cs_bot.router import Router
from cs_bot.stages.cache import AnswerCacheFiller, CacheStage
from cs_bot.stages.kbqa import Kbqa
from cs_bot.stages.suggest import SuggestStage
from cs_bot.stores.memory import InProcessAnswerCache, InProcessLocks
from cs_bot.stores.protocols import Stores, TurnRecord
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.transcripts import Customer
from cs_bot.text.language import language_of
from cs_bot.text.normalize import normalized
from cs_bot.types import Message, ModelName, QAPair, Reading, Reply

PAIRS = (
    QAPair("paper", "怎么换纸质卡券？", (), "寄回换。"),
    QAPair("electronic", "怎么换电子卡券？", (), "在线换。"),
    QAPair("invoice", "如何开具发票？", ("怎么开发票呢", "开票"), "点申请发票。"),
    QAPair("return", "怎么退货？", (), "点申请售后。"),
)
SETTINGS = KbqaSettings(answer_threshold=0.6, feedback=True)


class Naps:
    """Sleeps that last until the clock has been put forward far enough."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._moved = asyncio.Event()
        self._asleep = asyncio.Event()
        self._due = clock()

    async def sleep(self, seconds: float) -> None:
        began = self._clock()
        self._asleep.set()
        while (self._clock() - began).total_seconds() < seconds:
            self._moved.clear()
            await self._moved.wait()
        self._asleep.clear()

    async def forward(self, seconds: float) -> None:
        """Let time pass; returns when whoever woke up has gone to sleep again."""
        await self._asleep.wait()
        self._clock.forward(seconds=seconds)
        self._moved.set()
        await asyncio.sleep(0)
        await self._asleep.wait()


@dataclass
class Switch:
    """The votes as the stages get them: none of them where feedback is off."""

    votes: VoteFollower
    on: bool = True

    def __call__(self) -> Votes:
        return self.votes.current if self.on else NO_VOTES


@dataclass
class Shop:
    """Everything that a test wants to reach."""

    stores: Stores
    bot: Bot
    votes: VoteFollower
    clock: FakeClock
    switch: Switch

    def customer(self, name: str) -> Customer:
        return Customer(self.bot, self.stores.conversations, name=name)


def lines(record: TurnRecord) -> list[str]:
    """Return the ids of the list that was shown."""
    shown = [block for block in record.trace.reply.blocks if isinstance(block, Suggest)]
    return [item.item_id for block in shown for item in block.items]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def naps(clock: FakeClock) -> Naps:
    return Naps(clock)


@pytest.fixture
def ids() -> Callable[[str], str]:
    numbers = itertools.count(1)
    return lambda prefix: f"{prefix}_{next(numbers)}"


@pytest.fixture
async def stores(
    tmp_path: Path, clock: FakeClock, ids: Callable[[str], str]
) -> AsyncIterator[Stores]:
    opened = await open_stores(f"sqlite:///{tmp_path}/log.db", clock=clock, ids=ids)
    await opened.knowledge.import_pairs(PAIRS, by="li")
    await opened.knowledge.publish(note="", by="li")
    yield opened
    await opened.close()


@pytest.fixture
async def shop(
    stores: Stores, clock: FakeClock, naps: Naps, lane: Lane, ids: Callable[[str], str]
) -> Shop:
    encoder = WordEncoder()
    snapshots = Snapshots(
        stores.knowledge, lambda r, pairs: Snapshot.build(r, pairs, encoder), lane
    )
    await snapshots.refresh()
    votes = VoteFollower(stores.feedback, encoder, lane, clock=clock, sleep=naps.sleep)
    cache = InProcessAnswerCache(size=100, ttl_seconds=86_400, clock=clock)
    switch = Switch(votes)

    stages = (
        CacheStage(cache, lambda pair_id: switch().doubted(pair_id)),
        Kbqa(snapshots, BothVectors(QueryVectors(encoder, lane)), lane, SETTINGS, votes=switch),
        SuggestStage(snapshots, SETTINGS),
    )
    bot = Bot(
        Router(stages, lambda turn: Reply((Text("抱歉。"),)), budget_seconds=5, clock=lambda: 0.0),
        Senses(normalized, language_of, _nothing_read, lambda state, locale: (), snapshots.release),
        conversations=stores.conversations,
        locks=InProcessLocks(),
        names={"zh": "小助手"},
        clock=clock,
        ids=ids,
        listeners=(AnswerCacheFiller(cache),),
    )
    return Shop(stores, bot, votes, clock, switch)


async def _nothing_read(
    message: Message, query: str, state: DialogueState, model: ModelName | None
) -> Reading:
    return Reading()
