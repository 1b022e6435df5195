"""Conversations that rules and stories lead, from a project's files to the words of the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cs_bot.blocks import plain_text
from cs_bot.events import DialogueState
from cs_bot.stages.task.actions.outcome import ActionOutcome
from cs_bot.stages.task.actions.protocol import ActionFacts
from cs_bot.stages.task.nlu import parsed_payload
from cs_bot.stages.task.project import Project
from cs_bot.stages.task.rasa.load import load_project
from cs_bot.stages.task.settings import TaskSettings
from cs_bot.stages.task.stages import ActiveTask, NewTask
from cs_bot.stages.task.task_bot import TaskBot
from cs_bot.testing.turns import turn_of
from cs_bot.types import Abstain, Reading

MOOD = """
intents: [greet, great, unhappy, affirm, deny, bye, restart]
slots:
  name: {type: text, mappings: [{type: from_entity, entity: name}]}
entities: [name]
responses:
  utter_greet: [{text: "Hey {name}! How are you?"}]
  utter_cheer: [{text: Here is a cat.}]
  utter_helped: [{text: Did that help?}]
  utter_happy: [{text: Carry on!}]
  utter_bye: [{text: Bye!}]
  utter_restart: [{text: From the beginning.}]
nlu:
- {intent: greet, examples: "- hello"}
rules:
- rule: bye
  steps: [{intent: bye}, {action: utter_bye}]
stories:
- story: happy
  steps: [{intent: greet}, {action: utter_greet}, {intent: great}, {action: utter_happy}]
- story: sad, then better
  steps:
  - {intent: greet}
  - {action: utter_greet}
  - {intent: unhappy}
  - {action: utter_cheer}
  - {action: utter_helped}
  - or: [{intent: affirm}, {intent: great}]
  - {action: utter_happy}
- story: sad and no better
  steps:
  - {intent: greet}
  - {action: utter_greet}
  - {intent: unhappy}
  - {action: utter_cheer}
  - {action: utter_helped}
  - {intent: deny}
  - {action: utter_bye}
"""


class NoActions:
    """A project whose responses are all it does."""

    names: frozenset[str] = frozenset()

    def facts(self, name: str) -> ActionFacts:
        return ActionFacts()

    async def run(self, name: str, tracker: object) -> ActionOutcome:
        raise AssertionError(name)


@dataclass
class Customer:
    """Says payloads (`/intent{...}`) and hears what the bot says, or why it does not."""

    bot: TaskBot
    state: DialogueState = field(default_factory=DialogueState)

    async def says(self, text: str) -> str:
        turn = replace(turn_of(text, state=self.state), reading=meaning(text))
        outcome = await ActiveTask(self.bot).handle(turn)
        if isinstance(outcome, Abstain):
            outcome = await NewTask(self.bot).handle(turn)
        if isinstance(outcome, Abstain):
            return f"({outcome.reason})"
        self.state = self.state.apply(outcome.events)
        return plain_text(outcome.blocks)


def meaning(text: str) -> Callable[[], Awaitable[Reading]]:
    async def read() -> Reading:
        return parsed_payload(text) or Reading()

    return read


def customer_of(project: Project) -> Customer:
    return Customer(TaskBot(project, NoActions(), TaskSettings()))


@pytest.fixture
def mood(tmp_path: Path) -> Customer:
    (tmp_path / "domain.yml").write_text(MOOD, encoding="utf-8")
    return customer_of(load_project(tmp_path))


async def test_a_story_is_told_turn_by_turn(mood: Customer) -> None:
    assert await mood.says('/greet{"name": "Ann"}') == "Hey Ann! How are you?"
    assert await mood.says("/unhappy") == "Here is a cat.\nDid that help?"
    assert await mood.says("/affirm") == "Carry on!"


async def test_the_other_answer_leads_elsewhere(mood: Customer) -> None:
    for said in ("/greet", "/unhappy"):
        await mood.says(said)
    assert await mood.says("/deny") == "Bye!"


async def test_an_answer_without_its_question_is_none(mood: Customer) -> None:
    assert await mood.says("/affirm") == "(miss)"
    await mood.says("/greet")
    assert await mood.says("/deny") == "(miss)"


async def test_a_rule_answers_in_the_middle_of_a_story(mood: Customer) -> None:
    await mood.says("/greet")
    assert await mood.says("/bye") == "Bye!"
    assert await mood.says("/greet") == "Hey ! How are you?"
    assert await mood.says("/great") == "Carry on!"


async def test_a_restart_forgets_what_was_said(mood: Customer) -> None:
    await mood.says('/greet{"name": "Ann"}')
    assert await mood.says("/restart") == "From the beginning."
    assert mood.state == DialogueState()
    assert await mood.says("/great") == "(miss)"


@pytest.fixture
def restaurant(rasa_bots: Path) -> Customer:
    return customer_of(load_project(rasa_bots / "formbot"))


async def test_rasas_restaurant_form_is_filled_and_submitted(restaurant: Customer) -> None:
    assert await restaurant.says("/greet") == (
        "Hello! I am restaurant search assistant! How can I help?"
    )
    assert await restaurant.says('/request_restaurant{"cuisine": "thai"}') == "How many people?"
    assert await restaurant.says('/inform{"number": 3}') == "Do you want to sit outside?"
    assert await restaurant.says("/chitchat") == "chitchat\nDo you want to sit outside?"
    assert await restaurant.says("/affirm") == "Please provide additional preferences"
    assert await restaurant.says("/deny") == ("Please give your feedback on your experience so far")
    answer = await restaurant.says('/inform{"feedback": "great"}')
    assert answer.startswith("All done!\nI am going to run a restaurant search")
    assert "- cuisine: thai" in answer
    assert "- num_people: 3" in answer
    assert await restaurant.says("/thankyou") == "You are welcome :)"
    assert restaurant.state.task is None


async def test_rasas_restaurant_form_is_stopped_as_its_stories_say(restaurant: Customer) -> None:
    await restaurant.says("/request_restaurant")
    assert await restaurant.says("/stop") == "Do you want to continue?"
    assert await restaurant.says("/affirm") == "What cuisine?"
    assert await restaurant.says("/stop") == "Do you want to continue?"
    await restaurant.says("/deny")
    assert restaurant.state.task is None
    assert await restaurant.says("/greet") != "(miss)"
