"""Which version of the task model answers: at a start, after an edit, after a roll-back."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cs_bot.app.makers import new_id, now
from cs_bot.app.task_models import TaskModels
from cs_bot.errors import EncoderDown
from cs_bot.events import DialogueState
from cs_bot.models.encoders import Encoder, QueryVectors, Vectors
from cs_bot.models.lane import Lane
from cs_bot.stages.task.nlu import Background
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stores.protocols import ModelStore
from cs_bot.stores.sql.opening import open_stores
from cs_bot.testing.encoder import WordEncoder
from cs_bot.types import Message, Reading, User

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
- intent: refund
  examples: |
    - i want my money back
    - pay me back please
"""
EDITED = FILES.replace("where is my order", "track my order")
RENAMED = FILES.replace("refund", "give_back")
ASKED = Background(("what does shipping cost",))

Process = Callable[..., TaskModels]


class DownEncoder(WordEncoder):
    """An endpoint that does not answer."""

    def encode(self, texts: object) -> Vectors:
        raise EncoderDown("models.example.com", "cannot be reached")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    bot = tmp_path / "bot"
    bot.mkdir()
    (bot / "domain.yml").write_text(FILES)
    return bot


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ModelStore]:
    stores = await open_stores(f"sqlite:///{tmp_path}/bot.db", clock=now, ids=new_id)
    yield stores.models
    await stores.close()


@pytest.fixture
def process(directory: Path, store: ModelStore) -> Iterator[Process]:
    """Starts a process of the bot with the files as they are now."""
    lanes: list[Lane] = []

    def started(encoder: Encoder | None = None, tries: str = "") -> TaskModels:
        lane = Lane("test")
        lanes.append(lane)
        vectors = QueryVectors(encoder or WordEncoder(), lane)
        project = load_project(directory)
        return TaskModels(project, vectors, store, lane, tries=tries, poll_seconds=0.01)

    yield started
    for lane in lanes:
        lane.close()


def answering(models: TaskModels) -> str | None:
    name = models.name()
    return None if name is None else name.id


async def read(models: TaskModels, text: str) -> Reading:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    message = Message("c_1", "m_1", text, "web", User("v_1"), "en", at)
    return await models.reader_of(models.name()).read(message, text, DialogueState())


def encoded(encoder: WordEncoder) -> int:
    return len(encoder.encoded)


async def test_a_second_start_trains_nothing(process: Process, store: ModelStore) -> None:
    first = process()
    await first.learn(ASKED)
    encoder = WordEncoder()
    again = process(encoder)
    await again.learn(ASKED)
    assert answering(first) == answering(again) == "m1"
    assert encoded(encoder) == 0
    (stored,) = await store.models()
    assert (stored.trained_by, stored.about["intents"], stored.about["examples"]) == (
        "cs-bot serve",
        2,
        4,
    )
    assert await read(again, "where is my order") == await read(first, "where is my order")


async def test_what_is_decided_by_is_kept_as_well(process: Process) -> None:
    first, again = process(), process()
    await first.learn(ASKED)
    await again.learn(ASKED)
    made, kept = (one.policies_of(one.name()).learned for one in (first, again))
    assert made is not None
    assert kept is not None
    assert kept.actions == made.actions
    assert kept.columns == made.columns
    assert kept.softmax.weights.tolist() == made.softmax.weights.tolist()


