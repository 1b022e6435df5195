"""Retrieval intents: which of several questions of a group was meant, and its response."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState
from cs_bot.models.encoders import QueryVectors, UniversalSentenceEncoder
from cs_bot.models.lane import Lane
from cs_bot.stages.task.nlu import Background, TaskReader, train
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import Reply
from tests.stages.task.test_stories_led import NoActions

FAQ = """
intents: [faq, greet]
responses:
  utter_faq/price: [{text: It costs ten.}]
  utter_faq/hours: [{text: From nine to five.}]
  utter_greet: [{text: Hello!}]
nlu:
- intent: faq/price
  examples: |
    - how much is it
    - what does it cost
    - 多少钱
- intent: faq/hours
  examples: |
    - when are you open
    - what are your business hours
    - 几点开门
- intent: greet
  examples: |
    - hello
    - good morning
    - 你好
rules:
- rule: questions
  steps: [{intent: faq}, {action: utter_faq}]
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "domain.yml").write_text(FAQ, encoding="utf-8")
    return load_project(tmp_path)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("how much does this cost?", "It costs ten."),
        ("这个要多少钱", "It costs ten."),
        ("at what time do you open", "From nine to five."),
        ("你们几点开门啊", "From nine to five."),
        ("/faq/hours", "From nine to five."),
        ("/greet", "Hello!"),
    ],
)
async def test_the_nearest_question_of_the_group_is_answered(
    project: Project, encoder: UniversalSentenceEncoder, lane: Lane, text: str, answer: str
) -> None:
    model = train(project, Background(), encoder)
    reader = TaskReader(project, model, QueryVectors(encoder, lane))
    turn = turn_of(text)
    reading = await reader.read(turn.message, turn.query, DialogueState())

    async def read() -> object:
        return reading

    stage = NewTask(TaskBot(project, NoActions(), TaskSettings()))
    outcome = await stage.handle(replace(turn, reading=read))  # type: ignore[arg-type]  # a reading

    assert isinstance(outcome, Reply)
    assert plain_text(outcome.blocks) == answer
