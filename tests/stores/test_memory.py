"""What one process keeps for itself fulfils the same contracts as what many share."""

import pytest

from cs_bot.stores.memory import InProcessAnswerCache, InProcessLocks, InProcessWakeUps
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.store_contract import (
    AnswerCacheContract,
    LocksContract,
    WakeUpsContract,
)
from cs_bot.testing.store_contract.shared import ANSWER


class TestLocks(LocksContract):
    @pytest.fixture
    def locks(self) -> InProcessLocks:
        return InProcessLocks()

    @pytest.fixture
    def rival(self, locks: InProcessLocks) -> InProcessLocks:
        return locks

    async def test_idle_conversations_cost_nothing(self, locks: InProcessLocks) -> None:
        async with locks.hold("c_1"), locks.hold("c_2"):
            assert len(locks) == 2
        assert len(locks) == 0


class TestAnswers(AnswerCacheContract):
    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.fixture
    def answers(self, clock: FakeClock) -> InProcessAnswerCache:
        return InProcessAnswerCache(size=2, ttl_seconds=60, clock=clock)

    @pytest.fixture
    def rival(self, answers: InProcessAnswerCache) -> InProcessAnswerCache:
        return answers

    async def test_the_least_recently_used_answer_leaves(
        self, answers: InProcessAnswerCache
    ) -> None:
        await answers.keep("a", ANSWER)
        await answers.keep("b", ANSWER)
        await answers.find("a")
        await answers.keep("c", ANSWER)
        assert [await answers.find(key) is not None for key in "abc"] == [True, False, True]

    async def test_the_count_of_the_question_asked_longest_ago_leaves(
        self, answers: InProcessAnswerCache
    ) -> None:
        for key in ("a", "b", "a", "c"):
            await answers.asked(key)
        assert [await answers.asked(key) for key in ("a", "b")] == [3, 1]

    async def test_a_count_begins_again_after_its_time(
        self, answers: InProcessAnswerCache, clock: FakeClock
    ) -> None:
        await answers.asked("a")
        clock.forward(seconds=59)
        assert await answers.asked("a") == 2
        clock.forward(seconds=1)
        assert await answers.asked("a") == 1

    async def test_an_answer_grows_too_old(
        self, answers: InProcessAnswerCache, clock: FakeClock
    ) -> None:
        await answers.keep("a", ANSWER)
        clock.forward(seconds=59)
        assert await answers.find("a") == ANSWER
        clock.forward(seconds=1)
        assert await answers.find("a") is None


class TestWakeUps(WakeUpsContract):
    @pytest.fixture
    def wake_ups(self) -> InProcessWakeUps:
        return InProcessWakeUps()

    @pytest.fixture
    def rival(self, wake_ups: InProcessWakeUps) -> InProcessWakeUps:
        return wake_ups
