"""A trained intent model comes back from disk, and only for what it was trained on."""

from pathlib import Path

import numpy as np
import pytest

from cs_bot.stages.task.classifier import Softmax
from cs_bot.stages.task.model_file import kept_or_trained, training_key
from cs_bot.stages.task.nlu import Background, IntentModel
from cs_bot.stages.task.project import Example, Project

SOFTMAX = Softmax(np.ones((4, 2), dtype=np.float32), np.zeros(2, dtype=np.float32), 1.5)
MODEL = IntentModel(
    SOFTMAX,
    ("order_status",),
    ("order_id",),
)


class Trainer:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> IntentModel:
        self.asked += 1
        return MODEL


def test_a_kept_model_is_not_trained_again(tmp_path: Path) -> None:
    path, trainer = tmp_path / "r1" / "intents.npz", Trainer()
    kept_or_trained(path, "key", trainer)
    again = kept_or_trained(path, "key", trainer)
    assert trainer.asked == 1
    assert again is not None
    assert (again.intents, again.entities) == (MODEL.intents, MODEL.entities)
    rows = np.eye(4, dtype=np.float32)
    assert again.softmax is not None
    assert np.array_equal(again.softmax.probabilities(rows), SOFTMAX.probabilities(rows))


def test_a_model_of_other_training_data_is_trained_again(tmp_path: Path) -> None:
    trainer = Trainer()
    kept_or_trained(tmp_path / "intents.npz", "before", trainer)
    kept_or_trained(tmp_path / "intents.npz", "after", trainer)
    assert trainer.asked == 2


@pytest.mark.parametrize("bytes_left", [0, 3, 100, 400])
def test_a_damaged_file_is_made_again(tmp_path: Path, bytes_left: int) -> None:
    path, trainer = tmp_path / "intents.npz", Trainer()
    kept_or_trained(path, "key", trainer)
    path.write_bytes(path.read_bytes()[:bytes_left])
    kept_or_trained(path, "key", trainer)
    kept_or_trained(path, "key", trainer)
    assert trainer.asked == 2


def test_an_edited_example_or_question_changes_the_key(tmp_path: Path) -> None:
    project = Project(tmp_path, examples=(Example("我的快递到哪了", "order_status"),))
    edited = Project(tmp_path, examples=(Example("我的快递在哪", "order_status"),))
    asked = Background(("怎么退货",))
    key = training_key(project, asked, "use")
    assert key != training_key(edited, asked, "use")
    assert key != training_key(project, Background(("怎么换货",)), "use")
    assert key != training_key(project, asked, "other")
