"""Forms whose code says which slots they need, as rasa-sdk's `required_slots` does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .talking import Talk, talk, write

# rasa-sdk's own hint to those who fill slots by code; the mappings of the domain fill these.
pytestmark = pytest.mark.filterwarnings("ignore:No method 'extract_")

DOMAIN = """
intents: [order, inform, leave]
entities: [size, gift, name]
slots:
  size: {type: text, mappings: [{type: from_entity, entity: size}]}
  gift: {type: text, mappings: [{type: from_text}]}
  name: {type: text, mappings: [{type: from_text}]}
forms:
  order_form: {required_slots: REQUIRED}
responses:
  utter_ask_size: [{text: Which size?}]
  utter_ask_gift: [{text: Is it a gift?}]
  utter_ask_name: [{text: For whom?}]
  utter_ordered: [{text: "{size}, gift {gift}, for {name}."}]
actions: [validate_order_form]
nlu:
- {intent: order, examples: "- order"}
rules:
- rule: order
  steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
- rule: ordered
  condition: [{active_loop: order_form}]
  steps: [{action: order_form}, {active_loop: null}, {action: utter_ordered}]
"""
CODE = """
from rasa_sdk import FormValidationAction


class Validate(FormValidationAction):
    def name(self):
        return "validate_order_form"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        wrapped = tracker.get_slot("gift") == "yes"
        return ["size", "gift", *(["name"] if wrapped else [])]

    def validate_size(self, value, dispatcher, tracker, domain):
        if value == "none":
            return {"size": value, "requested_slot": None}
        return {"size": value}
"""


@pytest.fixture(params=["[]", "[size]"])
async def one(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    domain = DOMAIN.replace("REQUIRED", request.param)
    async with talk(write(tmp_path / "bot", domain, CODE), tmp_path) as opened:
        yield opened


async def test_slots_are_asked_for_as_the_code_says(one: Talk) -> None:
    assert await one.says("/order") == "Which size?"
    assert await one.says('/inform{"size": "L"}') == "Is it a gift?"
    assert await one.says("yes") == "For whom?"
    assert await one.says("Ann") == "L, gift yes, for Ann."


async def test_what_the_code_does_not_need_is_not_asked_for(one: Talk) -> None:
    await one.says('/order{"size": "L"}')
    assert await one.says("no") == "L, gift no, for ."
