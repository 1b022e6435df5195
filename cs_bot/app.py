"""Puts a bot together from its settings: the only file that names concrete classes.

Stages, encoders and stores are found by name in the registry; the built-in ones at the end of
this file are registered in `pyproject.toml` like any guest.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cs_bot import registry
from cs_bot.blocks import Text
from cs_bot.bot import Bot, Senses, answered
from cs_bot.errors import BadInput, CsBotError
from cs_bot.events import DialogueState
from cs_bot.llm.openai_compatible import OpenAICompatible
from cs_bot.models.encoders import Encoder, QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.retrieval.releases import Snapshots
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.router import Router
from cs_bot.settings import Settings, Table
from cs_bot.stages.cache import AnswerCacheFiller, CacheSettings, CacheStage
from cs_bot.stages.chat.aiml_brain import AimlBrain
from cs_bot.stages.chat.aiml_talk import AimlTalk
from cs_bot.stages.chat.llm_talk import LLMTalk, LLMTalkSettings
from cs_bot.stages.chat.stage import ChatStage, Talk
from cs_bot.stages.chat.template_file import load_templates
from cs_bot.stages.chat.templates import TemplateTalk
from cs_bot.stages.handoff import Handoff, HumanRequest, handoff_texts
from cs_bot.stages.kbqa import Kbqa
from cs_bot.stages.sensitive import SensitiveFilter
from cs_bot.stages.suggest import SuggestStage
from cs_bot.stages.task.actions.load import load_actions
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.nlu import Background, TaskReader, train
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.starter import publish_first
from cs_bot.stores.memory import InProcessAnswerCache, InProcessLocks, InProcessWakeUps
from cs_bot.stores.protocols import AnswerCache, Past, Stores, WakeUps
from cs_bot.text.language import language_of
from cs_bot.text.lexicon import Lexicon, load_lexicon
from cs_bot.text.normalize import normalized
from cs_bot.text.synonyms import Synonyms, read_synonyms
from cs_bot.text.texts import read_text
from cs_bot.types import Message, QAPair, Reading, Reply, Stage, Trace, Turn, User

_SORRY = {
    "zh": "抱歉，这个问题我现在答不上来。请稍后再试。",
    "en": "Sorry, I cannot answer that right now. Please try again in a moment.",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the factories of stages may build on."""

    settings: Settings
    stores: Stores
    snapshots: Snapshots
    vectors: QueryVectors
    cache: AnswerCache
    lexicon: Lexicon
    tasks: TaskBot
    search_lane: Lane
    talk_lane: Lane

    @property
    def dialogs(self) -> Path:
        """The directory of tasks, templates and sentences."""
        return self.settings.directory / self.settings.bot.dialogs


@dataclass(frozen=True, slots=True)
class House:
    """A bot that runs, with what channels and the console need of it."""

    settings: Settings
    stores: Stores
    bot: Bot
    snapshots: Snapshots
    wake_ups: WakeUps
    ask: Callable[[str, str], Awaitable[Trace]]
    """Answers a text in a locale without leaving a trace in the log."""

    async def published(self) -> None:
        """Let a release that has just become current answer at once."""
        await self.snapshots.refresh()

    async def ready(self) -> Mapping[str, bool]:
        """Tell for each part a server needs whether it works."""
        try:
            release = await self.stores.knowledge.current_release()
        except CsBotError:
            return {"store": False, "knowledge": False}
        return {"store": True, "knowledge": release is None or self.snapshots.current is not None}


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """Return an id nobody can guess, such as `c_6f1c...`."""
    return f"{prefix}_{secrets.token_hex(8)}"


@asynccontextmanager
async def opened_stores(settings: Settings) -> AsyncIterator[Stores]:
    """Open the bot's stores for the length of the block; raises `BadInput` or `Busy`."""
    url = settings.store.url
    stores: Stores = await registry.load(
        "cs_bot.stores", url.partition(":")[0], where="bot.toml [store] url"
    )(settings)
    try:
        yield stores
    finally:
        await stores.close()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """Run the bot for the length of the block: stores, models, the release that answers."""
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(opened_stores(settings))
        await publish_first(settings, stores.knowledge)
        yield await _assembled(settings, stores, stack)


