"""A task model as bytes, and what counts as the same training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cs_bot.stages.task.classifier import Softmax
from cs_bot.stages.task.dialogue.learned import Learned
from cs_bot.stages.task.model_file import packed, unpacked
from cs_bot.stages.task.nlu import Background, IntentModel
from cs_bot.stages.task.project import EntityKind, Example, Pattern, Project, Slot, Task
from cs_bot.stages.task.story import Acted, Spoke, Story
from cs_bot.stages.task.task_model import TaskModel, files_digest, training_key, unfit

SOFTMAX = Softmax(np.ones((4, 2), dtype=np.float32), np.zeros(2, dtype=np.float32), 1.5)
READING = IntentModel(SOFTMAX, ("order_status",), ("order_id",))
LEARNED = Learned(SOFTMAX, {"0 intent 查订单": 0, "0 loop f": 1}, ("utter_order",))
MODEL = TaskModel(READING, LEARNED)
STORY = Story("s", (Spoke("order_status"), Acted("utter_order")), "stories.yml:3")
PROJECT = Project(
    Path(),
    intents=("order_status",),
    entities=("order_id",),
    examples=(Example("我的快递到哪了", "order_status"),),
    patterns=(Pattern("order_id", r"\d+", "nlu.yml:7"),),
    stories=(STORY,),
)


def test_a_model_comes_back_from_its_bytes() -> None:
    again = unpacked(packed(MODEL))
    assert again.reading is not None
    assert (again.reading.intents, again.reading.entities) == (READING.intents, READING.entities)
    rows = np.eye(4, dtype=np.float32)
    assert again.reading.softmax is not None
    assert np.array_equal(again.reading.softmax.probabilities(rows), SOFTMAX.probabilities(rows))
    assert again.learned is not None
    assert (again.learned.columns, again.learned.actions) == (LEARNED.columns, LEARNED.actions)
    assert np.array_equal(again.learned.softmax.weights, SOFTMAX.weights)


@pytest.mark.parametrize(
    "model", [TaskModel(None, None), TaskModel(READING, None), TaskModel(None, LEARNED)]
)
def test_a_part_that_is_not_there_stays_away(model: TaskModel) -> None:
    again = unpacked(packed(model))
    assert (again.reading is None) == (model.reading is None)
    assert (again.learned is None) == (model.learned is None)


def test_the_same_model_is_the_same_bytes() -> None:
    assert packed(MODEL) == packed(TaskModel(READING, LEARNED))


@pytest.mark.parametrize("bytes_left", [0, 3, 100, 400, 2000])
def test_what_is_no_model_is_refused(bytes_left: int) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unpacked(packed(MODEL)[:bytes_left])


def test_a_model_of_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    old = packed(MODEL)
    monkeypatch.setattr("cs_bot.stages.task.model_file.FORMAT", 4)
    with pytest.raises(ValueError, match="format 3 is not 4"):
        unpacked(old)


@pytest.mark.parametrize(
    "edited",
    [
        replace(PROJECT, examples=(Example("我的快递在哪", "order_status"),)),
        replace(PROJECT, patterns=(Pattern("order_id", r"\d{8}", "nlu.yml:7"),)),
        replace(PROJECT, stories=(replace(STORY, steps=STORY.steps[:1]),)),
        replace(PROJECT, entities=("order_id", "city")),
        replace(PROJECT, slots={"vip": Slot("vip", "bool")}),
        replace(PROJECT, kinds={"order_id": EntityKind("order_id", influences=False)}),
    ],
)
def test_an_edit_that_is_learnt_from_changes_the_digest(edited: Project) -> None:
    assert files_digest(edited) != files_digest(PROJECT)


@pytest.mark.parametrize(
    "edited",
    [
        replace(PROJECT, stories=(replace(STORY, where="stories.yml:9"),)),
        replace(PROJECT, patterns=(Pattern("order_id", r"\d+", "nlu.yml:1"),)),
        replace(PROJECT, actions=("action_new",)),
        replace(PROJECT, directory=Path("elsewhere")),
    ],
)
def test_an_edit_that_teaches_nothing_does_not(edited: Project) -> None:
    assert files_digest(edited) == files_digest(PROJECT)


def test_a_question_or_encoder_changes_the_key() -> None:
    files, asked = files_digest(PROJECT), Background(("怎么退货",))
    key = training_key(files, asked, "use")
    assert key == training_key(files, asked, "use")
    assert key != training_key(files, Background(("怎么换货",)), "use")
    assert key != training_key(files, asked, "other")
    assert key != training_key("other files", asked, "use")


def test_a_model_fits_the_project_that_has_its_names() -> None:
    assert unfit(MODEL, PROJECT) is None
    assert unfit(MODEL, replace(PROJECT, intents=())) is None  # a story still has it
    more = Project(Path(), intents=("order_status",), tasks=(Task("t", (), None, ()),))
    assert str(unfit(MODEL, more)) == (
        "it knows the action 'utter_order', which the project's files lack"
    )
    two = TaskModel(replace(READING, intents=("b", "a", "order_status")), LEARNED)
    assert str(unfit(two, PROJECT)) == (
        "it knows the intent 'a' and 1 more, which the project's files lack"
    )
