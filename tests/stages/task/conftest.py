"""The starter bot's tasks with a real encoder, and a customer who talks to the two task stages."""

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.router import Router
from cs_bot.stages.task.actions.runner import ActionRunner
from cs_bot.stages.task.nlu import Background, IntentModel, TaskReader, train
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import Payload, Reading, Reply, Stage, Trace, Turn

ROOT = Path(__file__).parents[3]
DIALOGS = ROOT / "dialogs"


@pytest.fixture(scope="session")
def starter() -> Project:
    """The starter bot's project, as its files say."""
    return load_project(DIALOGS)


@pytest.fixture(scope="session")
def background() -> Background:
    """The questions of the starter's knowledge base, without the pairs that carry a task."""
    questions: list[str] = []
    for line in (ROOT / "knowledge" / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        if "task" not in pair:
            for wording in (pair, pair.get("en", {})):
                questions += [wording["question"], *wording.get("similar", ())] if wording else []
    return Background(tuple(questions))


@pytest.fixture(scope="session")
def encoder() -> UniversalSentenceEncoder:
    """The packaged encoder."""
    return UniversalSentenceEncoder()


@pytest.fixture(scope="session")
def model(
    starter: Project, background: Background, encoder: UniversalSentenceEncoder
) -> IntentModel | None:
    """The intent model of the starter bot."""
    return train(starter, background, encoder)


@pytest.fixture
def lane() -> Iterator[Lane]:
    """The encoder's lane."""
    lane = Lane("encoder")
    yield lane
    lane.close()


@pytest.fixture
def reader(
    starter: Project,
    model: IntentModel | None,
    encoder: UniversalSentenceEncoder,
    lane: Lane,
) -> TaskReader:
    """What reads the customer's messages."""
    return TaskReader(starter, model, QueryVectors(encoder, lane))


@dataclass
class Customer:
    """Says one thing after another to the task stages; the state is the fold of their events."""

    bot: TaskBot
    reader: TaskReader
    locale: str = "zh"
    state: DialogueState = field(default_factory=DialogueState)
    others: Sequence[Stage] = ()
    said: int = 0
    last: Trace | None = None

    async def says(self, text: str, payload: Payload | None = None) -> str:
        """Return what the bot says to this, `(reason, ...)` when nobody answers."""
        self.said += 1
        turn = turn_of(
            text,
            locale=self.locale,
            payload=payload,
            state=self.state,
            message_id=f"m_{self.said}",
        )
        turn = replace(turn, reading=self._reading_of(turn))
        stages: list[Stage] = [ActiveTask(self.bot), *self.others, NewTask(self.bot)]
        router = Router(stages, _nothing, budget_seconds=20.0, clock=lambda: 0.0)
        self.last = await router.route(turn)
        self.state = self.state.apply(self.last.reply.events)
        reasons = ", ".join(step.outcome for step in self.last.steps)
        return plain_text(self.last.reply.blocks) or f"({reasons})"

    def _reading_of(self, turn: Turn) -> Callable[[], Awaitable[Reading]]:
        async def read() -> Reading:
            return await self.reader.read(turn.message, turn.query, turn.state)

        return read


def _nothing(turn: Turn) -> Reply:
    return Reply(())


@pytest.fixture
def runner(starter: Project) -> Iterator[ActionRunner]:
    """The starter's actions."""
    runner = ActionRunner.load(DIALOGS, starter.domain, timeout_seconds=8.0, lanes=4)
    yield runner
    runner.close()


@pytest.fixture
def bot(starter: Project, runner: ActionRunner) -> TaskBot:
    """The starter's tasks with their real actions."""
    return TaskBot(starter, runner, TaskSettings())


@pytest.fixture
def customer(bot: TaskBot, reader: TaskReader) -> Customer:
    """A customer of the starter bot who has the Chinese page open."""
    return Customer(bot, reader)


@pytest.fixture
def guest(bot: TaskBot, reader: TaskReader) -> Customer:
    """A customer of the starter bot who has the English page open."""
    return Customer(bot, reader, locale="en")


@pytest.fixture
def orders_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Point the starter's actions at an order service."""
    return lambda url: monkeypatch.setenv("CS_BOT_ORDERS_URL", url)
