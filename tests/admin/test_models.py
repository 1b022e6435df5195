"""The trained models on the console: all versions with their scores, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cs_bot.app.task_models import TaskModels
from cs_bot.stages.task.nlu import Background
from cs_bot.stores.protocols import ActiveModel, Stores

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
SCORES = {
    "examples": 4,
    "intent_accuracy": 0.75,
    "annotated": 0,
    "entity_f1": None,
    "stories": 2,
    "stories_passed": 1,
}


@pytest.fixture
async def two(tasks: Path, task_models: Callable[[], TaskModels], stores: Stores) -> None:
    """Two versions, of which the later one answers and the first one was evaluated."""
    for text in (FILES, FILES.replace("where is my order", "track my order")):
        (tasks / "domain.yml").write_text(text)
        await task_models().learn(Background())
    await stores.models.score("m1", SCORES, {})


async def test_nothing_is_listed_before_anything_is_trained(console: httpx.AsyncClient) -> None:
    listed = (await console.get("/models")).json()
    assert listed == {"active": None, "held": False, "items": []}


@pytest.mark.usefixtures("two")
async def test_versions_are_listed_with_their_scores(
    console: httpx.AsyncClient, stores: Stores
) -> None:
    listed = (await console.get("/models")).json()
    assert (listed["active"], listed["held"]) == ("m2", False)
    second, first = listed["items"]
    assert (second["id"], second["active"], second["scores"]) == ("m2", True, None)
    assert (first["id"], first["active"], first["scores"]) == ("m1", False, SCORES)
    assert (first["trained_by"], first["examples"], first["intents"]) == ("cs-bot serve", 4, 2)
    stored = await stores.models.model("m1")
    assert (first["digest"], first["size"]) == (stored.digest, stored.size)


@pytest.mark.usefixtures("two")
async def test_rolling_back_lets_an_earlier_version_answer_for_these_files(
    console: httpx.AsyncClient, stores: Stores, task_models: Callable[[], TaskModels]
) -> None:
    answer = await console.post("/models/m1/rollback")
    assert (answer.status_code, answer.json()["active"]) == (200, True)
    assert await stores.models.active() == ActiveModel("m1", 3, task_models().shelf.files)
    listed = (await console.get("/models")).json()
    assert (listed["active"], listed["held"]) == ("m1", True)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Model m1 knows the intent 'refund', which the project's files lack; it cannot answer.",
        ),
        ("zh-CN", "模型 m1 会识别的意图“refund”已不在项目文件中，不能回退到它。"),
    ],
)
async def test_a_version_that_does_not_fit_the_files_is_refused(
    console: httpx.AsyncClient, tasks: Path, stores: Stores, language: str, said: str
) -> None:
    (tasks / "domain.yml").write_text(FILES.replace("refund", "give_back"))
    answer = await console.post("/models/m1/rollback", headers={"Accept-Language": language})
    assert answer.status_code == 409
    assert answer.json()["error"]["message"] == said
    assert await stores.models.active() == ActiveModel("m2", 2, None)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("unknown", ["m3", "r1", "m01"])
async def test_an_unknown_version_is_not_found(console: httpx.AsyncClient, unknown: str) -> None:
    assert (await console.post(f"/models/{unknown}/rollback")).status_code == 404


async def test_the_models_are_for_operators_alone(anyone: httpx.AsyncClient) -> None:
    assert (await anyone.get("/models")).status_code == 401
    assert (await anyone.post("/models/m1/rollback")).status_code == 401
