"""A training is evaluated, and answers unless it is worse than what answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cs_bot.app.makers import new_id, now
from cs_bot.app.task_models import TaskModels
from cs_bot.app.training import Trial, trained
from cs_bot.models.encoders import QueryVectors
from cs_bot.models.lane import Lane
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.rasa.test_stories import stories_to_test
from cs_bot.stages.task.trials import judged_examples
from cs_bot.stores.protocols import ModelStore
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.encoder import WordEncoder

DOMAIN = """
intents: [order_status, refund]
entities: [city]
responses:
  utter_order: [{text: On its way.}]
  utter_refund: [{text: Paid back.}]
rules:
- rule: order
  steps: [{intent: order_status}, {action: utter_order}]
- rule: refund
  steps: [{intent: refund}, {action: utter_refund}]
"""
ORDER = [f"where is my parcel {word}" for word in ("now", "today", "please", "then", "again", "ok")]
REFUND = [
    f"give my money back {word}" for word in ("now", "today", "please", "then", "again", "ok")
]
TOLD = """
stories:
- story: asks for money
  steps:
  - user: give my money back {}
    intent: refund
  - action: utter_refund
"""


def nlu(orders: list[str], refunds: list[str]) -> str:
    examples = {"order_status": orders, "refund": refunds}
    lines = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in examples.items()
    ]
    return "nlu:\n" + "".join(lines)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    bot = tmp_path / "bot"
    (bot / "tests").mkdir(parents=True)
    (bot / "domain.yml").write_text(DOMAIN)
    (bot / "nlu.yml").write_text(nlu(ORDER, REFUND))
    return bot


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ModelStore]:
    stores = await open_stores(f"sqlite:///{tmp_path}/bot.db", clock=now, ids=new_id)
    yield stores.models
    await stores.close()


class Command:
    """Runs `cs-bot train` over the files as they are now."""

    def __init__(self, directory: Path, store: ModelStore, lane: Lane) -> None:
        self.directory, self.store, self.lane = directory, store, lane

    def models(self, tries: str = "") -> TaskModels:
        vectors = QueryVectors(WordEncoder(), self.lane)
        return TaskModels(load_project(self.directory), vectors, self.store, self.lane, tries=tries)

    async def train(self, *, force: bool = False) -> Trial:
        models = self.models(tries="cs-bot train")
        await models.learn(Background())
        stories = stories_to_test(self.directory, self.directory)
        trial = await trained(models.shelf, stories, by="cs-bot train", force=force)
        assert trial is not None
        return trial

    async def serves(self) -> str:
        """Return what a server answers with that starts now."""
        models = self.models()
        await models.learn(Background())
        name = models.name()
        assert name is not None
        return name.id


@pytest.fixture
def command(directory: Path, store: ModelStore) -> Iterator[Command]:
    lane = Lane("test")
    yield Command(directory, store, lane)
    lane.close()


async def test_the_first_model_is_evaluated_and_answers(
    command: Command, directory: Path, store: ModelStore
) -> None:
    (directory / "tests" / "test_stories.yml").write_text(TOLD.format("now"))
    trial = await command.train()
    assert trial.before is None
    assert trial.model.active
    assert trial.model.scores == {
        "examples": 12,
        "intent_accuracy": 1.0,
        "annotated": 0,
        "entity_f1": None,
        "stories": 1,
        "stories_passed": 1,
    }
    assert await store.model("m1") == trial.model


async def test_an_unchanged_project_is_not_trained_again(command: Command) -> None:
    first = await command.train()
    assert (await command.train()).model == first.model


async def test_a_model_that_is_worse_leaves_the_old_one_answering(
    command: Command, directory: Path
) -> None:
    await command.train()
    mislabelled = nlu(ORDER[:2] + REFUND[:3], REFUND[3:] + ORDER[2:])
    (directory / "nlu.yml").write_text(mislabelled)
    trial = await command.train()
    assert [measure.name for measure in trial.worse] == ["intent accuracy"]
    assert not trial.model.active
    assert await command.serves() == "m1"
    forced = await command.train(force=True)
    assert (forced.model.id, forced.model.active) == ("m2", True)
    assert await command.serves() == "m2"


async def test_a_model_that_is_not_worse_answers(command: Command, directory: Path) -> None:
    await command.train()
    (directory / "nlu.yml").write_text(nlu([*ORDER, "any news of my parcel"], REFUND))
    trial = await command.train()
    assert trial.before is not None
    assert (trial.before.id, trial.model.id, trial.model.active) == ("m1", "m2", True)
    (measure,) = trial.measures
    assert (measure.cases, measure.is_worse) == (12, False)


async def test_a_worse_model_answers_where_the_old_one_does_not_fit_the_files(
    command: Command, directory: Path
) -> None:
    await command.train()
    mislabelled = nlu(ORDER[:2] + REFUND[:3], REFUND[3:] + ORDER[2:])
    (directory / "nlu.yml").write_text(mislabelled.replace("order_status", "order"))
    domain = DOMAIN.replace("order_status", "order")
    (directory / "domain.yml").write_text(domain)
    trial = await command.train()
    assert trial.worse
    assert trial.model.active


async def test_training_ends_a_roll_back(
    command: Command, directory: Path, store: ModelStore
) -> None:
    await command.train()
    (directory / "nlu.yml").write_text(nlu([*ORDER, "any news of my parcel"], REFUND))
    await command.train()
    await store.roll_back("m1", held_for=command.models().shelf.files, by="li")
    assert await command.serves() == "m1"
    trial = await command.train()
    assert (trial.model.id, trial.model.active) == ("m2", True)
    assert await command.serves() == "m2"


async def test_a_model_that_a_server_trained_is_evaluated_later(command: Command) -> None:
    assert await command.serves() == "m1"
    trial = await command.train()
    assert (trial.model.id, trial.model.trained_by) == ("m1", "cs-bot serve")
    assert trial.model.scores["intent_accuracy"] == 1.0


async def test_few_examples_are_not_held_out(command: Command, directory: Path) -> None:
    (directory / "nlu.yml").write_text(nlu(ORDER[:3], REFUND[:3]))
    trial = await command.train()
    assert trial.model.scores["intent_accuracy"] is None
    assert trial.model.active


async def test_entities_are_scored_where_examples_mark_them(
    command: Command, directory: Path
) -> None:
    cities = ("rome", "oslo", "lima", "cairo", "delhi", "tokyo")
    marked = [f"send it to [{city}](city) please" for city in cities]
    (directory / "nlu.yml").write_text(nlu(ORDER + marked, REFUND))
    scores = (await command.train()).model.scores
    assert scores["annotated"] == 6
    assert 0.5 < scores["entity_f1"] <= 1.0


async def test_a_test_story_that_is_failed_counts(
    command: Command, directory: Path, store: ModelStore
) -> None:
    (directory / "tests" / "test_stories.yml").write_text(
        TOLD.format("now") + TOLD.replace("utter_refund", "utter_order").format("ok")[9:]
    )
    text = (directory / "tests" / "test_stories.yml").read_text()
    second = text.rindex("asks for money")
    (directory / "tests" / "test_stories.yml").write_text(
        text[:second] + "asks in vain" + text[second + len("asks for money") :]
    )
    scores = (await command.train()).model.scores
    assert (scores["stories"], scores["stories_passed"]) == (2, 1)
    judged = await store.judged("m1")
    assert judged["stories"] == {"asks for money": True, "asks in vain": False}


async def test_a_project_without_tasks_has_no_model(
    command: Command, directory: Path, store: ModelStore
) -> None:
    (directory / "nlu.yml").unlink()
    (directory / "domain.yml").unlink()
    models = command.models(tries="cs-bot train")
    await models.learn(Background())
    assert await trained(models.shelf, [], by="cs-bot train") is None
    assert models.name() is None
    assert await store.models() == ()


def test_one_intent_is_told_from_the_questions_of_the_knowledge_base(directory: Path) -> None:
    (directory / "domain.yml").write_text(DOMAIN.replace("intent: refund", "intent: order_status"))
    (directory / "nlu.yml").write_text(nlu([*ORDER, *(f"track {text}" for text in ORDER)], []))
    project = load_project(directory)
    questions = Background(("what does shipping cost", "are you open on sundays"))
    judged = judged_examples(project, questions, WordEncoder())
    assert len(judged) == 12
    assert {one.got for one in judged} == {"order_status"}
    assert judged_examples(project, Background(), WordEncoder()) == []


def test_examples_are_judged_as_messages_are_read(directory: Path) -> None:
    (directory / "config.yml").write_text(
        "pipeline:\n- name: FallbackClassifier\n  threshold: 1.0\n  ambiguity_threshold: 0.9999\n"
    )
    (directory / "rules.yml").write_text(
        "rules:\n- rule: unsure\n  steps: [{intent: nlu_fallback}, {action: utter_order}]\n"
    )
    judged = judged_examples(load_project(directory), Background(), WordEncoder())
    assert {one.got for one in judged} == {"nlu_fallback"}
