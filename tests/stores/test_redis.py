"""What processes share through a real Redis, and what is left when it goes away."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from cs_bot.errors import BadInput, Busy
from cs_bot.stores.protocols import AnswerCache, ConversationLocks, WakeUps
from cs_bot.stores.redis.opening import Shared, open_redis
from cs_bot.testing.ports import free_port
from cs_bot.testing.servers import redis_server
from cs_bot.testing.store_contract import AnswerCacheContract, LocksContract, WakeUpsContract
from cs_bot.testing.store_contract.shared import ANSWER, ENOUGH_SECONDS

pytestmark = pytest.mark.redis

OWNER = "cs_bot:lock:{c_1}"
QUEUE = f"{OWNER}:queue"
Two = tuple[Shared, Shared]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """An empty Redis, to look into what the processes keep there."""
    client = Redis.from_url(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
async def two(redis: Redis, redis_url: str) -> AsyncIterator[Two]:
    """The same Redis as two processes open it."""
    own = await open_redis(redis_url, process_id="p1", answer_seconds=60)
    rival = await open_redis(redis_url, process_id="p2", answer_seconds=60)
    yield own, rival
    await own.close()
    await rival.close()


async def changes(redis: Redis, key: str, pattern: str) -> AsyncIterator[None]:
    """Yield whenever Redis changes the key in this way (`rpush`, `expire`, ...)."""
    await redis.config_set("notify-keyspace-events", "KA")
    async with redis.pubsub(ignore_subscribe_messages=True) as events:
        await events.subscribe(f"__keyspace@0__:{key}")
        yield
        async for event in events.listen():
            if event["data"].decode() == pattern:
                yield


class TestLocks(LocksContract):
    @pytest.fixture
    def locks(self, two: Two) -> ConversationLocks:
        return two[0].locks

    @pytest.fixture
    def rival(self, two: Two) -> ConversationLocks:
        return two[1].locks

    @pytest.fixture(autouse=True)
    def look_into(self, redis: Redis) -> None:
        self.redis = redis

    async def waiting(self, locks: ConversationLocks, count: int) -> None:
        async with asyncio.timeout(ENOUGH_SECONDS):
            while await self.redis.llen(QUEUE) < count:
                pass  # asking Redis lets the others run

    async def test_processes_are_served_in_order_too(
        self, locks: ConversationLocks, rival: ConversationLocks
    ) -> None:
        served: list[int] = []

        async def turn(own: ConversationLocks, n: int) -> None:
            async with own.hold("c_1"):
                served.append(n)

        async with locks.hold("c_1"):
            turns = []
            for n in range(6):
                turns.append(asyncio.create_task(turn((rival, locks)[n % 2], n)))
                await self.waiting(locks, n + 1)
        await asyncio.wait_for(asyncio.gather(*turns), ENOUGH_SECONDS)
        assert served == list(range(6))

    async def test_nothing_is_left_behind(self, locks: ConversationLocks) -> None:
        async def turn() -> None:
            async with locks.hold("c_1"):
                pass

        await asyncio.gather(*(turn() for _ in range(5)))
        assert await self.redis.keys("*") == []


async def test_a_lock_is_kept_as_long_as_its_turn_runs(redis: Redis, redis_url: str) -> None:
    process = await open_redis(redis_url, process_id="p1", answer_seconds=60, lock_seconds=0.15)
    renewals = changes(redis, OWNER, "expire")
    await anext(renewals)
    async with asyncio.timeout(ENOUGH_SECONDS), process.locks.hold("c_1"):
        holder = await redis.get(OWNER)
        for _ in range(5):
            await anext(renewals)
        assert await redis.get(OWNER) == holder
    await renewals.aclose()  # type: ignore[attr-defined]  # it is a generator
    await process.close()


async def test_the_lock_of_a_dead_process_expires(redis: Redis, two: Two) -> None:
    await redis.set(OWNER, "dead/1", px=100)
    async with asyncio.timeout(ENOUGH_SECONDS), two[0].locks.hold("c_1"):
        pass


async def test_a_dead_process_in_the_queue_holds_up_nobody(redis: Redis, two: Two) -> None:
    await redis.rpush(QUEUE, "dead/1", "dead/2")
    async with asyncio.timeout(ENOUGH_SECONDS), two[0].locks.hold("c_1"):
        await redis.rpush(QUEUE, "dead/3")
    async with asyncio.timeout(ENOUGH_SECONDS), two[1].locks.hold("c_1"):
        pass


async def test_a_lock_handed_to_a_dead_process_expires(redis: Redis, redis_url: str) -> None:
    process = await open_redis(redis_url, process_id="p1", answer_seconds=60, lock_seconds=0.1)
    async with asyncio.timeout(ENOUGH_SECONDS):
        async with process.locks.hold("c_1"):
            await redis.rpush(QUEUE, "dead/1")
            await redis.set(f"{QUEUE}:dead/1", "", px=60_000)
        assert await redis.get(OWNER) == b"dead/1"
        async with process.locks.hold("c_1"):
            pass
    await process.close()


async def test_who_lost_the_lock_does_not_free_the_next_holder(redis: Redis, two: Two) -> None:
    async with two[0].locks.hold("c_1"):
        await redis.set(OWNER, "other/1")
    assert await redis.get(OWNER) == b"other/1"


class TestAnswers(AnswerCacheContract):
    @pytest.fixture
    def answers(self, two: Two) -> AnswerCache:
        return two[0].answers

    @pytest.fixture
    def rival(self, two: Two) -> AnswerCache:
        return two[1].answers

    async def test_an_answer_grows_too_old(self, answers: AnswerCache, redis: Redis) -> None:
        await answers.keep("k", ANSWER)
        assert 59_000 < await redis.pttl("cs_bot:answer:k") <= 60_000

    async def test_a_count_ends_after_its_time(self, answers: AnswerCache, redis: Redis) -> None:
        await answers.asked("k")
        (name,) = await redis.keys("cs_bot:asked:*")
        await redis.pexpire(name, 10_000)
        await answers.asked("k")
        assert 9_000 < await redis.pttl(name) <= 10_000


class TestWakeUps(WakeUpsContract):
    @pytest.fixture
    def wake_ups(self, two: Two) -> WakeUps:
        return two[0].wake_ups

    @pytest.fixture
    def rival(self, two: Two) -> WakeUps:
        return two[1].wake_ups


async def test_listening_goes_on_after_a_broken_connection(redis: Redis, two: Two) -> None:
    heard: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    async def hear(conversation_id: str, top_seq: int) -> None:
        await heard.put((conversation_id, top_seq))

    two[1].wake_ups.listen(hear)
    before = await _listeners(redis)
    await redis.client_kill_filter(_type="pubsub")
    async with asyncio.timeout(ENOUGH_SECONDS):
        while len(await _listeners(redis) - before) < len(before):
            pass  # asking Redis lets the others run
        await two[0].wake_ups.announce("c_1", 7)
        assert await heard.get() == ("c_1", 7)


async def _listeners(redis: Redis) -> set[str]:
    """Return the ids of the connections that are subscribed to both channels."""
    clients = await redis.client_list(_type="pubsub")
    return {client["id"] for client in clients if client["sub"] == "2"}


async def test_bots_with_different_prefixes_share_nothing(redis: Redis, redis_url: str) -> None:
    bots = [
        await open_redis(redis_url, process_id="p1", answer_seconds=60, prefix=prefix)
        for prefix in ("shop", "bank")
    ]
    await bots[0].answers.keep("k", ANSWER)
    assert await bots[1].answers.find("k") is None
    async with asyncio.timeout(ENOUGH_SECONDS), bots[0].locks.hold("c"), bots[1].locks.hold("c"):
        pass
    for bot in bots:
        await bot.close()


async def test_without_redis_the_cache_misses_and_the_rest_is_busy(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with redis_server() as url:
        process = await open_redis(url, process_id="p1", answer_seconds=60)
        await process.answers.keep("k", ANSWER)
    heard = asyncio.Event()

    async def hear(conversation_id: str, top_seq: int) -> None:
        heard.set()

    process.wake_ups.listen(hear)
    with caplog.at_level(logging.WARNING):
        assert await process.answers.find("k") is None
        await process.answers.keep("k", ANSWER)
        assert await process.answers.find("k") is None
        assert await process.answers.asked("k") == 0
    cache_warnings = [one for one in caplog.messages if "answers are not cached" in one]
    assert len(cache_warnings) == 1
    with pytest.raises(Busy, match="does not answer"):
        await process.wake_ups.announce("c_1", 7)
    await asyncio.wait_for(heard.wait(), ENOUGH_SECONDS)
    with pytest.raises(Busy, match="does not answer"):
        async with process.locks.hold("c_1"):
            pytest.fail("held a lock that nobody keeps")
    await process.close()


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("http://localhost", BadInput, "no URL of a Redis"),
        ("redis://127.0.0.1:{closed}/0", Busy, "does not answer; start it, or correct the URL"),
    ],
)
async def test_a_redis_that_cannot_be_used_is_named_in_one_sentence(
    url: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        await open_redis(url.format(closed=free_port()), process_id="p1", answer_seconds=60)


async def test_a_wrong_password_is_named(redis: Redis, redis_url: str) -> None:
    with pytest.raises(BadInput, match=r"\[store\] redis: Redis refuses this user or password"):
        await open_redis(
            redis_url.replace("://", "://nobody:wrong@"), process_id="p1", answer_seconds=60
        )
