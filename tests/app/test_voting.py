"""How the votes are followed: new ones are added, a store or an encoder may be down."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from cs_bot.app import voting
from cs_bot.app.voting import VoteFollower
from cs_bot.errors import Busy, ServiceFailed
from cs_bot.models.encoders import Vectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.votes import WINDOW
from cs_bot.stores.protocols import Forgetting, Vote
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.encoder import WordEncoder

NOW = datetime(2030, 1, 1, tzinfo=UTC)
QUESTION = "怎么换卡券"
NEAR = WordEncoder().encode(["怎么换卡券呢"])[0]


def vote(n: int, value: int = 1, *, question: str = QUESTION, at: datetime = NOW) -> Vote:
    return Vote(f"a_{n}", f"v_{n}", question, ("paper",), value, at)


@dataclass
class Log:
    """A log of votes that tells from when on it was asked."""

    given: list[Vote] = field(default_factory=list)
    forgotten: list[Forgetting] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    down: bool = False

    async def votes(self, *, since: datetime, most: int = 0) -> tuple[Vote, ...]:
        if self.down:
            raise Busy("the database is locked")
        self.asked.append(since)
        return tuple(vote for vote in self.given if vote.at >= since)

    async def forget(self, pair_id: str, *, by: str) -> Forgetting:
        self.forgotten.append(Forgetting(pair_id, NOW, by))
        return self.forgotten[-1]

    async def forgettings(self) -> tuple[Forgetting, ...]:
        return tuple(self.forgotten)


class Flaky(WordEncoder):
    """An encoder that is down for as long as it is told to be."""

    down = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.down and texts:
            raise ServiceFailed("embeddings", "connection refused")
        return super().encode(texts)


@pytest.fixture
def log() -> Log:
    return Log([vote(n) for n in range(5)])


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def encoder() -> Flaky:
    return Flaky()


@pytest.fixture
def votes(log: Log, encoder: Flaky, clock: FakeClock) -> Iterator[VoteFollower]:
    lane = Lane("test")
    yield VoteFollower(log, encoder, lane, clock=clock)
    lane.close()


def shift(votes: VoteFollower, question: str = QUESTION, vector: Vectors | None = None) -> float:
    return votes.current.shifts(question, vector, ["paper"]).get("paper", 0.0)


async def test_the_first_look_reads_the_window_and_later_ones_what_is_new(
    votes: VoteFollower, log: Log, clock: FakeClock
) -> None:
    await votes.refresh()
    first = shift(votes)
    clock.forward(hours=2)
    log.given.append(vote(9, at=clock()))
    await votes.refresh()
    assert log.asked[0] == NOW - WINDOW
    assert clock() - log.asked[1] < timedelta(hours=3)
    assert shift(votes) > first > 0


async def test_a_vote_that_is_stored_late_is_found_too(
    votes: VoteFollower, log: Log, clock: FakeClock
) -> None:
    await votes.refresh()
    clock.forward(seconds=15)
    log.given.append(vote(9, at=NOW - timedelta(minutes=2)))
    before = shift(votes)
    await votes.refresh()
    assert shift(votes) > before


async def test_where_nothing_is_new_nothing_is_counted(votes: VoteFollower) -> None:
    await votes.refresh()
    held = votes.current
    await votes.refresh()
    assert votes.current is held


async def test_a_question_is_encoded_once(votes: VoteFollower, log: Log, encoder: Flaky) -> None:
    await votes.refresh()
    log.given.append(vote(9))
    await votes.refresh()
    assert encoder.encoded == [QUESTION]


async def test_votes_leave_with_the_window(votes: VoteFollower, clock: FakeClock) -> None:
    await votes.refresh()
    clock.now += WINDOW + timedelta(days=1)
    await votes.refresh()
    assert not votes.current


async def test_without_the_encoder_votes_count_for_the_same_question_until_it_is_back(
    votes: VoteFollower, encoder: Flaky
) -> None:
    encoder.down = True
    await votes.refresh()
    assert shift(votes) > 0
    assert shift(votes, "怎么换卡券呢", NEAR) == 0
    encoder.down = False
    await votes.refresh()
    assert shift(votes, "怎么换卡券呢", NEAR) > 0


async def test_many_questions_are_encoded_little_by_little(
    votes: VoteFollower, log: Log, encoder: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voting, "_ENCODED_AT_ONCE", 2)
    log.given = [vote(n, question=f"问 {n}") for n in range(5)]
    for encoded in (2, 4, 5, 5):
        await votes.refresh()
        assert len(encoder.encoded) == encoded


async def test_votes_that_could_not_be_counted_are_counted_the_next_time(
    votes: VoteFollower, encoder: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(texts: Sequence[str]) -> Vectors:
        raise MemoryError

    with monkeypatch.context() as once:
        once.setattr(encoder, "encode", broken)
        with pytest.raises(MemoryError):
            await votes.refresh()
    await votes.refresh()
    assert shift(votes) > 0


async def test_forgotten_pairs_are_heard_of(votes: VoteFollower, log: Log) -> None:
    await votes.refresh()
    await log.forget("paper", by="li")
    await votes.refresh()
    assert shift(votes) == 0


async def test_a_store_that_is_down_ends_nothing_and_is_complained_of_once(
    votes: VoteFollower, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        log.down = len(pauses) < 3
        if len(pauses) == 4:
            raise InterruptedError

    log.down = True
    votes._sleep = sleep
    with caplog.at_level(logging.ERROR), pytest.raises(InterruptedError):
        await votes.follow()
    assert shift(votes) > 0
    assert len(caplog.records) == 1
    assert max(pauses) <= 30