async def test_an_edit_is_trained_at_the_next_start_which_says_so(
    process: Process, directory: Path, store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    edited = process()
    await edited.learn(ASKED)
    assert answering(edited) == "m2"
    assert [(one.id, one.active) for one in await store.models()] == [("m2", True), ("m1", False)]
    assert caplog.messages == [
        "the project's files are not those that model m1 was trained on: "
        "trained anew, model m2 answers now"
    ]


async def test_another_response_or_line_teaches_nothing(process: Process, directory: Path) -> None:
    await process().learn(ASKED)
    moved = "# a remark\n\n" + FILES.replace("Paid back.", "You have it.")
    (directory / "domain.yml").write_text(moved)
    again = process()
    await again.learn(ASKED)
    assert answering(again) == "m1"


async def test_a_release_with_other_questions_is_learnt(process: Process) -> None:
    models = process()
    await models.learn(ASKED)
    await models.learn(Background(("do you open on sundays",)))
    assert answering(models) == "m2"
    await models.learn(ASKED)
    assert answering(models) == "m1"


async def test_files_put_back_are_served_without_training(
    process: Process, directory: Path
) -> None:
    for text in (FILES, EDITED):
        (directory / "domain.yml").write_text(text)
        await process().learn(ASKED)
    (directory / "domain.yml").write_text(FILES)
    encoder = WordEncoder()
    again = process(encoder)
    await again.learn(ASKED)
    assert (answering(again), encoded(encoder)) == ("m1", 0)


async def test_a_roll_back_is_followed_by_a_process_that_runs(
    process: Process, directory: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    running = process()
    await running.learn(ASKED)
    before = await read(running, "where is my order")
    refresh, changed = running.refresh, asyncio.Event()

    async def watched() -> bool:
        if await refresh():
            changed.set()
        return changed.is_set()

    monkeypatch.setattr(running, "refresh", watched)
    following = asyncio.create_task(running.follow())
    await store.roll_back("m1", held_for=running.shelf.files, by="li")
    async with asyncio.timeout(5):
        await changed.wait()
    following.cancel()
    assert answering(running) == "m1"
    assert await read(running, "where is my order") != before


async def test_a_turn_that_has_begun_goes_on_with_its_model(
    process: Process, directory: Path, store: ModelStore
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    running = process()
    await running.learn(ASKED)
    begun = running.name()
    reader, policies = running.reader_of(begun), running.policies_of(begun)
    for model_id in ("m1", "m2", "m1"):
        await store.roll_back(model_id, held_for=running.shelf.files, by="li")
        await running.refresh()
        gc.collect()
    assert answering(running) == "m1"
    assert running.reader_of(begun) is reader
    assert running.policies_of(begun) is policies
    assert running.reader_of(running.name()) is not reader


async def test_what_was_rolled_back_to_answers_after_a_start(
    process: Process, directory: Path, store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    running = process()
    await running.learn(ASKED)
    await store.roll_back("m1", held_for=running.shelf.files, by="li")
    caplog.clear()
    started = process()
    await started.learn(ASKED)
    assert answering(started) == "m1"
    assert caplog.messages == [
        "model m1 is held: it answers, although the project's files have changed "
        "since it was trained"
    ]


async def test_the_next_edit_ends_a_roll_back(
    process: Process, directory: Path, store: ModelStore
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    running = process()
    await running.learn(ASKED)
    await store.roll_back("m1", held_for=running.shelf.files, by="li")
    (directory / "domain.yml").write_text(EDITED.replace("pay me back", "refund me"))
    edited = process()
    await edited.learn(ASKED)
    assert answering(edited) == "m3"


async def test_a_model_with_an_intent_that_is_gone_is_not_served(
    process: Process, directory: Path, store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    await process().learn(ASKED)
    (directory / "domain.yml").write_text(RENAMED)
    running = process()
    await running.learn(ASKED)
    await store.roll_back("m1", held_for=running.shelf.files, by="li")
    caplog.clear()
    assert not await running.refresh()
    assert answering(running) == "m2"
    assert caplog.messages == [
        "model m1 cannot answer for this project: "
        "it knows the intent 'refund', which the project's files lack"
    ]
    started = process()
    await started.learn(ASKED)
    assert answering(started) == "m2"


async def test_damaged_weights_are_named_and_trained_again(
    process: Process, store: ModelStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await process().learn(ASKED)
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("UPDATE models SET weights = substr(weights, 1, 300)")
    connection.close()
    started = process()
    await started.learn(ASKED)
    assert answering(started) == "m2"
    assert caplog.messages == [
        "model m1 cannot answer for this project: "
        "its weights are damaged, or of another release of cs_bot"
    ]
    assert [(one.id, one.active) for one in await store.models()] == [("m2", True), ("m1", False)]


async def test_a_command_that_tries_out_files_changes_no_server(
    process: Process, directory: Path, store: ModelStore
) -> None:
    server = process()
    await server.learn(ASKED)
    (directory / "domain.yml").write_text(EDITED)
    command = process(tries="cs-bot ask")
    await command.learn(ASKED)
    await command.learn(ASKED)
    assert answering(command) == "m2"
    assert not await server.refresh()
    assert [(one.id, one.trained_by, one.active) for one in await store.models()] == [
        ("m2", "cs-bot ask", False),
        ("m1", "cs-bot serve", True),
    ]
    encoder = WordEncoder()
    restarted = process(encoder)
    await restarted.learn(ASKED)
    assert (answering(restarted), encoded(encoder)) == ("m2", 0)
    assert await server.refresh()


async def test_two_servers_that_learn_at_once_agree(process: Process, store: ModelStore) -> None:
    servers = process(), process()
    await asyncio.gather(*(one.learn(ASKED) for one in servers))
    for one in servers:
        await one.refresh()
    assert [answering(one) for one in servers] == ["m1", "m1"]
    assert [(one.id, one.active) for one in await store.models()] == [("m1", True)]


async def test_a_server_with_older_files_does_not_take_over_from_a_newer_one(
    process: Process, directory: Path, store: ModelStore
) -> None:
    older = process()
    await older.learn(ASKED)
    (directory / "domain.yml").write_text(RENAMED)
    newer = process()
    await newer.learn(ASKED)
    await older.refresh()
    await older.learn(Background(("do you open on sundays",)))
    assert (answering(older), answering(newer)) == ("m1", "m2")
    active = await store.active()
    assert active is not None
    assert active.id == "m2"


async def test_without_the_encoder_the_stored_model_answers(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    await process().learn(ASKED)
    started = process(DownEncoder())
    await started.learn(None)
    assert answering(started) == "m1"
    assert caplog.messages == []


async def test_without_the_encoder_stories_are_learnt_from_all_the_same(
    process: Process, store: ModelStore, caplog: pytest.LogCaptureFixture
) -> None:
    started = process(DownEncoder())
    await started.learn(ASKED)
    assert started.policies_of(started.name()).learned is not None
    assert await store.models() == ()
    assert caplog.messages == [
        "embedding endpoint models.example.com: cannot be reached; "
        "no model is trained until it answers"
    ]


async def test_the_models_of_turns_that_are_over_are_let_go(process: Process) -> None:
    models = process()
    for number in range(3):
        await models.learn(Background((f"question {number}",)))
    gc.collect()
    assert len(models) == 1


async def test_a_model_of_another_encoder_is_trained_again(process: Process) -> None:
    await process().learn(ASKED)
    other = WordEncoder()
    other.name = "others"
    started = process(other)
    await started.learn(ASKED)
    assert answering(started) == "m2"