async def _assembled(settings: Settings, stores: Stores, stack: AsyncExitStack) -> House:
    lanes = {name: Lane(name) for name in ("encode", "search", "index", "talk")}
    for lane in lanes.values():
        stack.callback(lane.close)
    vectors = QueryVectors(encoder(settings), lanes["encode"])
    readers = _Readers(settings, vectors)
    stack.callback(readers.close)
    snapshots = Snapshots(stores.knowledge, readers.build, lanes["index"])
    await snapshots.refresh()
    await _following(snapshots, stack)
    parts = Parts(
        settings=settings,
        stores=stores,
        snapshots=snapshots,
        vectors=vectors,
        cache=_cache(settings),
        lexicon=load_lexicon(settings.directory / settings.bot.knowledge / "sensitive"),
        tasks=readers.tasks,
        search_lane=lanes["search"],
        talk_lane=lanes["talk"],
    )
    router = _router(parts)
    senses = Senses(
        normalized, language_of, readers.read, readers.tasks.reminder, snapshots.release
    )
    bot = Bot(
        router,
        senses,
        conversations=stores.conversations,
        locks=InProcessLocks(),
        names=settings.bot.name,
        clock=now,
        ids=new_id,
        listeners=(AnswerCacheFiller(parts.cache),),
    )

    async def ask(text: str, locale: str) -> Trace:
        message = Message("c_asked", "m_1", text, "console", User("operator"), locale, now())
        _, trace = await answered(message, Past(DialogueState(), ()), router, senses)
        return trace

    return House(settings, stores, bot, snapshots, InProcessWakeUps(), ask)


async def _following(snapshots: Snapshots, stack: AsyncExitStack) -> None:
    task = asyncio.create_task(snapshots.follow())

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


class _Readers:
    """Builds a release's index together with the reader that tells its questions from jobs."""

    def __init__(self, settings: Settings, vectors: QueryVectors) -> None:
        project = load_project(settings.directory / settings.bot.dialogs)
        actions = load_actions(settings.directory / settings.bot.dialogs)
        dials = settings.stages.get("task", Table("stages.task")).read(TaskSettings)
        self._runner = ActionRunner(
            actions,
            project.domain,
            timeout_seconds=dials.action_timeout_seconds,
            lanes=dials.action_lanes,
        )
        self.tasks = TaskBot(project, self._runner, dials)
        self._vectors = vectors
        self._files = vector_files(settings)
        self._synonyms = synonyms(settings)
        self._reader = TaskReader(project, None, vectors)

    def build(self, release_id: str, pairs: Sequence[QAPair]) -> Snapshot:
        """Index a release and train the reader on it; seconds of work, for a lane."""
        encoder = self._vectors.encoder
        snapshot = Snapshot.build(
            release_id, pairs, encoder, synonyms=self._synonyms, files=self._files
        )
        background = Background(snapshot.texts, snapshot.vectors)
        model = train(self.tasks.project, background, encoder)
        self._reader = TaskReader(self.tasks.project, model, self._vectors)
        return snapshot

    async def read(self, message: Message, query: str, state: DialogueState) -> Reading:
        """Read a message with the reader of the release that answers now."""
        return await self._reader.read(message, query, state)

    def close(self) -> None:
        """Let running actions end."""
        self._runner.close()


def encoder(settings: Settings) -> Encoder:
    """Return the encoder that the settings name."""
    made: Encoder = registry.load(
        "cs_bot.encoders", settings.models.encoder, where="bot.toml [models] encoder"
    )(settings)
    return made


def synonyms(settings: Settings) -> Synonyms:
    """Return what the bot's knowledge folder says of words that mean the same."""
    return read_synonyms(settings.directory / settings.bot.knowledge / "synonyms.txt")


def vector_files(settings: Settings) -> VectorFiles:
    """Return the folder that keeps the vectors of releases."""
    return VectorFiles(settings.directory / "var" / "index")


def _cache(settings: Settings) -> AnswerCache:
    dials = settings.stages.get("cache", Table("stages.cache")).read(CacheSettings)
    return InProcessAnswerCache(size=dials.most, ttl_seconds=dials.ttl_seconds, clock=now)


