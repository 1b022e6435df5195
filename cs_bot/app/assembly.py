"""Assembles a running bot: stores, lanes, the release that answers, the cascade, the log."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b

from cs_bot import registry
from cs_bot.admin.draft_replay import DraftChecks
from cs_bot.app.draft_checks import BackgroundDraftChecks
from cs_bot.app.examiner import Examiner
from cs_bot.app.makers import encoder, knowledge, new_id, now, own_or_starter, second_encoder
from cs_bot.app.models import refuse_wrong_settings, reranker
from cs_bot.app.parts import Parts, StageFactory
from cs_bot.app.readers import Readers
from cs_bot.app.voting import VoteFollower
from cs_bot.blocks import Text
from cs_bot.bot import Bot, Senses, answered
from cs_bot.errors import BadInput, CsBotError, EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import BothVectors, Encoder, QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.votes import NO_VOTES
from cs_bot.router import Router
from cs_bot.settings import Settings, Table
from cs_bot.stages.cache import AnswerCacheFiller, CacheSettings, ScopedAnswers
from cs_bot.starter import publish_first
from cs_bot.stores.memory import InProcessAnswerCache, InProcessLocks, InProcessWakeUps
from cs_bot.stores.protocols import AnswerCache, ConversationLocks, Past, Stores, WakeUps
from cs_bot.text.language import language_of
from cs_bot.text.lexicon import load_lexicon
from cs_bot.text.normalize import normalized
from cs_bot.turn_log import log_turn
from cs_bot.types import Message, Reading, Reply, Stage, Trace, Turn, User

_SORRY = {
    "zh": "抱歉，这个问题我现在答不上来。请稍后再试。",
    "en": "Sorry, I cannot answer that right now. Please try again in a moment.",
}


_LANES = (
    "encode",
    "encode-second",
    "search",
    "rerank",
    "index",
    "index-second",
    "judge",
    "check",
    "talk",
    "votes",
)


@dataclass(frozen=True, slots=True)
class House:
    """A bot that runs, with what channels and the console need of it."""

    settings: Settings
    stores: Stores
    bot: Bot
    snapshots: Snapshots
    contracts: Contracts
    draft_checks: DraftChecks
    wake_ups: WakeUps
    ask: Callable[[str, str], Awaitable[Trace]]
    """Answers a text in a locale without leaving a trace in the log."""
    votes: VoteFollower | None = None
    """What customers have voted; None where feedback is off."""

    async def published(self) -> None:
        """Let a release that has just become current answer at once."""
        await self.snapshots.refresh()

    async def complete(self) -> None:
        """Wait until both encoders have read the release, as far as they answer, and its terms."""
        with suppress(EncoderDown):
            await self.snapshots.complete()
            await self.contracts.refresh()

    async def ready(self) -> Mapping[str, bool]:
        """Tell for each part a server needs whether it works."""
        try:
            release = await self.stores.knowledge.current_release()
        except CsBotError:
            return {"store": False, "knowledge": False}
        return {"store": True, "knowledge": release is None or self.snapshots.current is not None}


@dataclass(frozen=True, slots=True)
class _Shared:
    """What processes share: in this process, or in Redis."""

    locks: ConversationLocks
    answers: AnswerCache
    wake_ups: WakeUps


@asynccontextmanager
async def opened_stores(settings: Settings) -> AsyncIterator[Stores]:
    """Open the bot's stores for the length of the block; raises `BadInput` or `Busy`."""
    scheme = settings.store.url.partition(":")[0]
    stores: Stores = await registry.load(
        "cs_bot.stores", scheme, where=settings.where("store", "url")
    )(settings)
    try:
        yield stores
    finally:
        await stores.close()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """Run the bot for the length of the block: stores, models, the release that answers."""
    async with AsyncExitStack() as stack:
        lanes = {name: Lane(name) for name in _LANES}
        for lane in lanes.values():
            stack.callback(lane.close)
        loading = asyncio.ensure_future(lanes["encode"].run(encoder, settings))
        stack.callback(loading.cancel)
        stores = await stack.enter_async_context(opened_stores(settings))
        await publish_first(settings, stores.knowledge, stores.labels)
        vectors = QueryVectors(await loading, lanes["encode"])
        stack.callback(getattr(vectors.encoder, "close", lambda: None))
        await lanes["encode"].run(refuse_wrong_settings, settings, vectors.encoder)
        yield await _assembled(settings, stores, vectors, lanes, stack)


