"""A bot of one project behind `Bot.reply`: its real files, actions and log; only time is played."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from cs_bot.blocks import Text, plain_text
from cs_bot.bot import Bot, Senses
from cs_bot.events import DialogueState
from cs_bot.router import Router
from cs_bot.stages.task.actions.resilient import ResilientActions
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.actions.settings import ActionSettings
from cs_bot.stages.task.nlu import parsed_payload, triggered
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stages.task.unsure import falls_back, with_fallback
from cs_bot.stores.memory import InProcessLocks
from cs_bot.stores.protocols import ConversationStore, Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.clock import FakeClock
from cs_bot.testing.transcripts import Customer
from cs_bot.text.language import language_of
from cs_bot.text.normalize import query_of
from cs_bot.types import Intent, Message, Pressed, Reading, Reply, Stage, Trace, Triggered, Turn


@dataclass
class Talk:
    """Says one thing after another and hears what the bot says."""

    customer: Customer
    clock: FakeClock
    tasks: TaskBot
    stores: Stores

    async def says(self, text: str) -> str:
        """Return the answer, a line for each block."""
        record = await self.customer.say(text)
        return plain_text(record.trace.reply.blocks)

    @property
    def trace(self) -> Trace:
        """The trace of the last turn."""
        return self.customer.turns[-1].trace

    async def state(self) -> DialogueState:
        """Return the state as it is folded from the log."""
        past = await self.conversations.past(self.customer.turns[-1].conversation_id)
        return past.state

    @property
    def conversations(self) -> ConversationStore:
        """The log."""
        return self.stores.conversations


Meanings = Mapping[str, Mapping[str, float]]
"""For words the intents that they may have, with probabilities; `/intent` states itself."""


def write(directory: Path, domain: str, actions: str = "") -> Path:
    """Write a project's files."""
    directory.mkdir(exist_ok=True)
    (directory / "domain.yml").write_text(domain, encoding="utf-8")
    if actions:
        (directory / "actions.py").write_text(actions, encoding="utf-8")
    return directory


@asynccontextmanager
async def talk(
    project: Path,
    store: Path,
    *,
    meanings: Meanings | None = None,
    others: Sequence[Stage] = (),
    locale: str = "en",
    action_seconds: float = 8.0,
) -> AsyncIterator[Talk]:
    """Open the bot of a project over a log that may be there already."""
    clock, settings = FakeClock(), TaskSettings(action_timeout_seconds=action_seconds)
    read_project = load_project(project)
    runner = ActionRunner.load(
        project, read_project.domain, timeout_seconds=action_seconds, lanes=2
    )
    actions = ResilientActions([runner], ActionSettings(), timeout_seconds=action_seconds)
    tasks = TaskBot(read_project, actions, settings)
    stores = await open_stores(
        "sqlite:///log.db", clock=clock, ids=_numbered(store), directory=store
    )
    router = Router(
        [ActiveTask(tasks), *others, NewTask(tasks)], _lost, budget_seconds=20, clock=lambda: 0.0
    )

    async def read(message: Message, query: str, state: DialogueState, _: Any) -> Reading:
        payload = message.payload
        if isinstance(payload, Triggered):
            return triggered(payload)
        words = payload.payload if isinstance(payload, Pressed) else message.text
        read = meaning(words, meanings or {})
        return with_fallback(read, read_project.thresholds) if falls_back(read_project) else read

    bot = Bot(
        router,
        Senses(query_of, language_of, read, tasks.reminder, lambda: None, tasks.sessions.opened),
        conversations=stores.conversations,
        locks=InProcessLocks(),
        names={},
        clock=clock,
        ids=_numbered(store),
    )
    customer = Customer(bot, stores.conversations, locale)
    try:
        yield Talk(customer, clock, tasks, stores)
    finally:
        runner.close()
        await stores.close()


def meaning(text: str, meanings: Meanings) -> Reading:
    """Return what a text means: what is left of the probabilities is no job at all."""
    stated = parsed_payload(text)
    if stated is not None:
        return stated
    told = meanings.get(text, {})
    intents = tuple(Intent(name, share) for name, share in told.items())
    return Reading(intents, (), 1.0 - sum(told.values()))


def _lost(turn: Turn) -> Reply:
    return Reply((Text("(nobody answers)"),))


_RUNS = count(1)


def _numbered(store: Path) -> Any:
    run, numbers = next(_RUNS), count(1)
    return lambda prefix: f"{prefix}_{store.name}_{run}_{next(numbers)}"