def _router(parts: Parts) -> Router:
    cascade = parts.settings.router.cascade
    tables = parts.settings.stages
    for name, table in tables.items():
        if name not in {stage.partition(".")[0] for stage in cascade}:
            raise BadInput(
                f"[{table.path}] configures a stage that is not in the cascade",
                where=table.where(),
                remedy="add it to [router] cascade or remove the table",
            )
    stages: list[Stage] = []
    for name in cascade:
        factory = registry.load("cs_bot.stages", name, where="bot.toml [router] cascade")
        stem = name.partition(".")[0]
        stages.append(factory(parts, tables.get(stem, Table(f"stages.{stem}"))))
    return Router(
        stages,
        _last_words,
        budget_seconds=parts.settings.router.budget_seconds,
        clock=time.perf_counter,
    )


def _last_words(turn: Turn) -> Reply:
    return Reply((Text(_SORRY.get(turn.locale, _SORRY["en"])),), score=0.0)


# Built-in parts, registered in pyproject.toml


@dataclass(frozen=True, slots=True)
class _NoSettings:
    """A stage without dials of its own: any key in its table is unknown."""


def cache_stage(parts: Parts, table: Table) -> Stage:
    """Answer what was answered before from the same release."""
    table.read(CacheSettings)
    return CacheStage(parts.cache)


def sensitive_stage(parts: Parts, table: Table) -> Stage:
    """Refuse what must not be discussed, mask what must not be logged."""
    table.read(_NoSettings)
    return SensitiveFilter(parts.lexicon)


def human_request_stage(parts: Parts, table: Table) -> Stage:
    """Answer early who asks for a human and nothing else."""
    table.read(_NoSettings)
    return HumanRequest(handoff_texts(parts.dialogs / "chat" / "texts.toml"))


def active_task_stage(parts: Parts, table: Table) -> Stage:
    """Go on with the task that waits for a slot."""
    table.read(TaskSettings)
    return ActiveTask(parts.tasks)


def kbqa_stage(parts: Parts, table: Table) -> Stage:
    """Answer from the knowledge base."""
    return Kbqa(parts.snapshots, parts.vectors, parts.search_lane, table.read(KbqaSettings))


def new_task_stage(parts: Parts, table: Table) -> Stage:
    """Start a task."""
    table.read(TaskSettings)
    return NewTask(parts.tasks)


def suggest_stage(parts: Parts, table: Table) -> Stage:
    """Show the "did you mean" list; its dials are those of the knowledge base."""
    table.read(_NoSettings)
    kbqa = parts.settings.stages.get("kbqa", Table("stages.kbqa"))
    return SuggestStage(parts.snapshots, kbqa.read(KbqaSettings))


def chat_stage(parts: Parts, table: Table) -> Stage:
    """Make small talk: templates, AIML, then a language model where one is configured."""
    table.read(_NoSettings)
    folder, names = parts.dialogs / "chat", parts.settings.bot.name
    templates = TemplateTalk(load_templates(folder / "templates.yml"), bot_names=names)
    brain = AimlBrain(sorted(folder.glob("*.aiml")), bot_names=names.values())
    aiml = AimlTalk(brain, parts.talk_lane, bot_names=names)
    return ChatStage((templates, aiml, *_llm_talk(parts)))


def _llm_talk(parts: Parts) -> Iterator[Talk]:
    dials = parts.settings.llm
    if not dials.url:
        return
    llm = OpenAICompatible(
        dials.url,
        dials.model,
        api_key=os.environ.get(dials.api_key_env, ""),
        timeout_seconds=dials.timeout_seconds,
    )
    yield LLMTalk(
        llm,
        read_text(parts.dialogs / "chat" / "prompt.md"),
        parts.lexicon,
        bot_names=parts.settings.bot.name,
        settings=LLMTalkSettings(dials.temperature, dials.max_tokens),
    )


def handoff_stage(parts: Parts, table: Table) -> Stage:
    """Offer a human, always."""
    table.read(_NoSettings)
    return Handoff(handoff_texts(parts.dialogs / "chat" / "texts.toml"))


def use_encoder(_: Settings) -> Encoder:
    """Return the packaged multilingual encoder."""
    return UniversalSentenceEncoder()


async def sql_stores(settings: Settings) -> Stores:
    """Open SQLite or PostgreSQL."""
    from cs_bot.stores.sql.opening import open_stores

    return await open_stores(
        settings.store.url, clock=now, ids=new_id, directory=settings.directory
    )