async def _assembled(
    settings: Settings,
    stores: Stores,
    vectors: QueryVectors,
    lanes: Mapping[str, Lane],
    stack: AsyncExitStack,
) -> House:
    shared = await _shared(settings, stack)
    opinion = second_encoder(settings)
    second = None if opinion is None else QueryVectors(opinion, lanes["encode-second"])
    stack.callback(getattr(opinion, "close", lambda: None))
    readers = Readers(settings, vectors, second)
    stack.callback(readers.close)
    snapshots = Snapshots(
        stores.knowledge,
        readers.build,
        lanes["index"],
        restore=readers.restore,
        join=None if second is None else readers.join,
        join_lane=lanes["index-second"],
    )
    await snapshots.refresh()
    _follow(snapshots.follow, stack)
    votes = await _votes(settings, stores, vectors.encoder, lanes["votes"], stack)
    opinions = reranker(settings)
    scope = _dials_digest(settings)
    examiner = Examiner(
        settings.stages.get("kbqa", Table("stages.kbqa")).read(KbqaSettings),
        vectors.encoder,
        opinion,
        opinions,
    )
    stack.callback(examiner.close)
    contracts = Contracts(
        stores.labels, snapshots, examiner.judge, lanes["judge"], scope=scope.hex()
    )
    await contracts.refresh(ask=False)
    _follow(contracts.follow, stack)
    draft_checks = BackgroundDraftChecks(
        stores.knowledge,
        stores.labels,
        snapshots,
        contracts,
        examiner,
        readers.draft,
        lanes["check"],
    )
    stack.push_async_callback(draft_checks.close)
    own = await _own_digest(stores, scope)
    answers = ScopedAnswers(shared.answers, lambda: f"{own}\n{contracts.key}")
    parts = Parts(
        settings=settings,
        stores=stores,
        snapshots=snapshots,
        contracts=contracts,
        vectors=vectors,
        both=BothVectors(vectors, second),
        cache=answers,
        reranker=opinions,
        lexicon=load_lexicon(own_or_starter(knowledge(settings), "sensitive")),
        tasks=readers.tasks,
        search_lane=lanes["search"],
        rerank_lane=lanes["rerank"],
        talk_lane=lanes["talk"],
        at_end=stack.push_async_callback,
        votes=lambda: NO_VOTES if votes is None else votes.current,
    )
    router = _router(parts)

    async def read(
        message: Message, query: str, state: DialogueState, release: str | None
    ) -> Reading:
        return await readers.read(message, query, state, snapshots.of(release))

    senses = Senses(normalized, language_of, read, readers.tasks.reminder, snapshots.release)
    bot = Bot(
        router,
        senses,
        conversations=stores.conversations,
        locks=shared.locks,
        names=settings.bot.name,
        clock=now,
        ids=new_id,
        listeners=(
            AnswerCacheFiller(answers, promote_after=_cache_settings(settings).promote_after),
            log_turn,
        ),
    )

    async def ask(text: str, locale: str) -> Trace:
        message = Message("c_asked", "m_1", text, "console", User("operator"), locale, now())
        _, trace = await answered(message, Past(DialogueState(), ()), router, senses)
        return trace

    return House(
        settings, stores, bot, snapshots, contracts, draft_checks, shared.wake_ups, ask, votes
    )


async def _shared(settings: Settings, stack: AsyncExitStack) -> _Shared:
    dials = _cache_settings(settings)
    if not settings.store.redis:
        answers = InProcessAnswerCache(size=dials.most, ttl_seconds=dials.ttl_seconds, clock=now)
        return _Shared(InProcessLocks(), answers, InProcessWakeUps())
    try:
        from cs_bot.stores.redis.opening import open_redis
    except ImportError:
        raise BadInput(
            "Redis is configured but its client is not installed",
            where=settings.where("store", "redis"),
            remedy="pip install 'cs-bot[redis]'",
        ) from None
    redis = await open_redis(
        settings.store.redis,
        process_id=f"{socket.gethostname()}-{os.getpid()}-{new_id('p')}",
        answer_seconds=dials.ttl_seconds,
    )
    stack.push_async_callback(redis.close)
    return _Shared(redis.locks, redis.answers, redis.wake_ups)


def _cache_settings(settings: Settings) -> CacheSettings:
    return settings.stages.get("cache", Table("stages.cache")).read(CacheSettings)


def _dials_digest(settings: Settings) -> bytes:
    """Return what sets answers of other dials, models or synonyms apart."""
    dials = settings.stages.get("kbqa", Table("stages.kbqa")).values
    path = knowledge(settings) / "synonyms.txt"
    folded = path.read_bytes() if path.exists() else b""
    said = repr((sorted(dials.items()), settings.models)).encode()
    return blake2b(said + folded, digest_size=8).digest()


async def _own_digest(stores: Stores, dials: bytes) -> str:
    """Return what sets this bot's cached answers apart in a Redis that outlives restarts."""
    database = await stores.secrets.secret("answer_cache", lambda: secrets.token_bytes(8))
    return blake2b(database + dials, digest_size=8).hexdigest()


async def _votes(
    settings: Settings, stores: Stores, encoder: Encoder, lane: Lane, stack: AsyncExitStack
) -> VoteFollower | None:
    """Return the votes, followed from now on, where they are to count."""
    dials = settings.stages.get("kbqa", Table("stages.kbqa")).read(KbqaSettings)
    if not dials.feedback:
        return None
    votes = VoteFollower(stores.feedback, encoder, lane, clock=now)
    await votes.refresh()
    _follow(votes.follow, stack)
    return votes


def _follow(watch: Callable[[], Coroutine[None, None, None]], stack: AsyncExitStack) -> None:
    task = asyncio.create_task(watch())

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


def _router(parts: Parts) -> Router:
    cascade, tables = parts.settings.router.cascade, parts.settings.stages
    stems = {name: name.partition(".")[0] for name in cascade}
    for name, table in tables.items():
        if name not in stems.values():
            raise BadInput(
                f"[{table.path}] configures a stage that is not in the cascade",
                where=table.where(),
                remedy="add it to [router] cascade or remove the table",
            )
    stages: list[Stage] = []
    for name, stem in stems.items():
        factory: StageFactory = registry.load(
            "cs_bot.stages", name, where=parts.settings.where("router", "cascade")
        )
        stages.append(factory(parts, tables.get(stem, Table(f"stages.{stem}"))))
    return Router(
        stages,
        _last_words,
        budget_seconds=parts.settings.router.budget_seconds,
        clock=time.perf_counter,
    )


def _last_words(turn: Turn) -> Reply:
    return Reply((Text(_SORRY.get(turn.locale, _SORRY["en"])),), score=0.0)
