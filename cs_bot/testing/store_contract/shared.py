"""Contract tests of what processes share for speed: locks, the answer cache, wake-ups."""

from __future__ import annotations

import asyncio

import pytest

from cs_bot.stores.protocols import AnswerCache, CachedAnswer, ConversationLocks, WakeUps

ANSWER = CachedAnswer("ec-017", "怎么退货", 0.91, ({"kind": "text", "text": "七天内可以退。"},))
ENOUGH_SECONDS = 10.0
"""How long a test waits for what must come, before it fails."""


class LocksContract:
    """Needs the fixtures `locks` and `rival`: the same locks as another process sees them."""

    async def test_one_conversation_is_held_by_one_at_a_time(
        self, locks: ConversationLocks, rival: ConversationLocks
    ) -> None:
        inside = most = 0

        async def turn(own: ConversationLocks) -> None:
            nonlocal inside, most
            async with own.hold("c_1"):
                inside += 1
                most = max(most, inside)
                for _ in range(3):
                    await asyncio.sleep(0)
                inside -= 1

        await asyncio.wait_for(
            asyncio.gather(*(turn(own) for own in [locks, rival] * 10)), ENOUGH_SECONDS
        )
        assert most == 1

    async def test_conversations_do_not_wait_for_each_other(self, locks: ConversationLocks) -> None:
        async with asyncio.timeout(ENOUGH_SECONDS), locks.hold("c_1"), locks.hold("c_2"):
            pass

    async def test_who_comes_first_is_served_first(self, locks: ConversationLocks) -> None:
        served: list[int] = []

        async def turn(n: int) -> None:
            async with locks.hold("c_1"):
                served.append(n)

        async with locks.hold("c_1"):
            turns = []
            for n in range(8):
                turns.append(asyncio.create_task(turn(n)))
                await self.waiting(locks, n + 1)
        await asyncio.wait_for(asyncio.gather(*turns), ENOUGH_SECONDS)
        assert served == list(range(8))

    async def waiting(self, locks: ConversationLocks, count: int) -> None:
        """Return when so many wait for `c_1`; a backend that queues elsewhere overrides this."""
        del locks, count
        await asyncio.sleep(0)

    async def test_a_failed_turn_lets_go(self, locks: ConversationLocks) -> None:
        with pytest.raises(LookupError):
            async with locks.hold("c_1"):
                raise LookupError
        async with asyncio.timeout(ENOUGH_SECONDS), locks.hold("c_1"):
            pass

    async def test_who_gives_up_waiting_holds_up_nobody(
        self, locks: ConversationLocks, rival: ConversationLocks
    ) -> None:
        async def turn(own: ConversationLocks) -> None:
            async with own.hold("c_1"):
                pass

        async with locks.hold("c_1"):
            patient, hasty = asyncio.create_task(turn(rival)), asyncio.create_task(turn(locks))
            await self.waiting(locks, 2)
            hasty.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hasty
        await asyncio.wait_for(patient, ENOUGH_SECONDS)
        async with asyncio.timeout(ENOUGH_SECONDS), locks.hold("c_1"):
            pass


class AnswerCacheContract:
    """Needs the fixtures `answers`, an empty cache, and `rival`, as another process sees it."""

    async def test_an_answer_is_found_as_it_was_kept(
        self, answers: AnswerCache, rival: AnswerCache
    ) -> None:
        await answers.keep("r1:zh:怎么退货", ANSWER)
        assert await rival.find("r1:zh:怎么退货") == ANSWER

    async def test_other_keys_find_nothing(self, answers: AnswerCache) -> None:
        await answers.keep("r1:zh:怎么退货", ANSWER)
        assert await answers.find("r2:zh:怎么退货") is None

    async def test_a_new_answer_replaces_the_old_one(self, answers: AnswerCache) -> None:
        await answers.keep("k", ANSWER)
        newer = CachedAnswer("ec-018", "怎么换货", 0.8, ())
        await answers.keep("k", newer)
        assert await answers.find("k") == newer

    async def test_a_question_is_counted_wherever_it_is_asked(
        self, answers: AnswerCache, rival: AnswerCache
    ) -> None:
        assert [await answers.asked("k"), await rival.asked("k")] == [1, 2]
        assert await rival.asked("other") == 1
        assert await answers.asked("k") == 3

    async def test_a_count_is_no_answer(self, answers: AnswerCache) -> None:
        await answers.asked("k")
        assert await answers.find("k") is None


class WakeUpsContract:
    """Needs the fixtures `wake_ups` and `rival`: the same as another process sees them."""

    async def test_every_process_hears_that_a_conversation_has_grown(
        self, wake_ups: WakeUps, rival: WakeUps
    ) -> None:
        near, far = _Ear(), _Ear()
        wake_ups.listen(near.hear)
        rival.listen(far.hear)
        await wake_ups.announce("c_1", 7)
        assert await near.next() == ("c_1", 7)
        assert await far.next() == ("c_1", 7)

    async def test_an_announcement_is_heard_once(self, wake_ups: WakeUps) -> None:
        ear = _Ear()
        wake_ups.listen(ear.hear)
        await wake_ups.announce("c_1", 7)
        await wake_ups.announce("c_2", 8)
        assert [await ear.next(), await ear.next()] == [("c_1", 7), ("c_2", 8)]
        assert ear.heard.empty()

    async def test_who_stopped_listening_hears_nothing(self, wake_ups: WakeUps) -> None:
        gone, here = _Ear(), _Ear()
        stop = wake_ups.listen(gone.hear)
        wake_ups.listen(here.hear)
        stop()
        stop()
        await wake_ups.announce("c_1", 7)
        assert await here.next() == ("c_1", 7)
        assert gone.heard.empty()

    async def test_a_listener_that_fails_disturbs_nobody(self, wake_ups: WakeUps) -> None:
        async def fail(conversation_id: str, top_seq: int) -> None:
            raise ConnectionResetError(conversation_id, top_seq)

        ear = _Ear()
        wake_ups.listen(fail)
        wake_ups.listen(ear.hear)
        await wake_ups.announce("c_1", 7)
        assert await ear.next() == ("c_1", 7)


class _Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    async def hear(self, conversation_id: str, top_seq: int) -> None:
        await self.heard.put((conversation_id, top_seq))

    async def next(self) -> tuple[str, int]:
        return await asyncio.wait_for(self.heard.get(), ENOUGH_SECONDS)
