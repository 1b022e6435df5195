"""After a long silence a conversation begins anew, as `session_config` says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cs_bot.events import SessionStarted, TaskEnded
from cs_bot.stages.task.project import Session
from cs_bot.stages.task.sessions import is_over

from .talking import talk, write

DOMAIN = """
session_config: {session_expiration_time: 30, carry_over_slots_to_new_session: CARRIES}
intents: [greet, order, inform]
entities: [size, name]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
  name: {type: text, mappings: [{type: from_entity, entity: name}]}
  tone: {type: text, initial_value: plain, mappings: [{type: custom}]}
forms:
  order_form: {required_slots: [size]}
responses:
  utter_greet: [{text: "Hello {name}, {tone}."}]
  utter_ask_size: [{text: Which size?}]
  utter_ordered: [{text: "{size} it is."}]
actions: [action_be_loud, ACTIONS]
nlu:
- {intent: greet, examples: "- hello"}
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
"""
OWN = """
from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet


class Start(Action):
    def name(self):
        return "action_session_start"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Welcome!")
        kept = SlotSet("name", tracker.get_slot("name"))
        return [SessionStarted(), kept, SlotSet("tone", "warm"), ActionExecuted("action_listen")]
"""


def domain(carries: str = "true", actions: str = "action_be_quiet") -> str:
    return DOMAIN.replace("CARRIES", carries).replace("ACTIONS", actions)


@pytest.mark.parametrize(
    ("minutes", "silence", "over"), [(60, 60, False), (60, 61, True), (0, 100_000, False)]
)
def test_a_session_ends_after_its_minutes_of_silence(
    minutes: float, silence: float, over: bool
) -> None:
    last = datetime(2030, 1, 1, tzinfo=UTC)
    assert is_over(Session(minutes), last, last + timedelta(minutes=silence)) is over


async def test_a_form_is_left_and_slots_are_carried_over(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", domain()), tmp_path) as one:
        assert await one.says('/greet{"name": "Ann"}') == "Hello Ann, plain."
        assert await one.says("/order") == "Which size?"
        one.clock.forward(minutes=31)

        assert await one.says("/greet") == "Hello Ann, plain."
        assert one.trace.reply.events[:2] == (TaskEnded("order", "cancelled"), SessionStarted())
        assert (await one.state()).requested_slot is None
        assert await one.says("L") == "(nobody answers)"


async def test_slots_are_forgotten_where_they_are_not_carried_over(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", domain("false")), tmp_path) as one:
        await one.says('/greet{"name": "Ann"}')
        one.clock.forward(minutes=31)
        assert await one.says("/greet") == "Hello , plain."


async def test_within_the_time_the_form_goes_on(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", domain()), tmp_path) as one:
        await one.says("/order")
        one.clock.forward(minutes=29)
        assert await one.says('/inform{"size": "L"}') == "L it is."


async def test_the_projects_own_action_begins_every_session(tmp_path: Path) -> None:
    project = write(tmp_path / "bot", domain(actions="action_session_start"), OWN)
    async with talk(project, tmp_path) as one:
        assert await one.says('/greet{"name": "Ann"}') == "Welcome!\nHello Ann, warm."
        assert await one.says("/greet") == "Hello Ann, warm."
        await one.says('/order{"size": "L"}')
        one.clock.forward(hours=1)

        assert await one.says("/greet") == "Welcome!\nHello Ann, warm."
        assert (await one.state()).slots == {"name": "Ann", "tone": "warm"}


async def test_a_session_begins_all_the_same_where_that_action_fails(tmp_path: Path) -> None:
    broken = OWN.replace('dispatcher.utter_message(text="Welcome!")', "raise OSError")
    project = write(tmp_path / "bot", domain(actions="action_session_start"), broken)
    async with talk(project, tmp_path) as one:
        assert await one.says("/order") == "Which size?"
        one.clock.forward(hours=1)
        assert await one.says("/greet") == "Hello , plain."
        assert (await one.state()).task is None


async def test_session_start_may_be_said(tmp_path: Path) -> None:
    async with talk(write(tmp_path / "bot", domain()), tmp_path) as one:
        await one.says("/order")
        assert await one.says("/session_start") == "Hello, what can I do for you?"
        assert (await one.state()).task is None
