"""Two versions of the task model behind one bot, and a roll-back that another process follows."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from cs_bot.app.makers import now
from cs_bot.app.task_models import TaskModels
from cs_bot.blocks import Text, plain_text
from cs_bot.bot import Bot, Senses
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.router import Router
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.stores.memory import InProcessLocks
from cs_bot.stores.protocols import Stores
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.encoder import WordEncoder
from cs_bot.testing.transcripts import Customer
from cs_bot.text.language import language_of
from cs_bot.text.normalize import normalized
from cs_bot.types import Message, ModelName, Reading, Reply

FILES = """
intents: [order_status, refund]
responses:
  utter_order: [{text: On its way.}]
  utter_refund: [{text: Paid back.}]
rules:
- rule: order
  steps: [{intent: order_status}, {action: utter_order}]
- rule: refund
  steps: [{intent: refund}, {action: utter_refund}]
nlu:
- intent: order_status
  examples: |
    - where is my order
    - has my parcel been sent
    - when does it arrive
- intent: refund
  examples: |
    - i want my money back
    - pay me back please
    - cancel and repay
"""
ASKED = "when does it arrive"
EDITED = FILES.replace("    - when does it arrive\n", "").replace(
    "    - cancel", "    - when does it arrive\n    - cancel"
)
SECOND_PROCESS = """
import asyncio, sys
from pathlib import Path
from cs_bot.app.makers import new_id, now
from cs_bot.app.task_models import TaskModels
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.encoder import WordEncoder

async def main():
    stores = await open_stores(sys.argv[1], clock=now, ids=new_id)
    lane = Lane("learn")
    vectors = QueryVectors(WordEncoder(), lane)
    models = TaskModels(load_project(Path(sys.argv[2])), vectors, stores.models, lane)
    await models.learn(Background())
    print(models.name().id, flush=True)
    while not await models.refresh():
        await asyncio.sleep(0.02)
    print(models.name().id, flush=True)
    await stores.close()
    lane.close()

asyncio.run(main())
"""


@pytest.fixture
async def stores(url: str, ids: Callable[[str], str]) -> AsyncIterator[Stores]:
    opened = await open_stores(url, clock=now, ids=ids)
    yield opened
    await opened.close()


def models_of(directory: Path, stores: Stores, lane: Lane) -> TaskModels:
    return TaskModels(
        load_project(directory), QueryVectors(WordEncoder(), lane), stores.models, lane
    )


def bot_of(models: TaskModels, stores: Stores, runner: ActionRunner) -> Bot:
    tasks = TaskBot(
        models.shelf.project, runner, TaskSettings(), models.policies, models.policies_of
    )

    async def read(
        message: Message, query: str, state: DialogueState, model: ModelName | None
    ) -> Reading:
        return await models.reader_of(model).read(message, query, state)

    numbers = itertools.count(1)
    stages = (ActiveTask(tasks), NewTask(tasks))
    return Bot(
        Router(stages, lambda _: Reply((Text("?"),)), budget_seconds=5, clock=lambda: 0.0),
        Senses(normalized, language_of, read, tasks.reminder, lambda: None, model=models.name),
        conversations=stores.conversations,
        locks=InProcessLocks(),
        names={"en": "Assistant"},
        clock=now,
        ids=lambda prefix: f"{prefix}_{next(numbers)}",
    )


async def test_a_roll_back_changes_what_is_answered_here_and_in_another_process(
    url: str, stores: Stores, tmp_path: Path, lane: Lane
) -> None:
    (tmp_path / "domain.yml").write_text(FILES)
    await models_of(tmp_path, stores, lane).learn(Background())
    (tmp_path / "domain.yml").write_text(EDITED)
    models = models_of(tmp_path, stores, lane)
    await models.learn(Background())
    runner = ActionRunner.load(tmp_path, models.shelf.project.domain, timeout_seconds=5.0, lanes=1)
    visitor = Customer(bot_of(models, stores, runner), stores.conversations, locale="en")
    command = (sys.executable, "-c", SECOND_PROCESS, url, str(tmp_path))
    other = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert await other.stdout.readline() == b"m2\n"
    before = await visitor.say(ASKED)
    await stores.models.roll_back("m1", held_for=models.shelf.files, by="li")
    assert await other.stdout.readline() == b"m1\n"
    assert await other.wait() == 0
    assert await models.refresh()
    after = await visitor.say(ASKED)
    runner.close()
    assert [plain_text(turn.trace.reply.blocks) for turn in (before, after)] == [
        "Paid back.",
        "On its way.",
    ]
    names = [turn.trace.model for turn in (before, after)]
    stored = {one.id: one.digest for one in await stores.models.models()}
    assert names == [ModelName(one, stored[one]) for one in ("m2", "m1")]
