"""Assembles a running bot: stores, lanes, the release that answers, the cascade, the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from cs_bot import registry
from cs_bot.admin.draft_replay import DraftChecks
from cs_bot.app.actions import BotActions
from cs_bot.app.cascade import router_of
from cs_bot.app.draft_checks import BackgroundDraftChecks
from cs_bot.app.examiner import Examiner
from cs_bot.app.following import follow, followed_contracts, followed_votes
from cs_bot.app.makers import encoder, knowledge, new_id, now, own_or_starter, second_encoder
from cs_bot.app.models import refuse_wrong_settings, reranker
from cs_bot.app.parts import Parts
from cs_bot.app.readers import Readers
from cs_bot.app.reminding import Reminders
from cs_bot.app.sharing import cache_settings, dials_digest, own_digest, shared_by
from cs_bot.app.task_models import TaskModels
from cs_bot.app.voting import VoteFollower
from cs_bot.bot import Bot, Senses, answered
from cs_bot.errors import CsBotError, EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import BothVectors, QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.retrieval.contracts import Contracts
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.votes import NO_VOTES
from cs_bot.settings import Settings, Table
from cs_bot.stages.cache import AnswerCacheFiller, ScopedAnswers
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rehearsal import Rehearsal
from cs_bot.starter import publish_first
from cs_bot.stores.protocols import ConversationLocks, Past, Stores, WakeUps
from cs_bot.text.language import language_of
from cs_bot.text.lexicon import load_lexicon
from cs_bot.text.normalize import query_of
from cs_bot.turn_log import log_turn
from cs_bot.types import Message, ModelName, Reading, Trace, User

_LANES = (
    "encode",
    "encode-second",
    "search",
    "rerank",
    "index",
    "index-second",
    "judge",
    "check",
    "learn",
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
    ask: Callable[..., Awaitable[Trace]]
    """Answers a text in a locale without leaving a trace in the log.

    `channel`, `tier` and `at` put it in another situation than an operator's here and now.
    """
    tasks: frozenset[str]
    """What a button may start."""
    actions: BotActions
    """What runs the actions of tasks."""
    models: TaskModels
    """What reads messages and decides, in versions."""
    project: Project
    """What the tasks' files say."""
    parse: Callable[[str], Awaitable[Reading]]
    """Reads a text as the first message of a conversation."""
    locks: ConversationLocks
    """What lets a conversation do one thing at a time."""
    votes: VoteFollower | None = None
    """What customers have voted; None where feedback is off."""

    async def published(self) -> None:
        """Let a release that has just become current answer at once."""
        await self.snapshots.refresh()

    async def complete(self) -> None:
        """Wait until the encoders that answer have read the release, and its terms are known."""
        with suppress(EncoderDown):
            await self.snapshots.complete()
        with suppress(EncoderDown):
            await self.contracts.refresh()

    async def ready(self) -> Mapping[str, bool]:
        """Tell for each part a server needs whether it works."""
        try:
            release = await self.stores.knowledge.current_release()
        except CsBotError:
            return {"store": False, "knowledge": False}
        return {"store": True, "knowledge": release is None or self.snapshots.current is not None}


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
async def opened(
    settings: Settings, rehearsal: Rehearsal | None = None, *, tries: str = ""
) -> AsyncIterator[House]:
    """Run the bot for the length of the block: stores, models, the release that answers.

    A `rehearsal` hears what tasks do and may stand in for actions: for tests of a bot. `tries`
    names a command that tries out what it trains: no server of the bot follows it.
    """
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
        yield await _assembled(settings, stores, vectors, lanes, stack, rehearsal, tries=tries)


async def _assembled(
    settings: Settings,
    stores: Stores,
    vectors: QueryVectors,
    lanes: Mapping[str, Lane],
    stack: AsyncExitStack,
    rehearsal: Rehearsal | None,
    *,
    tries: str,
) -> House:
    shared = await shared_by(settings, stack)
    dials = settings.stages.get("kbqa", Table("stages.kbqa")).read(KbqaSettings)
    opinions = reranker(settings)
    opinion = second_encoder(settings)
    second = None if opinion is None else QueryVectors(opinion, lanes["encode-second"])
    stack.callback(getattr(opinion, "close", lambda: None))
    readers = Readers(
        settings, vectors, second, stores.models, lanes["learn"], tries=tries, rehearsal=rehearsal
    )
    stack.callback(readers.close)
    stack.push_async_callback(readers.actions.disconnect)
    follow(readers.actions.follow, stack)
    scope = dials_digest(settings)
    snapshots = Snapshots(
        stores.knowledge,
        readers.build,
        lanes["index"],
        learn=readers.learn,
        restore=readers.restore,
        read_answers=readers.read_answers,
        join=None if second is None else readers.join,
        join_lane=lanes["index-second"],
    )
    await snapshots.refresh()
    if snapshots.current is None:
        await readers.learn(None)
    follow(snapshots.follow, stack)
    follow(readers.models.follow, stack)
    votes = await followed_votes(dials, stores, vectors.encoder, lanes["votes"], stack)
    examiner = Examiner(dials, vectors.encoder, opinion, opinions)
    stack.callback(examiner.close)
    contracts = await followed_contracts(
        dials, stores.labels, snapshots, examiner, lanes["judge"], scope.hex(), stack
    )
    draft_checks = BackgroundDraftChecks(
        stores, snapshots, contracts, examiner, readers.draft, lanes["check"]
    )
    stack.push_async_callback(draft_checks.close)
    own = await own_digest(stores, scope)
    answers = ScopedAnswers(shared.answers, lambda: f"{own}\n{contracts.key}", own=own)
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
    router = router_of(parts)

    async def read(
        message: Message, query: str, state: DialogueState, model: ModelName | None
    ) -> Reading:
        return await readers.models.reader_of(model).read(message, query, state)

    senses = Senses(
        query_of,
        language_of,
        read,
        readers.tasks.reminder,
        snapshots.release,
        readers.tasks.sessions.opened,
        readers.models.name,
    )
    bot = Bot(
        router,
        senses,
        conversations=stores.conversations,
        locks=shared.locks,
        names=settings.bot.name,
        clock=now,
        ids=new_id,
        listeners=(
            AnswerCacheFiller(answers, promote_after=cache_settings(settings).promote_after),
            log_turn,
        ),
    )

    async def parse(text: str) -> Reading:
        user = User("api")
        message = Message(new_id("c_parsed"), "m_1", text, "api", user, settings.bot.locale, now())
        return await read(message, query_of(text), DialogueState(), readers.models.name())

    reminders = Reminders(stores.reminders, bot, shared.wake_ups, clock=now)
    follow(reminders.watch, stack)

    async def ask(
        text: str,
        locale: str,
        *,
        channel: str = "console",
        tier: str = "",
        at: datetime | None = None,
    ) -> Trace:
        user = User("operator", bool(tier), {"tier": tier} if tier else {})
        # A conversation of its own: services must not take two tries for one by their key.
        message = Message(new_id("c_asked"), "m_1", text, channel, user, locale, at or now())
        _, trace = await answered(message, Past(DialogueState(), ()), router, senses)
        return trace

    return House(
        settings,
        stores,
        bot,
        snapshots,
        contracts,
        draft_checks,
        shared.wake_ups,
        ask,
        frozenset(task.name for task in readers.tasks.project.tasks),
        readers.actions,
        readers.models,
        readers.tasks.project,
        parse,
        shared.locks,
        votes,
    )
