"""The built-in stages, encoder and stores, registered in `pyproject.toml` like any guest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from cs_bot.app.makers import dialogs, new_id, now, own_or_starter
from cs_bot.app.parts import Parts
from cs_bot.models.e5 import E5Encoder
from cs_bot.models.encoders import Encoder, UniversalSentenceEncoder
from cs_bot.retrieval.decide import KbqaSettings
from cs_bot.settings import Settings, Table
from cs_bot.stages.cache import CacheSettings, CacheStage
from cs_bot.stages.chat.aiml_brain import AimlBrain
from cs_bot.stages.chat.aiml_talk import AimlTalk
from cs_bot.stages.chat.llm_talk import LLMTalk, LLMTalkSettings, load_prompt
from cs_bot.stages.chat.stage import ChatStage, Talk
from cs_bot.stages.chat.template_file import load_templates
from cs_bot.stages.chat.templates import TemplateTalk
from cs_bot.stages.handoff import Handoff, HumanRequest, handoff_texts
from cs_bot.stages.kbqa import Kbqa
from cs_bot.stages.sensitive import SensitiveFilter
from cs_bot.stages.suggest import SuggestStage
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stores.protocols import Stores
from cs_bot.text.texts import Texts
from cs_bot.types import Stage


@dataclass(frozen=True, slots=True)
class NoSettings:
    """A stage without dials of its own: any key in its table is unknown."""


def cache_stage(parts: Parts, table: Table) -> Stage:
    """Answer what was answered before from the same release."""
    table.read(CacheSettings)
    return CacheStage(parts.cache, lambda pair_id: parts.votes().doubted(pair_id))


def sensitive_stage(parts: Parts, table: Table) -> Stage:
    """Refuse what must not be discussed, mask what must not be logged."""
    table.read(NoSettings)
    return SensitiveFilter(parts.lexicon)


def human_request_stage(parts: Parts, table: Table) -> Stage:
    """Answer early who asks for a human and nothing else."""
    table.read(NoSettings)
    return HumanRequest(_sentences(parts))


def active_task_stage(parts: Parts, table: Table) -> Stage:
    """Go on with the task that waits for a slot."""
    table.read(TaskSettings)
    return ActiveTask(parts.tasks)


def kbqa_stage(parts: Parts, table: Table) -> Stage:
    """Answer from the knowledge base."""
    return Kbqa(
        parts.snapshots,
        parts.both,
        parts.search_lane,
        table.read(KbqaSettings),
        terms=lambda: parts.contracts.terms,
        reranker=parts.reranker,
        rerank_lane=parts.rerank_lane,
        votes=parts.votes,
    )


def new_task_stage(parts: Parts, table: Table) -> Stage:
    """Start a task."""
    table.read(TaskSettings)
    return NewTask(parts.tasks)


def suggest_stage(parts: Parts, table: Table) -> Stage:
    """Show the "did you mean" list; its dials are those of the knowledge base."""
    table.read(NoSettings)
    kbqa = parts.settings.stages.get("kbqa", Table("stages.kbqa"))
    return SuggestStage(parts.snapshots, kbqa.read(KbqaSettings))


def chat_stage(parts: Parts, table: Table) -> Stage:
    """Make small talk: templates, AIML, then a language model where one is configured."""
    table.read(NoSettings)
    return ChatStage((*_templates(parts), *_aiml(parts), *_language_model(parts)))


def handoff_stage(parts: Parts, table: Table) -> Stage:
    """Offer a human, always."""
    table.read(NoSettings)
    return Handoff(_sentences(parts))


def use_encoder(settings: Settings) -> Encoder:
    """Return the packaged multilingual encoder."""
    return UniversalSentenceEncoder(settings.directory / "var" / "models")


def e5_encoder(_: Settings) -> Encoder:
    """Return the packaged second encoder; raises `ImportError` where it has no wheel."""
    return E5Encoder()


async def sql_stores(settings: Settings) -> Stores:
    """Open SQLite or PostgreSQL."""
    from cs_bot.stores.sql.opening import open_stores

    return await open_stores(
        settings.store.url, clock=now, ids=new_id, directory=settings.directory
    )


def _sentences(parts: Parts) -> Texts:
    return handoff_texts(own_or_starter(dialogs(parts.settings), "chat/texts.toml"))


def _templates(parts: Parts) -> Iterator[Talk]:
    path = dialogs(parts.settings) / "chat" / "templates.yml"
    if path.exists():
        yield TemplateTalk(load_templates(path), bot_names=parts.settings.bot.name)


def _aiml(parts: Parts) -> Iterator[Talk]:
    files = sorted((dialogs(parts.settings) / "chat").glob("*.aiml"))
    names = parts.settings.bot.name
    if files:
        brain = AimlBrain(files, bot_names=names.values())
        yield AimlTalk(brain, parts.talk_lane, bot_names=names)


def _language_model(parts: Parts) -> Iterator[Talk]:
    dials = parts.settings.llm
    if not dials.url:
        return
    from cs_bot.llm.openai_compatible import OpenAICompatible  # httpx takes 0.1 s to import

    llm = OpenAICompatible(
        dials.url,
        dials.model,
        api_key=os.environ.get(dials.api_key_env, ""),
        timeout_seconds=dials.timeout_seconds,
    )
    parts.at_end(llm.close)
    yield LLMTalk(
        llm,
        load_prompt(own_or_starter(dialogs(parts.settings), "chat/prompt.md")),
        parts.lexicon,
        bot_names=parts.settings.bot.name,
        settings=LLMTalkSettings(dials.temperature, dials.max_tokens),
    )
